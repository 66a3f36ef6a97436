"""`./kaohe COMMAND`. Every failure says in one sentence what to do."""

import sys

from cyclopts import App

from deploy.cli import (
    authority,
    clocks,
    contracts,
    data,
    demo,
    quality,
    recovery,
    replay,
    stack,
    tokens,
)
from deploy.embedded.process import StackError

app = App(
    name="kaohe",
    help="考核: filing and yearly dynamic assessment of survey-and-design enterprises.",
    version_flags=[],
)
for module in (demo, stack, clocks, tokens, data, replay, recovery, authority, contracts, quality):
    module.register(app)


def main() -> int:
    try:
        return int(app(result_action="return_value") or 0)
    except StackError as error:
        print(f"kaohe: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
