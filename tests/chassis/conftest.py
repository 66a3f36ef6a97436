from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI

from tests.chassis import bank, ledgers
from tests.chassis.issuer import FakeIssuer
from tests.servers import S3


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


@pytest.fixture(scope="package")
async def the_bank(
    postgres: str, kafka: str, s3: S3, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[bank.Bank]:
    """One for all tests: each takes an enterprise of its own."""
    async with (
        bank.made(postgres, kafka, s3, tmp_path_factory.mktemp("bank")) as found,
        bank.opened(*found) as at_work,
    ):
        yield at_work
