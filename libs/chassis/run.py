"""`run(service)`: the process of a service, from its settings to its end. Crash-only: whatever it
does not expect ends it.
"""

import asyncio
import gc
import signal
import sys
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog
import uvicorn
from fastapi import FastAPI
from uvicorn.loops.auto import auto_loop_factory

from libs.chassis.app import app_of, health_app
from libs.chassis.http.health import Health
from libs.chassis.http.slow import impatient
from libs.chassis.http.version import ServiceVersion, database_state, version_of
from libs.chassis.identity.auth import Issuer
from libs.chassis.ports.ports import Check, Ports
from libs.chassis.process import logs, telemetry
from libs.chassis.process.metrics import Figure, Metrics
from libs.chassis.process.migrations import lists_that_serve, migrate, missing
from libs.chassis.process.settings import Http, ServiceSettings, load
from libs.chassis.replicas.clock import FollowedClock
from libs.chassis.replicas.directory import Directory
from libs.chassis.replicas.reference import changed
from libs.chassis.replicas.revoked import left_of
from libs.chassis.service import figures
from libs.chassis.service.runtime import Runtime
from libs.chassis.service.service import Service
from libs.events.errors import Unavailable
from libs.events.parking import all_parked
from libs.events.pools import CONNECTION_ERRORS, borrowed, open_pool
from libs.events.store import listen, notify

STOPPING = 5  # seconds for requests in flight
log = structlog.get_logger()


