"""The menu's counts: what is to be done on each of its pages, as the services tell it with 待办."""

from asyncio import gather

from services.portal.render import tasks
from services.portal.web.api import FOLLOWS, ServiceClient, ServiceProblem, Unreachable

MOST = 200  # tasks of a service


async def counted(api: ServiceClient) -> dict[str, tasks.PageCount]:
    """By the address of the manual's page; nothing while a service is away: what the others say
    would be too little.
    """
    asked = (api.list(service, "/work", limit=MOST) for service in FOLLOWS)
    try:
        told = await gather(*asked)
    except (ServiceProblem, Unreachable):
        return {}
    return tasks.by_page(task for each in told for task in each.body["items"])
