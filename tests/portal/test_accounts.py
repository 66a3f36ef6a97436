"""Names of accounts, as the portal's database keeps them."""

import pytest
from pydantic import SecretStr

from libs.chassis.process.settings import OwnedDatabase
from libs.events.pools import open_pool
from services.portal.web.accounts import SCHEMA, Accounts, Person
from services.portal.web.sessions import prepare
from tests.servers import fresh_database

pytestmark = [pytest.mark.servers]
KEY = bytes(32)


async def test_a_name_is_known_from_the_last_sign_in_and_sealed(postgres: str) -> None:
    async with fresh_database(postgres) as dsn:
        await prepare(OwnedDatabase(dsn=SecretStr(dsn), owner_dsn=SecretStr(dsn)), SCHEMA)
        pool = await open_pool(dsn, 1)
        accounts = Accounts(pool, KEY)
        await accounts.learn({"sub": "officer-7", "name": "王五", "city": "410100"})
        await accounts.learn({"sub": "officer-7", "name": "王建国", "city": "410100"})
        await accounts.learn({"sub": "clerk-1", "name": "赵一舟", "org": "91410100EXAMPLE11W"})
        assert await accounts.find(["officer-7", "nobody"]) == [Person("officer-7", "王建国")]
        assert await accounts.of_office("410100") == [Person("officer-7", "王建国")]
        kept = await pool.fetch("SELECT data FROM accounts")
        assert not any("王建国".encode() in bytes(each["data"]) for each in kept)
        await accounts.sweep()
        assert len(await accounts.find(["officer-7", "clerk-1"])) == 2
        await pool.execute("UPDATE accounts SET seen_at = seen_at - interval '4 years'")
        await accounts.sweep()
        assert await accounts.find(["officer-7", "clerk-1"]) == []
        await pool.close()
