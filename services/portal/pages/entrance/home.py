"""待办: what awaits the visitor."""

from fastapi import APIRouter, Response

from services.portal.pages.shared.own import own_enterprise
from services.portal.web.visit import Signed

router = APIRouter()


@router.get("/")
async def home(visit: Signed) -> Response:
    """首页"""
    assert visit.user
    if visit.user.face != "enterprise":
        return await visit.page("entrance/home.html", enterprise=None)
    return await visit.page("entrance/home.html", enterprise=await own_enterprise(visit))
