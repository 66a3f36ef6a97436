"""1,000 persons against all standards: the staffing check beside a plain bipartite matching of
networkx on the same data.

    python -m benchmarks.staffing [--json]

Both start from the same persons; networkx finds sizes only, while the check also breaks ties and
names gaps and reasons. The third figure is networkx on graphs made beforehand.
"""

import json
import sys
from collections.abc import Callable
from time import perf_counter

from libs.filing import reference
from libs.filing.staffing import assess
from tests.filing.staffing import plain
from tests.filing.staffing.given import AS_OF, crowd

PERSONS, ROUNDS = 1_000, 9


def main() -> None:
    people, standards = crowd(PERSONS), list(reference.standards().values())
    graphs = {each.code: plain.graph(each, people, AS_OF) for each in standards}

    def checked() -> dict[str, int]:
        return {
            each.standard: sum(slot.person is not None for slot in each.slots)
            for each in assess(standards, people, AS_OF).licences
        }

    def from_persons() -> dict[str, int]:
        return {each.code: plain.size(each, people, AS_OF) for each in standards}

    def from_graphs() -> dict[str, int]:
        return {code: plain.matched(graph) for code, graph in graphs.items()}

    sizes = checked()
    report: dict[str, float] = {
        "persons": PERSONS,
        "standards": len(standards),
        "slots_filled": sum(sizes.values()),
    }
    report["same_sizes"] = sizes == from_graphs()
    check, whole, bare = (_milliseconds(run) for run in (checked, from_persons, from_graphs))
    report |= {
        "check_ms": check,
        "networkx_from_persons_ms": whole,
        "networkx_matching_only_ms": bare,
    }
    report["ratio_to_networkx_from_persons"] = round(whole / check, 1)
    print(
        json.dumps(report)
        if "--json" in sys.argv
        else "\n".join(f"{name:>31}: {value}" for name, value in report.items())
    )


def _milliseconds(run: Callable[[], object]) -> float:
    """The best of several rounds: what else the machine does is not counted."""
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        run()
        times.append((perf_counter() - start) * 1000)
    return round(min(times), 1)


if __name__ == "__main__":
    main()
