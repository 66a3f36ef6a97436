"""Routes of the review service: they translate HTTP, nothing else."""

from services.review.api import cases, forms, reference

ROUTERS = (cases.router, reference.router, forms.router)
