"""`parked`, `legacy`: facts that could not be applied; data of the predecessor system."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from cyclopts import App

from deploy.embedded.process import StackError
from deploy.installation.installation import Installation, installation

PARKED = """
SELECT reader, position, type, owner::text, reason FROM parked ORDER BY reader, position
"""
REFUSED = """
SELECT topic, "offset", reason FROM refused_records ORDER BY topic, "offset" LIMIT 1000
"""
legacy = App(name="legacy", help="Data of the predecessor system 5.0.")


def register(app: App) -> None:
    app.command(parked)
    app.command(legacy)


def parked(*, json_: bool = False) -> int:
    """What is parked, and why; and which records of topics were refused, as no service's own."""
    rows, refused = asyncio.run(_parked(installation()))
    if json_:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            fact = f"{row['reader']}:{row['position']}"
            print(f"{fact:40}  {row['owner']}  {row['type']}  {row['reason']}")
        for row in refused:
            print(f"{row['topic']:32} offset {row['offset']}  refused: {row['reason']}")
        print(f"{len(rows)} parked" + (f", {len(refused)} refused" if refused else ""))
    return 1 if rows else 0


@legacy.command(name="import")
def import_(file: Path) -> int:
    """Offers every 5.0 filing of a JSON file (a list of bodies of POST /legacy-filings)."""
    place = installation()
    try:
        offers = json.loads(file.read_text())
        if not isinstance(offers, list) or not all(isinstance(each, dict) for each in offers):
            raise ValueError("not a list of objects")
    except (OSError, ValueError) as error:
        raise StackError(
            f"{file} 不是可读的 JSON 列表", f"{file} cannot be read as a JSON list: {error}"
        ) from None
    headers = {"Authorization": f"Bearer {place.token('SYS_ADMIN')}"}
    url = f"{place.settings('enterprise').http.url}/api/v1/legacy-filings"
    refused = 0
    with httpx.Client(headers=headers, timeout=10) as client:
        for offer in offers:
            answer = client.post(url, json=offer, headers={"Idempotency-Key": str(uuid4())})
            refused += answer.is_error
            print(
                f"{offer.get('uscc', '?')}  "
                f"{'offered' if answer.is_success else _why(answer.json())}"
            )
    return 1 if refused else 0


def _why(problem: dict[str, Any]) -> str:
    return "; ".join(
        [
            problem["detail"],
            *(f"{each['rule']} {each['pointer']} {each['zh']}" for each in problem["errors"]),
        ]
    )


async def _parked(place: Installation) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    found: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    async with place.opened() as runtimes:
        for name, runtime in runtimes.items():
            rows = await runtime.pool.fetch(PARKED)
            found += [{"service": name, **dict(row)} for row in rows]
            rows = await runtime.pool.fetch(REFUSED)
            refused += [{"service": name, **dict(row)} for row in rows]
    return found, refused
