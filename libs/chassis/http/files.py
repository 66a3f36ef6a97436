"""Answers that are files. Generated clients know bytes alone: they ask for them as octets
or take whatever comes, so those stand beside the type of the file itself.
"""

from typing import Any

from fastapi import Request, Response

OCTETS = "application/octet-stream"


def described(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """The good answer, for the document."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"content": dict.fromkeys((*kinds, OCTETS), schema)}}


def sent(request: Request, data: bytes, kind: str, disposition: str) -> Response:
    """The file, of its own type unless the caller takes bytes alone."""
    accepted = request.headers.get("accept", "").partition(";")[0].strip().lower()
    return Response(
        data,
        media_type=OCTETS if accepted == OCTETS else kind,
        headers={"Content-Disposition": f"attachment; {disposition}", "Vary": "Accept"},
    )
