"""`parked`, `legacy`: facts that could not be applied; data of the predecessor system."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
from cyclopts import App

from deploy.cli.places import endpoints
from deploy.cli.tokens import access_token
from deploy.embedded.process import StackError

legacy = App(name="legacy", help="Data of the predecessor system 5.0.")


def register(app: App) -> None:
    app.command(parked)
    app.command(legacy)


def parked(*, json_: bool = False) -> int:
    """What is parked, and why; and which records of topics were refused, as no service's own."""
    rows, refused = asyncio.run(_parked(endpoints()))
    if json_:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{row['reader']:32} {row['position']:>8}  {row['type']}  {row['reason']}")
        for row in refused:
            print(f"{row['topic']:32} offset {row['offset']}  refused: {row['reason']}")
        print(f"{len(rows)} parked" + (f", {len(refused)} refused" if refused else ""))
    return 1 if rows else 0


@legacy.command(name="import")
def import_(file: Path) -> int:
    """Offers every 5.0 filing of a JSON file (a list of bodies of POST /legacy-filings)."""
    told = endpoints()
    try:
        offers = json.loads(file.read_text())
        if not isinstance(offers, list) or not all(isinstance(each, dict) for each in offers):
            raise ValueError("not a list of objects")
    except (OSError, ValueError) as error:
        raise StackError(
            f"{file} 不是可读的 JSON 列表", f"{file} cannot be read as a JSON list: {error}"
        ) from None
    headers = {"Authorization": f"Bearer {access_token(told, 'SYS_ADMIN')}"}
    url = f"{told['services']['enterprise']['url']}/api/v1/legacy-filings"
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


async def _parked(told: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    found: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for name, service in told["services"].items():
        connection = await asyncpg.connect(service["database"], timeout=5)
        try:
            rows = await connection.fetch(
                "SELECT reader, position, type, owner::text, reason FROM parked ORDER BY "
                "reader, position"
            )
            found += [{"service": name, **dict(row)} for row in rows]
            rows = await connection.fetch(
                'SELECT topic, "offset", reason FROM refused_records ORDER BY topic, "offset" '
                "LIMIT 1000"
            )
            refused += [{"service": name, **dict(row)} for row in rows]
        finally:
            await connection.close()
    return found, refused
