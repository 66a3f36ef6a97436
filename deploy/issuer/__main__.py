"""`python -m deploy.issuer HOST PORT KEYFILE`: serves until it is told to stop. The client's
secret is in ISSUER_CLIENT; accounts that people may choose stand beside the key.
"""

import base64
import hmac
import os
import sys
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote

import uvicorn
from fastapi import Depends, FastAPI, Form, Header, Response
from fastapi.staticfiles import StaticFiles
from joserfc.jwk import KeySet

from deploy.issuer.accounts import Accounts
from deploy.issuer.asked import against, place
from deploy.issuer.people import People
from deploy.issuer.refusals import NOT_KEPT, OAuthError, add_refusals, once
from deploy.issuer.signing import LIFETIME, Account, Signer, signing_key
from services.portal import STATIC

CLIENT = "kaohe-dev"
GRANTS = ("client_credentials", "authorization_code", "refresh_token")


def application(signer: Signer, secret: str, accounts: Accounts) -> FastAPI:
    """Machines say in the request whom a token shall speak for: role, org, city, user, office;
    people choose an account. That is what makes it a development provider.
    """
    app = FastAPI(title="Kaohe development issuer", docs_url=None, redoc_url=None, openapi_url=None)
    add_refusals(app)
    people = People(signer, accounts)
    app.include_router(people.router())
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return {
            "issuer": signer.url,
            "jwks_uri": f"{signer.url}/jwks",
            "token_endpoint": f"{signer.url}/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
            "grant_types_supported": GRANTS,
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            **people.discovery,
        }

    @app.get("/jwks")
    async def keys() -> Any:
        return KeySet([signer.key]).as_dict(private=False)

    @app.post("/token", dependencies=[Depends(once)])
    async def token(
        response: Response,
        grant_type: Annotated[str, Form()],
        authorization: Annotated[str, Header()] = "",
        role: Annotated[str, Form()] = "",
        org: Annotated[str | None, Form()] = None,
        city: Annotated[str | None, Form()] = None,
        user: Annotated[str | None, Form()] = None,
        office: Annotated[str | None, Form()] = None,
        code: Annotated[str, Form()] = "",
        redirect_uri: Annotated[str, Form()] = "",
        code_verifier: Annotated[str, Form()] = "",
        refresh_token: Annotated[str, Form()] = "",
    ) -> dict[str, Any]:
        response.headers.update(NOT_KEPT)
        if grant_type == "client_credentials":
            if not _knows(authorization, secret):
                raise OAuthError("invalid_client", "the client or its secret is not known", 401)
            if refused := against(role, org, city):
                raise OAuthError("invalid_request", refused.en)
            account = Account(role, org, place(role, city), user, office)
            signed = signer.access_token(account, CLIENT)
            return {"access_token": signed, "token_type": "Bearer", "expires_in": LIFETIME}
        if grant_type == "authorization_code":
            tokens = people.by_code(code, redirect_uri, code_verifier)
        elif grant_type == "refresh_token":
            tokens = people.by_refresh(refresh_token)
        else:
            raise OAuthError("unsupported_grant_type", f"one of {', '.join(GRANTS)}")
        if tokens is None:
            raise OAuthError("invalid_grant", "the code or token is not good, or was used before")
        return tokens

    return app


def _knows(authorization: str, secret: str) -> bool:
    try:
        id, _, given = (
            base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        )
    except ValueError:
        return False
    return unquote(id) == CLIENT and hmac.compare_digest(unquote(given).encode(), secret.encode())


if __name__ == "__main__":
    host, port, keyfile = sys.argv[1:]
    signer = Signer(f"http://{host}:{port}", signing_key(Path(keyfile)))
    app = application(signer, os.environ["ISSUER_CLIENT"], Accounts.beside(Path(keyfile)))
    uvicorn.run(app, host=host, port=int(port), log_level="warning")
