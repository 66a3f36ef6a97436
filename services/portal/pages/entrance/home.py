"""首页: to each kind of visitor what awaits them."""

from fastapi import APIRouter, Response

from services.portal.pages.entrance.desk import desk
from services.portal.pages.entrance.watch import watch
from services.portal.pages.entrance.year import year
from services.portal.web.visit import Signed

router = APIRouter()
FACES = {"enterprise": year, "authority": desk, "expert": desk, "auditor": watch, "operator": watch}


@router.get("/")
async def home(visit: Signed, show: str = "") -> Response:
    """待办; `show`: the tile that was pressed."""
    assert visit.user
    return await FACES[visit.user.face](visit, show)
