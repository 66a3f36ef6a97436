"""`./kaohe COMMAND`. Every failure says in one sentence what to do."""

import sys

import asyncpg
import httpx
from aiokafka.errors import KafkaError
from cyclopts import App

from deploy.cli import (
    authority,
    clocks,
    contracts,
    data,
    demo,
    keeping,
    keys,
    migration,
    overdue,
    quality,
    recovery,
    replay,
    retention,
    screenshots,
    settings,
    stack,
    tokens,
    topics,
)
from deploy.embedded.process import StackError
from libs.events.errors import Unavailable
from libs.events.pools import CONNECTION_ERRORS

AWAY = (*CONNECTION_ERRORS, asyncpg.PostgresError, httpx.HTTPError, KafkaError, Unavailable)
app = App(
    name="kaohe",
    help="考核: filing and yearly dynamic assessment of survey-and-design enterprises.",
    version_flags=[],
)
MODULES = (
    demo,
    stack,
    clocks,
    tokens,
    topics,
    migration,
    settings,
    data,
    overdue,
    replay,
    recovery,
    keeping,
    keys,
    retention,
    authority,
    contracts,
    screenshots,
    quality,
)
for module in MODULES:
    module.register(app)


def main() -> int:
    try:
        return int(app(result_action="return_value") or 0)
    except StackError as error:
        print(f"kaohe: {error}", file=sys.stderr)
        return 1
    except AWAY as error:
        print(f"kaohe: {_of_a_file(error) or _away(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("kaohe: 已中断 / interrupted", file=sys.stderr)
        return 130


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
