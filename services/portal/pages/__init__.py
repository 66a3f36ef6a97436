"""Pages: each says what is on it. A page is a route here and a template."""

from services.portal.pages import door, enterprise, enterprise_filings, home

ROUTERS = (door.router, home.router, enterprise.router, enterprise_filings.router)
