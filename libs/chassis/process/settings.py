"""A service's settings, from the environment: `ENTERPRISE_DB__DSN` and so on. A misspelt name
inside a part is refused.

Any secret may come from a file instead: `ENTERPRISE_S3__SECRET_KEY_FILE=/run/secrets/s3`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Profile = Literal["dev", "prod"]  # always said: nothing is in development by mistake
FIVE_MINUTES = 300
RECORDS_AN_HOUR = 200
DEVELOPMENT = "development "  # what the local stack writes before the keys it makes


class SettingsSection(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        named = {f"{name}_file": name for name in cls.model_fields} | {
            f"{name}_FILE": name for name in cls.model_fields
        }
        files = {
            key: path for key, path in given.items() if key in named and key not in cls.model_fields
        }
        read = {named[key]: Path(path).read_text().strip() for key, path in files.items()}
        return {key: value for key, value in given.items() if key not in files} | read


Role = Literal["api", "worker", "all"]


class Database(SettingsSection):
    dsn: SecretStr  # the role that writes: it inserts and reads, it owns nothing
    # for the migration step only; in production no service is given it
    owner_dsn: SecretStr | None = None


class ScopedDatabase(Database):
    # by which what an enterprise asks for is read, the second wall; in production there must be one
    scoped_role: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*$")] | None = None

    @model_validator(mode="after")
    def _scoped_is_another(self) -> Self:
        others = ("none", urlsplit(self.dsn.get_secret_value()).username)
        if self.scoped_role and self.scoped_role in others:
            raise ValueError("DB__SCOPED_ROLE is a role of its own, which nobody signs in as")
        return self


class OwnedDatabase(ScopedDatabase):
    owner_dsn: SecretStr


class Kafka(SettingsSection):
    """Names of aiokafka; client certificates and the authority's CA come as PEM files."""

    bootstrap: str
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_SSL", "SASL_PLAINTEXT"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ca_pem: Path | None = None
    certificate_pem: Path | None = None
    key_pem: Path | None = None

    def security(self) -> dict[str, Any]:
        """aiokafka's arguments, without the TLS context."""
        sasl = (
            {"sasl_mechanism": self.sasl_mechanism, "sasl_plain_username": self.sasl_username}
            if self.sasl_mechanism
            else {}
        )
        password = (
            {"sasl_plain_password": self.sasl_password.get_secret_value()}
            if self.sasl_password
            else {}
        )
        return {"security_protocol": self.security_protocol, **sasl, **password}


class ObjectStore(SettingsSection):
    endpoint: str  # http(s)://host:port
    access_key: SecretStr
    secret_key: SecretStr
    bucket: str
    quarantine: str = "quarantine"
    region: str = "us-east-1"


class Auth(SettingsSection):
    issuer: str
    audience: str = "kaohe"
    algorithm: Literal["ES256", "RS256"] = "ES256"  # of its signatures; any other is refused
    roles_claim: str = "roles"  # may lie in another: realm_access.roles
    # seconds that a token may live, from `iat` to `exp`; in production five minutes at most
    longest_token: int | None = Field(default=None, ge=1)


class Keyring(SettingsSection):
    dsn: SecretStr
    master_key_file: Path  # one key a line: the first wraps, all of them open
    person_key_file: Path


class Records(SettingsSection):
    """Signatures of records: the service's own key, and how others' are known (JSON; see
    libs/events/signatures.py).
    """

    key_file: Path
    known_file: Path


class Mail(SettingsSection):
    host: str
    port: int = 25
    sender: str = "kaohe@localhost"
    security: Literal["STARTTLS", "TLS"] | None = None
    username: str | None = None
    password: SecretStr | None = None
    ca_pem: Path | None = None  # of the server's certificate, if no public one


Origin = Annotated[str, Field(pattern=r"^https?://[^/\s*]+$")]


