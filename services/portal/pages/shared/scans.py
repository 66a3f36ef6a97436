"""A scan as it was uploaded, from the service that keeps it; the read is written down there."""

from uuid import UUID

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.portal.web.api import FOLLOWS
from services.portal.web.visit import Signed

router = APIRouter(prefix="/scans")


@router.get("/{service}/{scan}")
async def scan(visit: Signed, service: str, scan: UUID) -> Response:
    """The bytes, to be kept as a file: no browser opens here what somebody sent."""
    if service not in FOLLOWS:
        raise HTTPException(404)
    found = await visit.api.raw(service, f"/scans/{scan}")
    headers = {name: found.headers[name] for name in ("Content-Type", "Content-Disposition")}
    return Response(found.content, headers=headers)
