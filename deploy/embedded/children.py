"""How each child of the supervisor is started, and where it then is."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.embedded.forks import ForkedProcess, ForkServer
from deploy.embedded.forkserver import Fork
from deploy.embedded.kafka import start_command, start_kafka
from deploy.embedded.outside import Outside, Servers, dsn, kafka_settings
from deploy.embedded.places import PORTAL, SERVICES, Home, existing_services
from deploy.embedded.postgres import start_postgres
from deploy.embedded.process import REFUSED, Server, StackError, said
from deploy.embedded.seaweedfs import http_ok, start_s3

Starting = Callable[[], Awaitable[Server]]
HOST = "127.0.0.1"
WEED = tuple(
    name for part in ("master", "volume", "filer", "s3", "admin") for name in (part, part + ".grpc")
)
PORTS = ("postgres", "kafka", "controller", *WEED, "issuer", "smtp", "mail", *SERVICES, PORTAL)
ISSUER, MAIL, MIGRATING = "deploy.issuer.__main__", "deploy.mail.__main__", "deploy.migrating"
PROVISIONING = "deploy.embedded.provisioning"
# read at their first use otherwise
SERVED_BY = ("uvloop", "uvicorn.protocols.http.httptools_impl", "uvicorn.lifespan.on")
# what was large goes back to the system when it is freed, however often it is asked for
THRIFTY = {"MALLOC_MMAP_THRESHOLD_": str(128 << 10), "MALLOC_ARENA_MAX": "2"}
PATIENCE = 8.0  # seconds a service may take to stop


class Children:
    def __init__(self, home: Home, outside: Outside) -> None:
        self._home, self._outside = home, outside
        self._ports = home.ports(PORTS)
        own = {name: value for name, value in os.environ.items() if not _is_anothers(name)}
        self._environment = THRIFTY | own
        self.forks = ForkServer(home.log("forkserver"), _modules(), self._environment)

    def starting(self, name: str) -> Starting:
        known: dict[str, Starting] = {
            "postgres": self._start_postgres,
            "kafka": self._start_kafka,
            "seaweedfs": self._start_s3,
            "issuer": self._start_issuer,
            "mail": self._start_mail,
            PORTAL: self._start_portal,
        }
        return known.get(name) or (lambda: self._start_service(name))

    @property
    def postgres(self) -> str:
        own = f"postgresql://kaohe:{self._home.secrets['postgres']}@{HOST}:{self._ports['postgres']}/postgres"
        return self._outside.postgres or own

    @property
    def kafka(self) -> str:
        return self._outside.kafka or f"{HOST}:{self._ports['kafka']}"

    @property
    def s3(self) -> dict[str, str]:
        secrets = self._home.secrets
        own = (f"http://{HOST}:{self._ports['s3']}", secrets["s3_access"], secrets["s3_secret"])
        endpoint, access_key, secret_key = self._outside.s3_parts if self._outside.s3 else own
        return {"endpoint": endpoint, "access_key": access_key, "secret_key": secret_key}

    @property
    def issuer(self) -> str:
        return self._outside.issuer or f"http://{HOST}:{self._ports['issuer']}"

    def url(self, service: str) -> str:
        return f"http://{HOST}:{self._ports[service]}"

    def endpoints(self) -> dict[str, Any]:
        """Everything a caller on this machine needs, credentials included."""
        return {
            "postgres": self.postgres,
            "kafka": self.kafka,
            "s3": self.s3,
            "issuer": self.issuer,
            "issuer_client": None
            if self._outside.issuer
            else f"kaohe-dev:{self._home.secrets['issuer_client']}",
            "mail": {
                "smtp": f"{HOST}:{self._ports['smtp']}",
                "http": f"http://{HOST}:{self._ports['mail']}",
            },
            "portal": {
                "url": self.url(PORTAL),
                "owner": self._dsn(f"{PORTAL}_owner", PORTAL),
            },
            "keys": self._dsn("keys_owner", "keys"),
            "services": {
                name: {
                    "url": self.url(name),
                    "database": self._dsn(f"{name}_reader", name),
                    "owner": self._dsn(f"{name}_owner", name),
                    "retention": self._dsn(f"{name}_retention", name),
                    "settings": self._settings(name),
                }
                for name in existing_services()
            },
        }

    async def _start_postgres(self) -> Server:
        return await start_postgres(self._home.path, self._ports["postgres"], self._home.secrets)

    async def _start_kafka(self) -> Server:
        command = await asyncio.to_thread(
            start_command, self._home.path, self._ports["kafka"], self._ports["controller"]
        )
        return await start_kafka(self._home.path, self._ports, command)

    async def _start_s3(self) -> Server:
        return await start_s3(self._home.path, self._ports, self._home.secrets)

    async def _start_issuer(self) -> Server:
        port = self._ports["issuer"]
        arguments = (ISSUER, HOST, str(port), str(self._home.path / "issuer.pem"))
        ready = (port, "/.well-known/openid-configuration")
        return await self._python(
            "issuer", arguments, {"ISSUER_CLIENT": self._home.secrets["issuer_client"]}, ready
        )

    async def _start_mail(self) -> Server:
        smtp, port = self._ports["smtp"], self._ports["mail"]
        return await self._python(
            "mail",
            (MAIL, HOST, str(smtp), str(port), str(self._home.path / "mail")),
            {},
            (port, "/messages"),
        )

    async def _start_service(self, name: str) -> Server:
        return await self._python(
            name,
            (f"services.{name}.main",),
            self._settings(name),
            (self._ports[name], "/health/ready"),
        )

    async def _start_portal(self) -> Server:
        url = self.url(PORTAL)
        settings = {
            "PROFILE": "dev",
            "URL": url,
            "DB__DSN": self._dsn(PORTAL, PORTAL),
            "KAFKA__BOOTSTRAP": self.kafka,
            **kafka_settings(),
            "AUTH__ISSUER": self.issuer,
            "SESSION_KEY_FILE": str(self._home.key_file("session")),
            "HTTP__HOST": HOST,
            "HTTP__PORT": str(self._ports[PORTAL]),
            **{f"SERVICES__{name.upper()}": self.url(name) for name in SERVICES},
        }
        return await self._python(
            PORTAL,
            ("services.portal.main",),
            {f"PORTAL_{key}": value for key, value in settings.items()},
            (self._ports[PORTAL], "/health/ready"),
        )

    def _settings(self, name: str) -> dict[str, str]:
        s3 = self.s3
        settings = {
            "DB__DSN": self._dsn(name, name),
            "DB__SCOPED_ROLE": f"{name}_scoped",
            "KAFKA__BOOTSTRAP": self.kafka,
            "S3__ENDPOINT": s3["endpoint"],
            "S3__ACCESS_KEY": s3["access_key"],
            "S3__SECRET_KEY": s3["secret_key"],
            "S3__BUCKET": name,
            "S3__QUARANTINE": "quarantine",
            "AUTH__ISSUER": self.issuer,
            "AUTH__AUDIENCE": "kaohe",
            "KEYRING__DSN": self._dsn(f"{name}_keys", "keys"),
            "KEYRING__MASTER_KEY_FILE": str(self._home.key_file("master")),
            "KEYRING__PERSON_KEY_FILE": str(self._home.key_file("person")),
            "RECORDS__KEY_FILE": str(self._home.key_file(f"records_{name}")),
            "RECORDS__KNOWN_FILE": str(self._home.signatories),
            "MAIL__HOST": HOST,
            "MAIL__PORT": str(self._ports["smtp"]),
            "HTTP__HOST": HOST,
            "HTTP__PORT": str(self._ports[name]),
            "ROLE": "all",
            "PROFILE": "dev",
        }
        given = {f"{name.upper()}_{key}": value for key, value in settings.items()}
        return given | {f"{name.upper()}_{key}": value for key, value in kafka_settings().items()}

    async def migrate(self) -> None:
        """Makes everybody's tables: the one process that is given the owners' DSNs (decision 55).
        Raises StackError with what it said.
        """
        names = (*existing_services(), PORTAL)
        env = {f"{name.upper()}_DB__DSN": self._dsn(name, name) for name in names}
        env |= {f"{n.upper()}_DB__OWNER_DSN": self._dsn(f"{n}_owner", n) for n in names}
        env |= {f"{n.upper()}_PROFILE": "dev" for n in names}
        code, words = await self._finished("migrating", MIGRATING, names, env)
        if code:
            raise StackError("数据表没有建好", f"the migration step failed:\n{words[-1500:]}")

    async def provision(self, step: str) -> None:
        """What the services find on the servers. Raises StackError with what it said."""
        servers = Servers(
            postgres=self.postgres,
            kafka=self.kafka,
            s3=self.s3,
            owns_postgres=not self._outside.postgres,
            owns_kafka=not self._outside.kafka,
        )
        arguments = (step, str(self._home.path))
        code, words = await self._finished(
            "provisioning", PROVISIONING, arguments, servers.environment
        )
        if code == REFUSED:
            raise StackError(words)
        if code:
            raise StackError("没有备好服务", f"the servers were not prepared:\n{words[-1500:]}")
        if words:
            said(words)

    async def _finished(
        self, name: str, module: str, arguments: Sequence[str], env: Mapping[str, str]
    ) -> tuple[int, str]:
        """Exit status of a step, and what it said."""
        log = self._home.log(name)
        log.unlink(missing_ok=True)
        step = await self._fork(log, module, arguments, env)
        try:
            code = await step.wait()
        finally:
            step.send_signal(signal.SIGTERM)
        return code, log.read_text(errors="replace").strip()

    def _dsn(self, role: str, database: str) -> str:
        return dsn(self.postgres, role, self._home.secrets[role], database)

    async def _python(
        self, name: str, arguments: tuple[str, ...], env: Mapping[str, str], ready: tuple[int, str]
    ) -> Server:
        server = Server(self._home.path, name, signal.SIGTERM, PATIENCE)
        module, *rest = arguments
        await server.follow(
            lambda: self._fork(server.log, module, rest, env), lambda: http_ok(*ready)
        )
        return server

    async def _fork(
        self, log: Path, module: str, arguments: Sequence[str], env: Mapping[str, str]
    ) -> ForkedProcess:
        environment = {**self._environment, **env}
        return await self.forks.fork(
            Fork(module, tuple(arguments), environment, str(log), signal.SIGTERM.name)
        )


def _modules() -> list[str]:
    """What the fork server reads: whoever is forked from it, and what serves them."""
    services = [f"services.{name}.main" for name in (*existing_services(), PORTAL)]
    return [*services, ISSUER, MAIL, PROVISIONING, MIGRATING, *SERVED_BY]


def _is_anothers(variable: str) -> bool:
    """Whether it lets its reader make or own databases: nobody's who serves."""
    return variable == "KAOHE_POSTGRES" or "__OWNER_DSN" in variable
