"""A bare FastAPI application to compare with: one route that does nothing, one raw SELECT, one raw
INSERT.

python -m benchmarks.bare DSN PORT
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
import uvicorn
from fastapi import FastAPI, Request

SCHEMA = "CREATE TABLE IF NOT EXISTS pages (id uuid PRIMARY KEY, data bytea NOT NULL)"


def app(dsn: str) -> FastAPI:
    @asynccontextmanager
    async def lifespan(made: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(dsn, min_size=8, max_size=8) as made.state.pool:
            await made.state.pool.execute(SCHEMA)
            yield

    made = FastAPI(lifespan=lifespan, openapi_url=None)

    @made.get("/nothing")
    async def nothing() -> dict[str, str]:
        return {}

    @made.get("/pages/{id}")
    async def select(id: UUID) -> dict[str, str]:
        data: bytes = await made.state.pool.fetchval("SELECT data FROM pages WHERE id = $1", id)
        return {"data": data.decode()}

    @made.post("/pages")
    async def insert(request: Request) -> dict[str, str]:
        id = uuid4()
        await made.state.pool.execute("INSERT INTO pages VALUES ($1, $2)", id, await request.body())
        return {"id": str(id)}

    return made


if __name__ == "__main__":
    uvicorn.run(
        app(sys.argv[1]),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        log_config=None,
        access_log=False,
        server_header=False,
    )