class NotMigrated(Exception):
    """The migration step has not made what this code needs."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class HttpServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stop = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the process's business: its other tasks end too."""
        yield

    async def main_loop(self) -> None:
        """As the server's own, which looks ten times a second: nothing need be told anew."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._stop.wait()

    def stop(self) -> None:
        """No new requests from now on; those in flight are answered."""
        self.should_exit = True
        self._stop.set()


def run(service: Service) -> None:
    """Until SIGTERM or SIGINT: then no new requests, those in flight end, and so does the process.
    Status 1 if it ended otherwise. An argument is the role: `api`, `worker`, `all`.
    """
    settings = load(service.name, *sys.argv[1:2])
    logs.set_up(service.name)
    try:
        with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:  # uvloop
            runner.run(_run(service, settings))
    except NotMigrated as error:
        step = f"run the migration step (./kaohe migrate {service.name})"
        log.critical(f"tables are missing: {step}", missing=", ".join(error.missing))
        sys.exit(1)
    except Exception as error:
        # never the interpreter's own traceback: its message may quote what a person typed
        log.critical("ended", exc_info=error)
        sys.exit(1)


async def open_runtime(
    service: Service, settings: ServiceSettings, stack: AsyncExitStack
) -> Runtime:
    """The service with its pools open; nothing runs yet. A development setting that names the
    tables' owner is a migration step too. Raises NotMigrated for a database without its tables; one
    that is away is looked at by whoever asks it.
    """
    if settings.db.owner_dsn:
        writer = urlsplit(settings.db.dsn.get_secret_value()).username or service.name
        await migrate(
            settings.db.owner_dsn.get_secret_value(),
            writer,
            service.migrations,
            service.projections,
        )
    pool = await open_pool(settings.db.dsn.get_secret_value(), 8)
    stack.push_async_callback(pool.close)
    with suppress(*CONNECTION_ERRORS):
        async with borrowed(pool, 5) as connection:
            if lacks := await missing(connection, service.migrations, service.projections):
                raise NotMigrated(lacks)
    keys = await open_pool(settings.keyring.dsn.get_secret_value(), 2)
    stack.push_async_callback(keys.close)
    return Runtime(service, settings, pool, keys)


def application(runtime: Runtime, client: httpx.AsyncClient) -> FastAPI:
    service, settings = runtime.service, runtime.settings
    auth = settings.auth
    issuer = Issuer(
        auth.issuer,
        auth.audience,
        client,
        algorithm=auth.algorithm,
        roles_claim=auth.roles_claim,
        longest=settings.longest_token,
    )
    ports = Ports(
        service=service.name,
        clock=runtime.clock,
        verifier=issuer,
        texts=service.texts,
        fingerprint_key=runtime.fingerprint_key,
        enterprise_id=service.enterprise_id,
        supervising_city=Directory(runtime.pool).supervising_city,
        positions=runtime.positions,
        left_of=left_of(runtime.pool, followed=service.has_list(changed.name)),
        state_rules=service.state_rules,
        told=service.told,
        silent=service.silent,
        scoped_role=settings.db.scoped_role,
    )
    health = Health(
        checks=_checks(runtime) | {"issuer": issuer.ready},
        version=partial(_version, runtime),
    )
    metrics = measured(runtime)
    metrics.add(lambda: of_tokens(issuer))
    app = app_of(service, ports, health=health, metrics=metrics, http=settings.served)
    app.state.runtime = runtime
    return app


def watched(runtime: Runtime) -> FastAPI:
    """What a process answers that serves nobody: how it is. It needs no issuer."""
    service = runtime.service
    health = Health(checks=_checks(runtime), version=partial(_version, runtime))
    return health_app(service.name, health, measured(runtime))


def measured(runtime: Runtime) -> Metrics:
    """What there is to be known of the process, and of its service if it leads."""
    metrics = Metrics(runtime.service.name)
    for source in (figures.of_process, figures.of_leader, figures.of_tables):
        metrics.add(partial(source, runtime))
    return metrics


async def of_tokens(issuer: Issuer) -> Iterable[Figure]:
    return figures.of_cache("tokens", issuer.cache)


async def _version(runtime: Runtime) -> ServiceVersion:
    service, database = runtime.service, None
    with suppress(*CONNECTION_ERRORS):
        async with borrowed(runtime.pool) as connection:
            lacks = await missing(connection, service.migrations, service.projections)
            database = database_state(lacks, await lists_that_serve(connection))
    return version_of(service.name, service.references, database)


async def _run(service: Service, settings: ServiceSettings) -> None:
    asyncio.get_running_loop().set_exception_handler(logs.unhandled)
    async with AsyncExitStack() as stack:
        stack.callback(telemetry.begin(service.name, settings.traces))
        runtime = await open_runtime(service, settings, stack)
        client = await stack.enter_async_context(httpx.AsyncClient())
        app = watched(runtime) if settings.role == "worker" else application(runtime, client)
        server = _server(app, settings.http)
        _leave_what_stays()
        stop = asyncio.Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(signum, stop.set)
        tasks = [
            asyncio.create_task(each, name=name) for name, each in _tasks(runtime, server).items()
        ]
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        app.state.health.draining = True
        server.stop()
        await asyncio.wait(
            [task for task in tasks if task.get_name() == "http"], timeout=STOPPING + 1
        )
        ended = [task for task in tasks if task.done() and not task.cancelled()]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=STOPPING)
        for task in ended:
            task.result()


def _server(app: FastAPI, http: Http) -> HttpServer:
    return HttpServer(
        uvicorn.Config(
            app,
            http=impatient(http.seconds_for_headers),
            host=http.host,
            port=http.port,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,  # the edge tells it, by the service's own clock
            timeout_graceful_shutdown=STOPPING,
            reset_contextvars=True,  # who asked last on a connection is nobody to the next request
        )
    )


def _leave_what_stays() -> None:
    """The garbage collector looks no more at what was imported and made by now, nor as often at
    the rest: objects of a request are freed when it ends, cycles among them are few.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _tasks(runtime: Runtime, server: HttpServer) -> dict[str, Coroutine[Any, Any, None]]:
    settings = runtime.settings
    tasks: dict[str, Coroutine[Any, Any, None]] = {
        "appender": runtime.log.run(),
        "listen": listen(settings.db.dsn.get_secret_value(), runtime.log),
        "notify": notify(runtime.pool, runtime.log),
        "http": server.serve(),
    }
    if isinstance(runtime.clock, FollowedClock):
        tasks["clock"] = runtime.follow_clock(runtime.clock)
    if settings.role != "api":
        tasks["worker"] = runtime.worker.run()
    return tasks


def _checks(runtime: Runtime) -> dict[str, Check]:
    async def database() -> None:
        await runtime.pool.fetchval("SELECT 1")

    async def log_and_topic() -> None:
        if not await runtime.log.is_open():
            raise Unavailable("log", "its topic, which is ahead of it: run ./kaohe recover")

    async def loops() -> dict[str, str]:
        if runtime.settings.role == "api":
            return {"worker": "is another process"}
        waiting = [f"{name} (a gap)" for name, gap in runtime.gaps.items() if gap.alarming]
        if runtime.worker.leads:
            waiting += [name for name, state in runtime.worker.states.items() if state.why]
        if waiting:
            raise Unavailable("loops", ", ".join(waiting))
        return {"worker": "leads" if runtime.worker.leads else "stands by"}

    async def parked() -> int:
        return len(await all_parked(runtime.pool))

    return {
        "database": database,
        "log": log_and_topic,
        "loops": loops,
        "objects": runtime.objects.ready,
        "parked": parked,
        **runtime.service.checks(runtime),
    }
