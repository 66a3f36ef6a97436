"""What routes are handed.

App = Annotated[EnterpriseApplication, Depends(application)]
"""

from typing import Annotated, Any

from fastapi import Depends, Request

from libs.chassis.kinds import FORBIDDEN
from libs.chassis.ports import Texts, ports_of
from libs.chassis.problem import Stopped
from libs.events.pools import Pool


async def application(request: Request) -> Any:
    """The service's own application."""
    return request.app.state.runtime.application


async def _store(request: Request) -> Pool:
    pool: Pool = request.app.state.runtime.pool
    return pool


async def _words(request: Request) -> Texts:
    return ports_of(request).texts


async def _development(request: Request) -> None:
    if request.app.state.runtime.settings.profile == "prod":
        raise Stopped(FORBIDDEN)


Store = Annotated[Pool, Depends(_store)]  # read models
Words = Annotated[Texts, Depends(_words)]  # the catalogue's texts of a finding
Development = Depends(_development)  # as a route's dependency: refused in production
