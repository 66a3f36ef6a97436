from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI

from tests.chassis import ledgers
from tests.chassis.issuer import FakeIssuer


@pytest.fixture
def world() -> ledgers.World:
    return ledgers.World()


@pytest.fixture
def issuer() -> FakeIssuer:
    return FakeIssuer()


@pytest.fixture
def served(world: ledgers.World, issuer: FakeIssuer) -> FastAPI:
    return ledgers.app(world, issuer)


@pytest.fixture
def signed_in(served: FastAPI, issuer: FakeIssuer) -> Callable[..., httpx.AsyncClient]:
    """A client with a token of the given role and claims."""
    return lambda role, **claims: ledgers.client(served, issuer.token(role, **claims))


@pytest.fixture
def clerk(signed_in: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return signed_in("ENT_CLERK", org=ledgers.USCC)
