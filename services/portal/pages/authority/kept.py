"""常用筛选: filters that an officer keeps under a name. They stand in the browser, for this officer
alone: whoever signs in there next sees their own.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from fastapi import Response

from services.portal.web.visit import Visit

MOST, LONG, WIDE = 8, 20, 300  # filters, characters of a name and of an address
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class KeptFilter:
    name: str
    query: str


def kept(visit: Visit) -> list[KeptFilter]:
    """By name; none where the cookie is not one of ours."""
    try:
        text = urlsafe_b64decode(visit.request.cookies.get(_cookie(visit), ""))
        found = json.loads(text or b"{}")
        return [KeptFilter(str(name), str(query)) for name, query in found.items()][:MOST]
    except (ValueError, AttributeError, RecursionError):
        return []


def keep(visit: Visit, response: Response, filters: Mapping[str, str]) -> None:
    """The latest ones, in place of all others."""
    latest = dict(list(filters.items())[-MOST:])
    text = json.dumps(latest, ensure_ascii=False).encode()
    response.set_cookie(
        _cookie(visit),
        urlsafe_b64encode(text).decode(),
        max_age=YEAR,
        path="/cases",
        secure=visit.site.is_secure,
        httponly=True,
        samesite="lax",
    )


def _cookie(visit: Visit) -> str:
    assert visit.user
    return f"filters-{sha256(visit.user.sub.encode()).hexdigest()[:12]}"
