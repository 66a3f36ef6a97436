"""`python -m services.portal.main`: the portal's process."""

import asyncio
import signal
import sys
from contextlib import AsyncExitStack
from functools import partial
from socket import socket

import httpx
import structlog
import uvicorn
from uvicorn.loops.auto import auto_loop_factory

from libs.chassis.process import logs, telemetry
from libs.chassis.process.broker import bus
from libs.chassis.process.metrics import Figure
from libs.chassis.process.pooled import of_pool
from libs.chassis.process.settings import read_key
from libs.events.pools import Pool, open_pool
from services.portal.pages import ROUTER
from services.portal.settings import PortalSettings, load
from services.portal.web import accounts
from services.portal.web.app import application
from services.portal.web.hearing import hearing
from services.portal.web.live import Live
from services.portal.web.sessions import Sessions, prepare

STOPPING = 5  # seconds for pages in flight
log = structlog.get_logger()


class _Server(uvicorn.Server):
    """Ends what never ends by itself before it waits for what is in flight."""

    live: Live

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self.live.end()
        await super().shutdown(sockets)


async def _run(settings: PortalSettings) -> None:
    async with AsyncExitStack() as stack:
        if settings.db.owner_dsn:
            await prepare(settings.db, accounts.SCHEMA)
        pool = await open_pool(settings.db.dsn.get_secret_value(), 4)
        stack.push_async_callback(pool.close)
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=32)
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=10, limits=limits))
        key = read_key(settings.session_key_file)
        sessions, people = Sessions(pool, key), accounts.Accounts(pool, key)
        live = Live(is_on=settings.kafka is not None)
        app = application(settings, sessions, people, client, ROUTER, live)
        app.state.metrics.add(partial(_pooled, pool))
        stack.callback(telemetry.begin("portal", settings.traces))
        if settings.kafka:
            topics = tuple(type(settings.services).model_fields)
            heard = hearing(bus(settings.kafka, "kaohe-portal"), live, topics)
            await stack.enter_async_context(heard)
        server = _Server(
            uvicorn.Config(
                app,
                host=settings.http.host,
                port=settings.http.port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=STOPPING,
            )
        )
        server.live = live
        await server.serve()


async def _pooled(pool: Pool) -> list[Figure]:
    return list(of_pool("portal", pool))


def main() -> None:
    settings = load()
    logs.set_up("portal")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
            runner.run(_run(settings))
    except KeyboardInterrupt:
        return
    except Exception as error:
        log.critical("ended", exc_info=error)
        sys.exit(1)


if __name__ == "__main__":
    main()
