"""Pages: each says what is on it. A page is a route here and a template."""

from services.portal.pages import (
    assessment,
    cases,
    contracts,
    door,
    enterprise,
    enterprise_filings,
    home,
    people,
    person_filings,
    projects,
    scans,
)

PAGES = (
    door,
    home,
    enterprise,
    enterprise_filings,
    people,
    person_filings,
    contracts,
    projects,
    assessment,
    cases,
    scans,
)
ROUTERS = tuple(page.router for page in PAGES)
