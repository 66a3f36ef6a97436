"""The long form of test_fuzz.py: at least so many cases for each service, lists included.

    nice python -m tests.http.fuzz [enterprise] [review] … [--cases=5000] [--seed=0]

Services in memory, their read models on PostgreSQL, everything built anew for each round. Prints,
per service, cases by role, answers by status, and an example of each fault; exit status 1 if there
is one.
"""

import sys
import time

from tests.http.fuzzing import Fuzz, quiet
from tests.http.scene import scene
from tests.in_memory.installation import ALL
from tests.portal.read_models import InstallationOnPostgres, ReadModels
from tests.servers import Servers

A_ROUND = 10  # cases of each kind for each operation


def main() -> int:
    given = dict(each[2:].split("=") for each in sys.argv[1:] if each.startswith("--"))
    services = [each for each in sys.argv[1:] if not each.startswith("--")] or list(ALL)
    quiet()
    servers = Servers()
    try:
        with ReadModels(servers.postgres) as read_models:
            wanted, start = int(given.get("cases", 5000)), int(given.get("seed", 0))
            return max(judged(read_models, each, wanted, start) for each in services)
    finally:
        servers.stop()


def judged(read_models: ReadModels, service: str, wanted: int, start: int) -> int:
    """Asks until there are enough cases: 1 if an answer was wrong."""
    began, tally = time.process_time(), None
    while tally is None or tally.cases.total() < wanted:
        read_models.empty()
        at = InstallationOnPostgres(read_models)
        fuzz = Fuzz(at, scene(at), service)
        if tally is not None:
            fuzz.tally = tally
        tally = fuzz.run(A_ROUND, start)
        start += 1
    for (operation, kind), said in sorted(tally.faults.items()):
        print(f"FAULT {operation}: {kind}\n  {said}".replace("\n", "\n  "))
    spent = time.process_time() - began
    print(f"{service}: {tally}; {len(tally.faults)} faults; {spent:.0f} CPU s", flush=True)
    return int(bool(tally.faults))


if __name__ == "__main__":
    sys.exit(main())
