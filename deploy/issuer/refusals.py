"""Refusals of the issuer as OAuth 2.0 has them (RFC 6749, sections 4.1.2.1 and 5.2): `error`,
`error_description`, never kept by a cache.
"""

import re

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
FORBIDDEN = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")  # what a description may not hold


class OAuthError(Exception):
    """`error`: a code of RFC 6749."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


def refusal(error: OAuthError) -> JSONResponse:
    """Whose client is not known is told how clients make themselves known."""
    told = {"error": error.error, "error_description": FORBIDDEN.sub("?", error.description)}
    how = {"WWW-Authenticate": 'Basic realm="kaohe"'} if error.status == 401 else {}
    return JSONResponse(told, error.status, headers=NOT_KEPT | how)


async def once(request: Request) -> None:
    """Raises OAuthError for a parameter that comes twice (RFC 6749, section 3.2)."""
    names = [name for name, _ in (await request.form()).multi_items()]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise OAuthError("invalid_request", f"{', '.join(twice)} may come once only")


def add_refusals(app: FastAPI) -> None:
    """From now on everything that the application refuses is refused so."""

    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, OAuthError)
        return refusal(error)

    async def incomplete(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        names = sorted({str(each["loc"][-1]) for each in error.errors()})
        return refusal(OAuthError("invalid_request", f"missing or malformed: {', '.join(names)}"))

    app.add_exception_handler(OAuthError, refused)
    app.add_exception_handler(RequestValidationError, incomplete)
