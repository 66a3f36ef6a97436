"""Forms and code lists, from the service that keeps them, held for a short while."""

import time
from asyncio import gather
from typing import Any

from services.portal.web.api import ServiceClient, ServiceProblem, Unreachable, is_away

HELD, AWAY = 60.0, 2.0  # seconds; while the service is away


class CodeNames:
    """Items in their order; `name` says a code in a language, the code itself where it is not
    known.
    """

    def __init__(self, items: list[dict[str, Any]]) -> None:
        self.items = items
        self._by_code = {str(each["code"]): each for each in items}

    def item(self, code: Any) -> dict[str, Any]:
        """Both names of a code; the code twice where the list does not have it."""
        return self._by_code.get(str(code)) or {"code": code, "zh": str(code), "en": str(code)}


class ReferenceCache:
    """Shared by all visits: nothing of it is anybody's data."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[float, Any]] = {}

    async def form(self, api: ServiceClient, name: str) -> dict[str, Any]:
        """The form's definition (`GET /forms/{form}`)."""
        found: dict[str, Any] = await self._get(api, f"/forms/{name}")
        return found

    async def lists(self, api: ServiceClient, *names: str) -> dict[str, CodeNames]:
        """By name."""
        found = await gather(*(self._list(api, name) for name in names))
        return dict(zip(names, found, strict=True))

    def forget(self) -> None:
        """Something of it was changed here: everybody sees it at once."""
        self._held.clear()

    async def _list(self, api: ServiceClient, name: str) -> CodeNames:
        answer = await self._get(api, f"/codelists/{name}")
        return CodeNames(answer["items"])

    async def _get(self, api: ServiceClient, path: str) -> Any:
        """The body, fetched anew when it was held long enough; while its service is away as it was
        last. Raises Unreachable where nothing is held, ServiceProblem.
        """
        now = time.monotonic()
        until, value = self._held.get(path, (0.0, None))
        if now > until:
            try:
                value, again = (await api.get("review", path)).body, HELD
            except (Unreachable, ServiceProblem) as error:
                if value is None or not is_away(error):
                    raise
                again = AWAY
            self._held[path] = (now + again, value)
        return value
