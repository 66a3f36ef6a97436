"""The running system, or the same services in memory, and everybody who may ask them."""

from tests.http.conftest import asker_in_memory
from tests.journeys.conftest import system

__all__ = ["asker_in_memory", "system"]
