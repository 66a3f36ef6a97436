"""The portal's settings, from the environment: `PORTAL_DB__DSN` and so on."""

from pathlib import Path
from typing import Self

from pydantic import SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from libs.chassis.process.settings import (
    Database,
    Kafka,
    Listening,
    Profile,
    SettingsSection,
    Traces,
    weak_database,
    weak_keys,
)


class Client(SettingsSection):
    """The portal as a client of the OpenID Connect issuer; without a secret it is a public one."""

    issuer: str
    client_id: str = "kaohe-portal"
    client_secret: SecretStr | None = None


class Services(SettingsSection):
    """Where the services answer."""

    enterprise: str
    personnel: str
    projects: str
    assessment: str
    review: str


class PortalSettings(BaseSettings):
    """`url`: where browsers find the portal, as they spell it."""

    model_config = SettingsConfigDict(
        env_prefix="PORTAL_",
        env_nested_delimiter="__",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    profile: Profile
    url: str
    auth: Client
    services: Services
    db: Database
    kafka: Kafka | None = None  # the services' topics, to be read; without it nothing is live
    session_key_file: Path
    http: Listening = Listening()
    traces: Traces | None = None

    @model_validator(mode="after")
    def _fit_for_production(self) -> Self:
        if self.profile == "prod":
            weak = [
                what
                for what, is_weak in {
                    "a portal without TLS": not self.url.startswith("https://"),
                    "an issuer without TLS": not self.auth.issuer.startswith("https://"),
                    **weak_database(self.db),
                }.items()
                if is_weak
            ]
            weak += weak_keys({"session key": self.session_key_file})
            if weak:
                raise ValueError(f"not in production: {', '.join(weak)}")
        return self


def load() -> PortalSettings:
    """Raises pydantic's ValidationError, which names each variable that is missing or wrong."""
    return PortalSettings()
