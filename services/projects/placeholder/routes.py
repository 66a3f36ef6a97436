"""The route of the placeholder 暂无业绩."""

from fastapi import APIRouter

from libs.chassis.http.commands import Commanding, Do
from libs.chassis.http.dependencies import App, TheCatalogue
from libs.chassis.identity.access import Granted
from services.projects.contracts.domain import Contract
from services.projects.contracts.schemas import contract_view
from services.projects.placeholder import commands, schemas
from services.projects.placeholder.schemas import PlaceholderView
from services.projects.projects.schemas import project_view

router = APIRouter(prefix="/contracts:placeholder")
ADDED_AND_SAVED = 2  # version of a new contract, as a repeated command must show it


@router.post("", status_code=201)
async def add_placeholder(
    command: Commanding,
    reach: Granted,
    do: Do,
    app: App,
    words: TheCatalogue,
    body: schemas.NewPlaceholder | None = None,
) -> PlaceholderView:
    """新建暂无业绩 · Contract, project and stage that say: no new performance"""
    number = body.contract_no if body else None
    project = await do(commands.add_placeholder, command, await reach.own(), number)
    contract = await app.read(Contract, project.contract, ADDED_AND_SAVED)
    return PlaceholderView(contract=contract_view(contract), project=project_view(project, words))
