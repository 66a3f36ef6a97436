"""`python -m tests.chassis.serving ROLE`: a process of the books service; BOOKS names the service,
and the one whose topic tells the clock. `… migrate OWNER_DSN` is its migration step.
BOOKS_VERSION=next is the version after this one.
"""

import asyncio
import os
import sys

from libs.chassis.process.migrations import migrate
from libs.chassis.run import run
from tests.chassis.books import service

if __name__ == "__main__":
    what = service(*os.environ.get("BOOKS", "books review").split())
    if sys.argv[1] == "migrate":
        asyncio.run(migrate(sys.argv[2], what.name, what.migrations, what.projections))
    else:
        run(what)
