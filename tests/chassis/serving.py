"""`python -m tests.chassis.serving ROLE`: a process of the books service. BOOKS names the service,
and the one whose topic tells the clock.
"""

import os

from libs.chassis.run import run
from tests.chassis.books import service

if __name__ == "__main__":
    run(service(*os.environ.get("BOOKS", "books review").split()))
