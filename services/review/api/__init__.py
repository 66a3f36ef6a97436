"""Routes of the review service: they translate HTTP, nothing else."""

from services.review.api import (
    cases,
    conclusions,
    forms,
    opinions,
    publicities,
    rectifications,
    reference,
)

ROUTERS = (
    cases.router,
    opinions.router,
    conclusions.router,
    publicities.router,
    rectifications.router,
    reference.router,
    forms.router,
)
