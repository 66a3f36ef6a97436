"""Routes of the personnel service: they translate HTTP, nothing else."""

from services.personnel.api import filings, people

ROUTERS = (people.router, filings.router)
