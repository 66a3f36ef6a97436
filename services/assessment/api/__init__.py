"""Routes of the assessment service: they translate HTTP, nothing else."""

from services.assessment.api import campaigns, records, steps

ROUTERS = (campaigns.router, records.router, steps.router)
