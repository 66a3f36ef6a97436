"""Enterprises that all send their filing in the same second, as on the last evening of a deadline.

Each makes a connection of its own and sends its first filing once; whoever is told to come again
(503) comes again after the time that the answer says. Measured from the click to the answer that
counts, all waiting included.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import uuid4

import orjson

from benchmarks import report
from benchmarks.client import Client
from benchmarks.http import API
from benchmarks.stack import enterprise, stack

BUSY = 503


@dataclass
class Sending:
    """A filing that is ready, and what came of sending it."""

    path: str
    headers: dict[str, str]
    body: bytes
    statuses: list[int] = field(default_factory=list)
    seconds: float = 0.0
    receipt: str = ""

    async def click(self, url: str) -> None:
        began, answer = time.perf_counter(), b""
        while not self.statuses or self.statuses[-1] == BUSY:
            async with Client(url) as client:
                status, found, answer = await client.ask(
                    "POST", self.path, self.body, Content_Type="application/json", **self.headers
                )
            self.statuses.append(status)
            if status == BUSY:
                await asyncio.sleep(int(found["retry-after"]))
        self.seconds = time.perf_counter() - began
        self.receipt = orjson.loads(answer).get("receipt_no", "")


def ready(told: dict[str, Any]) -> Sending:
    """Everything up to the click."""
    made = enterprise(told, Random())
    made.fill_in()
    filing = made.add("ENT_INIT")
    made.save(filing)
    findings = made.clerk.do("POST", "enterprise", f"{filing}:check")["findings"]
    warnings = sorted({each["rule"] for each in findings if each["severity"] == "W"})
    headers = {
        "Authorization": f"Bearer {made.clerk.token}",
        "Idempotency-Key": str(uuid4()),
        "If-Match": f'"{made.version}"',
    }
    return Sending(f"{API}{filing}:send", headers, orjson.dumps({"acknowledged": warnings}))


async def measure(given: argparse.Namespace, say: report.Say) -> dict[str, Any]:
    with stack() as told:
        all = [await asyncio.to_thread(ready, told) for _ in range(given.enterprises)]
        say(f"{len(all)} filings are ready")
        url = told["services"]["enterprise"]["url"]
        await asyncio.gather(*(each.click(url) for each in all))
    statuses = Counter(str(status) for each in all for status in each.statuses)
    return {
        "enterprises": len(all),
        "answers": dict(statuses),
        "different_receipts": len({each.receipt for each in all if each.receipt}),
        "click_to_answer": report.milliseconds([each.seconds for each in all]),
    }


def main(argv: Sequence[str] | None = None) -> int:
    return report.run("crowd", __doc__, argv, {"enterprises": (200, "at once")}, measure)


if __name__ == "__main__":
    sys.exit(main())