class Quotas(SettingsSection):
    """Of one caller, in one process; what is not set in development is not noticed."""

    requests_a_minute: int = Field(default=60_000, ge=1)  # of a subject
    unknown_a_minute: int = Field(default=60_000, ge=1)  # of an address, without a valid token
    # other enterprises' records with personal data, for each purpose; None: any number, in
    # production 200
    records_an_hour: int | None = Field(default=None, ge=1)


class Listening(SettingsSection):
    host: str = "127.0.0.1"
    port: int = 8000


class Http(Listening):
    # where others reach the service, if not at host and port: events say so of their schemas
    public_url: Annotated[str, Field(pattern=r"^https?://[^/\s]+(/[^\s]*[^/\s])?$")] | None = None
    # requests to the API in the process at once, those that wait for their turn included
    most_at_once: int = 1000
    cors: tuple[Origin, ...] = ()  # origins of pages that may ask: '["https://portal.example"]'
    compress_from: int = Field(default=2048, ge=0)  # bytes of an answer; 0: never
    quotas: Quotas = Quotas()
    seconds_for_headers: float = Field(default=10, gt=0)  # of a request, then the line is cut
    seconds_for_body: float = Field(default=60, gt=0)

    @property
    def url(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"


class Traces(SettingsSection):
    """Where spans are told, by OTLP over HTTP; without it nothing is traced."""

    endpoint: Annotated[str, Field(pattern=r"^https?://[^/\s]+/\S+$")]  # its address for traces
    share: float = Field(default=1.0, ge=0, le=1)  # of the traces that begin here


class DraftSettings(SettingsSection):
    keep_days: int = Field(default=30, ge=1)  # after they were last written


class UploadSettings(SettingsSection):
    """What is swept: libs/chassis/scans/sweeping.py."""

    forgotten_hours: int = Field(default=24, ge=1)  # after an upload was asked for
    orphan_days: int = Field(default=30, ge=1)  # after an object was put that no event names


class MigrationSettings(BaseSettings):
    """Of the migration step: who owns the tables, and the role that serves with them."""

    model_config = SettingsConfigDict(
        env_nested_delimiter="__", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    profile: Profile
    db: OwnedDatabase

    @model_validator(mode="after")
    def _fit_for_production(self) -> Self:
        both = self.db.dsn, self.db.owner_dsn
        if self.profile == "prod" and not all(is_encrypted(each) for each in both):
            raise ValueError("not in production: a database without TLS")
        return self


class ServiceSettings(BaseSettings):
    model_config = SettingsConfigDict(
        env_nested_delimiter="__", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    service: str
    profile: Profile
    # api: answers requests, and follows nothing; worker: relay, readers, policies and effects, and
    # of HTTP its health alone; all: both
    role: Role = "all"
    db: ScopedDatabase
    kafka: Kafka
    s3: ObjectStore
    auth: Auth
    keyring: Keyring
    records: Records
    mail: Mail | None = None
    http: Http = Http()
    traces: Traces | None = None
    drafts: DraftSettings = DraftSettings()
    uploads: UploadSettings = UploadSettings()

    @property
    def longest_token(self) -> int | None:
        """In production none lives longer than five minutes, said or not."""
        return self.auth.longest_token or (FIVE_MINUTES if self.profile == "prod" else None)

    @property
    def served(self) -> Http:
        """With what production asks where nothing is set."""
        quotas = self.http.quotas
        if self.profile != "prod" or quotas.records_an_hour is not None:
            return self.http
        bounded = quotas.model_copy(update={"records_an_hour": RECORDS_AN_HOUR})
        return self.http.model_copy(update={"quotas": bounded})

    @model_validator(mode="after")
    def _fit_for_production(self) -> Self:
        if self.profile == "prod" and (weak := _weak(self)):
            raise ValueError(f"not in production: {', '.join(weak)}")
        return self


def load(service: str, role: str | None = None) -> ServiceSettings:
    """The service's settings; a role that is given stands before the one that is set. Raises
    pydantic's ValidationError, which names each variable that is missing or wrong, not its value.
    """
    given: dict[str, Any] = {} if role is None else {"role": role}
    return ServiceSettings(_env_prefix=f"{service.upper()}_", service=service, **given)


def load_migration(service: str) -> MigrationSettings:
    """What the service's migration step is told. Raises as `load`."""
    return MigrationSettings(_env_prefix=f"{service.upper()}_")


def said_of(service: str, error: ValidationError) -> str:
    """The variables that are missing or wrong; never their values."""
    return "; ".join(
        f"{service.upper()}_{'__'.join(map(str, each['loc'])).upper()} {each['msg']}"
        for each in error.errors(include_input=False, include_url=False)
    )


def _weak(settings: ServiceSettings) -> list[str]:
    keys = {
        "master key": settings.keyring.master_key_file,
        "person key": settings.keyring.person_key_file,
        "key of records": settings.records.key_file,
    }
    return [*_weak_settings(settings), *weak_keys(keys)]


def _weak_settings(settings: ServiceSettings) -> list[str]:
    return [
        name
        for name, weak in {
            "tokens for longer than five minutes": (settings.longest_token or 0) > FIVE_MINUTES,
            "an issuer without TLS": not settings.auth.issuer.startswith("https://"),
            **weak_database(settings.db),
            "no role for what an enterprise reads (DB__SCOPED_ROLE)": not settings.db.scoped_role,
            "keys without TLS": not is_encrypted(settings.keyring.dsn),
            "object storage without TLS": not settings.s3.endpoint.startswith("https://"),
            "mail without TLS": settings.mail is not None and settings.mail.security is None,
            "Kafka without TLS": settings.kafka.security_protocol not in ("SSL", "SASL_SSL"),
        }.items()
        if weak
    ]


def weak_database(db: Database) -> dict[str, bool]:
    return {
        "a database without TLS": not is_encrypted(db.dsn),
        "the owner's DSN (it is for ./kaohe migrate alone)": db.owner_dsn is not None,
    }


def is_encrypted(dsn: SecretStr) -> bool:
    """Whether connections by this DSN are made with TLS or not at all, or leave no machine."""
    url = urlsplit(dsn.get_secret_value())
    given = parse_qs(url.query)
    modes, hosts = given.get("sslmode", [""]), given.get("host", [url.hostname or ""])
    is_local = all(host.startswith(("/", "%2f")) for host in hosts)
    return is_local or modes[-1] in ("require", "verify-ca", "verify-full")


def weak_keys(files: Mapping[str, Path]) -> list[str]:
    """What stands against these key files, by what each is."""
    return [
        *(f"a development {name}" for name, path in files.items() if is_development(path)),
        *(f"a {name} that others may read" for name, path in files.items() if is_open(path)),
        *(
            ["one key for two purposes"]
            if len({*map(_key_in, files.values())}) < len(files)
            else []
        ),
    ]


def _key_in(path: Path) -> str:
    return path.read_text().removeprefix(DEVELOPMENT).strip().lower()


def is_development(path: Path) -> bool:
    """Whether the key in this file is one that the local stack made."""
    return path.read_text().startswith(DEVELOPMENT)


def is_open(path: Path) -> bool:
    """Whether anybody but its owner may read or change the file. What somebody else owns, as a
    secret that was mounted, the service's group may read: it could not be read otherwise.
    """
    found = path.stat()
    is_own = found.st_uid == os.geteuid()
    return bool(found.st_mode & (0o077 if is_own else 0o027))


def read_key(path: Path) -> bytes:
    """A key of 32 bytes, in hexadecimal digits; the local stack marks its own with `development`.
    Raises ValueError for anything else.
    """
    (key,) = read_keys(path)
    return key


def read_keys(path: Path) -> list[bytes]:
    """One or several of them, a line each. Raises ValueError for anything else."""
    lines = path.read_text().split("\n")
    keys = [bytes.fromhex(each.removeprefix(DEVELOPMENT)) for each in lines if each.strip()]
    if not keys or {len(each) for each in keys} != {32}:
        raise ValueError(f"{path.name} does not hold keys of 32 bytes")
    return keys
