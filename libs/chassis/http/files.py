"""Answers that are files. Generated clients know bytes alone: they ask for them as octets
or take whatever comes, so those stand beside the type of the file itself.
"""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

OCTETS = "application/octet-stream"


def described(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """The good answer, for the document."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"content": dict.fromkeys((*kinds, OCTETS), schema)}}


def sent(request: Request, data: bytes, kind: str, disposition: str) -> Response:
    """The file, of its own type unless the caller takes bytes alone."""
    return Response(data, media_type=_kind(request, kind), headers=_headers(disposition))


def streamed(
    request: Request, first: bytes, rest: AsyncIterator[bytes], kind: str, disposition: str
) -> Response:
    """As `sent`, piece by piece. What fails on the way ends the answer before its end."""

    async def pieces() -> AsyncIterator[bytes]:
        yield first
        async for piece in rest:
            yield piece

    return StreamingResponse(
        pieces(), media_type=_kind(request, kind), headers=_headers(disposition)
    )


def _kind(request: Request, kind: str) -> str:
    accepted = request.headers.get("accept", "").partition(";")[0].strip().lower()
    return OCTETS if accepted == OCTETS else kind


def _headers(disposition: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; {disposition}", "Vary": "Accept"}
