"""What every benchmark does besides measuring: its options, how far it has come on stderr, one JSON
document or a table for people, percentiles.
"""

import argparse
import asyncio
import math
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import orjson

Say = Callable[[str], None]
Measure = Callable[[argparse.Namespace, Say], Coroutine[Any, Any, dict[str, Any]]]


def run(
    name: str,
    doc: str | None,
    argv: Sequence[str] | None,
    options: Mapping[str, tuple[float | str, str]],
    measure: Measure,
) -> int:
    """`options`: default and help of each number that may be asked for; a whole default wants a
    whole number.
    """
    parser = argparse.ArgumentParser(
        prog=f"kaohe bench {name}", description=(doc or "").split("\n", 1)[0]
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")
    for option, (default, says) in options.items():
        parser.add_argument(
            f"--{option}", type=type(default), default=default, help=f"{says} (default {default})"
        )
    given = parser.parse_args(argv)
    result = {"benchmark": name, "cores": os.cpu_count()} | asyncio.run(measure(given, _say))
    print(orjson.dumps(result).decode() if given.json else table(result))
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def table(result: Mapping[str, Any]) -> str:
    """A line for each figure; what has parts of its own becomes rows below its name."""
    lines: list[str] = []
    for name, value in result.items():
        if isinstance(value, Mapping) and any(isinstance(each, Mapping) for each in value.values()):
            lines += ["", name, *(f"  {row:34}{_cells(each)}" for row, each in value.items())]
        else:
            lines.append(f"{name:36}{_cells(value)}")
    return "\n".join(lines)


def _cells(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(f"{name} {_number(each):<14}" for name, each in value.items())
    return _number(value)


def _number(value: Any) -> str:
    return (
        f"{value:,}"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else str(value)
    )


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least this part of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    return {
        "p50_ms": round(percentile(seconds, 0.5) * 1000, 2),
        "p99_ms": round(percentile(seconds, 0.99) * 1000, 2),
    }
