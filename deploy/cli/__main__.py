"""`./kaohe COMMAND`. Every failure says in one sentence what to do."""

import sys
from collections.abc import Sequence
from importlib import import_module

from cyclopts import App

from deploy.embedded.process import StackError

# by its name, the module that registers it; in the order of the help
COMMANDS = {
    "demo": "demo",
    "up": "stack",
    "down": "stack",
    "reset": "stack",
    "status": "stack",
    "clock": "clocks",
    "token": "tokens",
    "topics": "topics",
    "migrate": "migration",
    "settings": "settings",
    "parked": "data",
    "legacy": "data",
    "overdue": "overdue",
    "replay": "replay",
    "redrive": "recovery",
    "recover": "recovery",
    "backup": "keeping",
    "restore": "keeping",
    "keys": "keys",
    "retention": "retention",
    "authority": "authority",
    "contracts": "contracts",
    "screenshots": "screenshots",
    "test": "quality",
    "check": "quality",
    "bench": "quality",
}


def app_for(words: Sequence[str]) -> App:
    """With the command that is named, else with all: to import every module takes seconds."""
    made = App(
        name="kaohe",
        help="考核: filing and yearly dynamic assessment of survey-and-design enterprises.",
        version_flags=[],
    )
    named = COMMANDS.get(words[0]) if words else None
    for module in [named] if named else dict.fromkeys(COMMANDS.values()):
        import_module(f"deploy.cli.{module}").register(made)
    return made


def main() -> int:
    try:
        return int(app_for(sys.argv[1:])(result_action="return_value") or 0)
    except StackError as error:
        print(f"kaohe: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("kaohe: 已中断 / interrupted", file=sys.stderr)
        return 130
    except Exception as error:
        if not (said := _of_a_key(error)):
            if not isinstance(error, _dependencies()):
                raise
            said = _of_a_file(error) or _away(error)
        print(f"kaohe: {said}", file=sys.stderr)
        return 1


def _dependencies() -> tuple[type[BaseException], ...]:
    """What is raised where a server is away. Imported once something was."""
    import asyncpg
    import httpx
    from aiokafka.errors import KafkaError

    from libs.events.errors import Unavailable
    from libs.events.pools import CONNECTION_ERRORS

    return (*CONNECTION_ERRORS, asyncpg.PostgresError, httpx.HTTPError, KafkaError, Unavailable)


def _of_a_key(error: BaseException) -> str:
    """Which key file to look at; empty for what is no fault of a key."""
    from cryptography.exceptions import InvalidTag

    if not isinstance(error, InvalidTag):
        return ""
    zh = "有密封的数据打不开：主密钥文件（…_KEYRING__MASTER_KEY_FILE）里没有当时的主密钥，请加回去"
    return (
        f"{zh} / what is sealed does not open: the file of the master keys "
        f"(…_KEYRING__MASTER_KEY_FILE) lacks the one of its time: put it back, in a line of its own"
    )


def _of_a_file(error: BaseException) -> str:
    """What cannot be done with which file; empty for what is no fault of a file."""
    if not isinstance(error, OSError) or error.filename is None:
        return ""
    return f"无法使用 {error.filename} / {error.filename}: {error.strerror}"


def _away(error: BaseException) -> str:
    zh = "依赖的服务不可用或正在恢复，请稍后再试，见 ./kaohe status"
    return f"{zh} / a server is away or recovering ({type(error).__name__}): see ./kaohe status"


if __name__ == "__main__":
    sys.exit(main())
