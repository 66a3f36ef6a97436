"""Every kind of fault, on real processes, while people are filed and decided on.

    python -m tests.chaos [KIND…] [--filings=120] [--faults=60] [--seed=N]
    python -m tests.chaos --filings=10000 --faults=1000        the long form

KINDs: kill, stop, partition, reset, black_hole, lost_answer, slow, disk_full (as root: on a small
file system in memory), clock_jump, duplicate, poison, forged; all of them if none is named. On a
stack of its own, whose servers are behind proxies. Prints the seed, how often each kind was done
and what was acknowledged. Status 1 if afterwards anything that was acknowledged is lost or stands
twice, if services do not agree or a list is not what its log says.
"""

import signal
import sys
import time
from collections.abc import Sequence
from random import Random, SystemRandom

from tests.chaos.breaking import KINDS, Place, Saboteur, small_disk
from tests.chaos.filings import Filings
from tests.chaos.killer import Killer
from tests.chaos.outages import stack

ACTS = 2  # answers for a filing at least: sent, decided


def main() -> int:
    given = dict(each[2:].split("=") for each in sys.argv[1:] if each.startswith("--"))
    kinds = [each for each in sys.argv[1:] if not each.startswith("--")] or list(KINDS)
    if unknown := {*kinds} - {*KINDS}:
        print(f"no such kind of fault: {sorted(unknown)}", file=sys.stderr)
        return 2
    filings, faults = (int(given.get(name, n)) for name, n in (("filings", 120), ("faults", 60)))
    seed = int(given.get("seed") or SystemRandom().randrange(10**9))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the stack goes with it
    print(f"--seed={seed} --filings={filings} --faults={faults}", flush=True)
    return played(kinds, filings, faults, Random(seed))


def played(kinds: Sequence[str], count: int, faults: int, random: Random) -> int:
    began = time.monotonic()
    with small_disk() as disk, stack(disk) as suffering:
        if disk is None and "disk_full" in kinds:
            kinds = [each for each in kinds if each != "disk_full"]
            print("disk_full is left out: it needs root, for a file system of its own")
        filings = Filings(suffering.clone, random)
        killer = Killer(suffering.clone.home, random, filings.answers)
        place = Place(suffering, filings.told, killer, random, disk)
        saboteur = Saboteur(place, kinds, faults, filings.answers, ACTS * count)
        try:
            filings.file(count, saboteur)
            filings.come_to_rest(saboteur)
            filings.assert_nothing_lost(count, place.strangers)
        except AssertionError as wrong:
            print(f"WRONG {wrong}", flush=True)
            return 1
        finally:
            print(f"done: {dict(saboteur.done)}; not done: {dict(saboteur.failed)}", flush=True)
        seconds = time.monotonic() - began
        print(
            f"{filings.answers()} acts acknowledged under {saboteur.done.total()} faults: none "
            f"lost, none doubled, all agree, lists are what logs say; {seconds:.0f} s"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
