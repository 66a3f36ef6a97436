"""An OpenID Connect issuer in this process: discovery, keys, tokens."""

import time
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

URL = "https://issuer.test"
AUDIENCE = "kaohe"


class FakeIssuer:
    def __init__(self) -> None:
        self.fetches = 0
        self.down = False
        self.key = self.rotate()

    def rotate(self) -> ECKey | RSAKey:
        self.key = ECKey.generate_key("P-256", auto_kid=True)
        return self.key

    def with_rsa(self) -> "FakeIssuer":
        self.key = RSAKey.generate_key(2048, auto_kid=True)
        return self

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def token(
        self, *roles: str, typ: str = "at+jwt", key: ECKey | RSAKey | None = None, **claims: Any
    ) -> str:
        key = key or self.key
        said = {
            "iss": URL,
            "aud": AUDIENCE,
            "sub": "u-1",
            "roles": list(roles),
            "exp": int(time.time()) + 300,
        } | claims
        return jwt.encode(
            {"alg": "RS256" if isinstance(key, RSAKey) else "ES256", "typ": typ, "kid": key.kid},
            {k: v for k, v in said.items() if v is not None},
            key,
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("away")
        if request.url.path == "/.well-known/openid-configuration":
            return httpx.Response(200, json={"issuer": URL, "jwks_uri": f"{URL}/jwks"})
        self.fetches += 1
        return httpx.Response(200, json=KeySet([self.key]).as_dict(private=False))
