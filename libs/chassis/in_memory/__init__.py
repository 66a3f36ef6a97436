"""A whole service without servers, for tests: its log, keys, objects and read models in memory, its
routes by ASGI, its policies and projections fed with its own facts and its neighbours'.

    review = ServiceInMemory(SERVICE)
    await review.hear(enterprise.FilingSent(…), stream=ENTERPRISE)
    await review.ask(token("CITY_OFFICER", city="410100"), "POST", f"/cases/{id}:open")
    assert review.rows("queue")[0]["state"] == "TAKEN"
"""

from libs.chassis.in_memory.proving import unlike
from libs.chassis.in_memory.service import Answers, ServiceInMemory, connected
from libs.chassis.in_memory.setting import MemoryClock, MemoryObjects, Setting, token

__all__ = [
    "Answers",
    "MemoryClock",
    "MemoryObjects",
    "ServiceInMemory",
    "Setting",
    "connected",
    "token",
    "unlike",
]
