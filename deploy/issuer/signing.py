"""The issuer's signing key, and the tokens it signs."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

LIFETIME = 3600  # seconds


@dataclass(frozen=True)
class Account:
    """Whom a token speaks for. The subject is by default the role with its place."""

    role: str
    org: str | None = None
    city: str | None = None
    user: str | None = None
    office: str | None = None
    name: str | None = None

    @property
    def subject(self) -> str:
        return self.user or "/".join([self.role.lower(), *filter(None, [self.org or self.city])])

    @property
    def claims(self) -> dict[str, Any]:
        office = self.office or self.city
        optional = {"org": self.org, "city": self.city, "office": office, "name": self.name}
        return {
            "sub": self.subject,
            "roles": [self.role],
            **{name: value for name, value in optional.items() if value},
        }


@dataclass(frozen=True)
class Signer:
    url: str
    key: ECKey

    def access_token(self, account: Account, client: str) -> str:
        """RFC 9068, for audience `kaohe`, an hour long."""
        return self.sign("at+jwt", self.access_claims(account, client))

    def access_claims(self, account: Account, client: str) -> dict[str, Any]:
        claims = account.claims | {"aud": "kaohe", "client_id": client}
        return self.stamped(LIFETIME, claims)

    def stamped(self, seconds: int, claims: Mapping[str, Any]) -> dict[str, Any]:
        """The claims with issuer, lifetime and an id of their own."""
        now = int(time.time())
        return {**claims, "iss": self.url, "iat": now, "exp": now + seconds, "jti": str(uuid4())}

    def sign(self, kind: str, claims: Mapping[str, Any]) -> str:
        header = {"alg": "ES256", "typ": kind, "kid": self.key.kid}
        return jwt.encode(header, dict(claims), self.key)

    def opened(self, kind: str, token: str) -> dict[str, Any] | None:
        """The claims of a token that this issuer signed as this kind and that has not expired."""
        try:
            found = jwt.decode(token, self.key, algorithms=["ES256"])
            jwt.JWTClaimsRegistry(exp={"essential": True}).validate(found.claims)
        except (JoseError, ValueError):
            return None
        return dict(found.claims) if found.header.get("typ") == kind else None


def signing_key(path: Path) -> ECKey:
    """Made at the first start, kept 0600: tokens outlive a restart of the issuer."""
    if not path.exists():
        made = ECKey.generate_key("P-256", auto_kid=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(made.as_pem(private=True))
    key = ECKey.import_key(path.read_text())
    key.ensure_kid()
    return key
