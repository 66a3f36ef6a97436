"""Ids that a seed decides: the same run again has the same."""

from random import Random
from uuid import UUID

from libs.chassis.replicas.clock import CROCKFORD, RandomIds


class SeededIds(RandomIds):
    """Version 4 UUIDs and receipt tokens, the same in every run of a seed."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def new(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)

    def token(self, length: int) -> str:
        return "".join(self._random.choices(CROCKFORD, k=length))
