"""Routes of the enterprise service: they translate HTTP, nothing else."""

from services.enterprise.api import enterprises, filings, legacy, packets

ROUTERS = (enterprises.router, filings.router, legacy.router, packets.router)
