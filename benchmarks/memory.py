"""Memory of a running stack, process by process, from /proc: its own pages, and its fair share of
those it has in common with others.

    python -m benchmarks.memory [FOLDER] [--json]      FOLDER: a clone's .kaohe, by default this
    one's

PSS counts a page that n processes share as 1/n for each, so the column adds up to what the stack
takes. PostgreSQL is all its processes.
"""

import argparse
import re
import sys
from collections.abc import Container, Iterator
from pathlib import Path

import orjson

from benchmarks.stack import ROOT
from deploy.embedded.places import Home

COUNTED = {"Rss": "rss_mb", "Pss": "pss_mb", "Private_Dirty": "private_mb"}


def rollup(pid: int) -> dict[str, float]:
    """MiB of one process."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {
        name: int(found[1]) / 1024
        for key, name in COUNTED.items()
        if (found := re.search(rf"^{key}: +(\d+) kB", text, re.M))
    }


def family(pid: int, others: Container[int]) -> Iterator[int]:
    """The process and all below it, but those that have a line of their own."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            if child not in others:
                yield from family(child, others)


def measured(pids: dict[str, int]) -> dict[str, dict[str, float]]:
    found = {}
    for name, pid in pids.items():
        members = list(family(pid, pids.values()))
        parts = [rollup(each) for each in members]
        found[name] = {
            key: round(sum(part[key] for part in parts), 1) for key in COUNTED.values()
        } | {"processes": len(members)}
    found["all"] = {
        key: round(sum(each[key] for each in found.values()), 1)
        for key in (*COUNTED.values(), "processes")
    }
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.memory", description="Memory of a running stack, from /proc."
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / ".kaohe")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    given = parser.parse_args()
    if (told := Home(given.folder).endpoints) is None:
        sys.exit("the stack is not up: run ./kaohe up")
    found = measured({**told["pids"], "supervisor": told["supervisor"]["pid"]})
    if given.json:
        print(orjson.dumps(found).decode())
        return 0
    print(f"{'process':12} {'PSS MiB':>9} {'RSS MiB':>9} {'private':>9} {'processes':>10}")
    for name, each in sorted(found.items(), key=lambda item: item[1]["pss_mb"]):
        print(
            f"{name:12} {each['pss_mb']:9.1f} {each['rss_mb']:9.1f} "
            f"{each['private_mb']:9.1f} {each['processes']:10.0f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
