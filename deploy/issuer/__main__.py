"""`python -m deploy.issuer HOST PORT KEYFILE`: serves until it is told to stop. The client's
secret is in ISSUER_CLIENT.
"""

import base64
import hmac
import os
import sys
import time
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote
from uuid import uuid4

import uvicorn
from fastapi import FastAPI, Form, Header, HTTPException
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

LIFETIME = 3600  # seconds
CLIENT = "kaohe-dev"


def application(url: str, key: ECKey, secret: str) -> FastAPI:
    """Tokens say what the request asks for: role, org, city, user, office. That is what makes it a
    development provider.
    """
    app = FastAPI(title="Kaohe development issuer", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return {
            "issuer": url,
            "jwks_uri": f"{url}/jwks",
            "token_endpoint": f"{url}/token",
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        }

    @app.get("/jwks")
    async def keys() -> Any:
        return KeySet([key]).as_dict(private=False)

    @app.post("/token")
    async def token(
        grant_type: Annotated[str, Form()],
        role: Annotated[str, Form()],
        authorization: Annotated[str, Header()] = "",
        org: Annotated[str | None, Form()] = None,
        city: Annotated[str | None, Form()] = None,
        user: Annotated[str | None, Form()] = None,
        office: Annotated[str | None, Form()] = None,
    ) -> dict[str, Any]:
        if grant_type != "client_credentials":
            raise HTTPException(400, "unsupported_grant_type")
        if not _knows(authorization, secret):
            raise HTTPException(401, "invalid_client")
        claims = access_claims(url, role, org, city, user, office)
        signed = jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": key.kid}, claims, key)
        return {"access_token": signed, "token_type": "Bearer", "expires_in": LIFETIME}

    return app


def access_claims(
    url: str, role: str, org: str | None, city: str | None, user: str | None, office: str | None
) -> dict[str, Any]:
    """RFC 9068. The subject is by default the role with its place."""
    now = int(time.time())
    subject = user or "/".join([role.lower(), *filter(None, [org or city])])
    optional = {"org": org, "city": city, "office": office or city}
    return {
        "iss": url,
        "aud": "kaohe",
        "sub": subject,
        "client_id": CLIENT,
        "roles": [role],
        "iat": now,
        "exp": now + LIFETIME,
        "jti": str(uuid4()),
    } | {name: value for name, value in optional.items() if value}


def _knows(authorization: str, secret: str) -> bool:
    try:
        id, _, given = (
            base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        )
    except ValueError:
        return False
    return unquote(id) == CLIENT and hmac.compare_digest(unquote(given).encode(), secret.encode())


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


if __name__ == "__main__":
    host, port, keyfile = sys.argv[1:]
    app = application(
        f"http://{host}:{port}", signing_key(Path(keyfile)), os.environ["ISSUER_CLIENT"]
    )
    uvicorn.run(app, host=host, port=int(port), log_level="warning")
