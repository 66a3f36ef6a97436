"""`GET /contracts/events/{type}/v1.schema.json`: the schema of an event, where `ce_dataschema` of
each record says it is. Public: it holds no data.
"""

import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Response

from libs.chassis.problems.kinds import NOT_FOUND
from libs.chassis.problems.problem import Stopped

FOLDER = Path(__file__).parents[3] / "contracts" / "events"
TYPE = re.compile(r"[a-z]+(\.[A-Za-z]+)+")
FILE = re.compile(r"v[1-9][0-9]*\.schema\.json")
HOUR = "public, max-age=3600"

router = APIRouter(include_in_schema=False)


@router.get("/contracts/events/{type}/{file}")
async def read_schema(type: str, file: str) -> Response:
    """Raises Stopped (404) for what no service ever stored."""
    if not TYPE.fullmatch(type) or not FILE.fullmatch(file) or not (text := _text(type, file)):
        raise Stopped(NOT_FOUND)
    return Response(text, media_type="application/schema+json", headers={"Cache-Control": HOUR})


@cache
def _text(type: str, file: str) -> str:
    path = FOLDER / type / file
    return path.read_text() if path.exists() else ""
