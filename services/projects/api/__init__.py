"""Routes of the projects service: they translate HTTP, nothing else."""

from services.projects.api import contracts, projects, stages

ROUTERS = (contracts.router, projects.router, stages.router)
