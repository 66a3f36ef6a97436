"""The command line of a clone that has read its code: forks a process for each command that is told
on standard input as a JSON list, its output's and its errors' files first; answers its exit status.

It is run by its path, with the clone's code on PYTHONPATH. One thread: a fork copies no lock that
is held, as in deploy/embedded/forkserver.py.
"""

import gc
import importlib
import json
import os
import sys
import traceback

from deploy.cli import __main__ as cli
from deploy.embedded.places import existing_services


def main() -> None:
    cli.app_for(())
    for name in existing_services():
        importlib.import_module(f"services.{name}.main")
    gc.freeze()
    for line in sys.stdin:
        output, errors, *arguments = json.loads(line)
        pid = os.fork()
        if not pid:
            os._exit(carried_out(output, errors, arguments))
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def carried_out(output: str, errors: str, arguments: list[str]) -> int:
    """As `python -m deploy.cli` does it; the exit status."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(output, flags), 1)
    os.dup2(os.open(errors, flags), 2)
    sys.stdin = open(0)  # noqa: SIM115  what was read ahead of it is the parent's
    sys.argv = ["kaohe", *arguments]
    try:
        return cli.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    main()
