"""What routes are handed."""

from typing import Annotated

from fastapi import Depends, Request

from libs.chassis.ports.ports import Catalogue, ports_of
from libs.chassis.problems.kinds import FORBIDDEN
from libs.chassis.problems.problem import Stopped
from libs.chassis.service.runtime import Runtime
from libs.events.application import Application
from libs.events.pools import Pool


async def the_runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


# each asks the request alone: the framework solves a dependency's own ones again at every use
The = Annotated[Runtime, Depends(the_runtime)]


async def _application(request: Request) -> Application:
    return (await the_runtime(request)).application


App = Annotated[Application, Depends(_application)]  # reads of single items


async def _store(request: Request) -> Pool:
    return (await the_runtime(request)).pool


async def _words(request: Request) -> Catalogue:
    return ports_of(request).texts


async def _development(the: The) -> None:
    if the.settings.profile == "prod":
        raise Stopped(FORBIDDEN)


Store = Annotated[Pool, Depends(_store)]  # read models
TheCatalogue = Annotated[Catalogue, Depends(_words)]  # the catalogue's texts of a finding
Development = Depends(_development)  # as a route's dependency: refused in production
