"""The running system, and everybody who may ask it."""

from tests.http.conftest import asker
from tests.journeys.conftest import system

__all__ = ["asker", "system"]
