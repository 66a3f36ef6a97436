"""Sign-in by OpenID Connect: authorization code with PKCE, at any issuer. The tokens stay in the
session, they never reach the browser.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from typing import Any

import httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client._compat import httpx2 as authlibs_httpx
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from fastapi import Request

from libs.events.errors import Unavailable
from services.portal.settings import Client
from services.portal.web.sessions import Session

PATIENCE = 10  # seconds for an answer of the issuer
TABS = 5  # sign-ins of one browser that may be under way
EARLY = 60  # seconds before the token's end at which it is fetched anew


class SignIn:
    def __init__(self, client: Client, url: str) -> None:
        self._url = url
        secret = client.client_secret
        oauth = OAuth()
        self._issuer: StarletteOAuth2App = oauth.register(
            "issuer",
            client_id=client.client_id,
            client_secret=secret.get_secret_value() if secret else None,
            server_metadata_url=f"{client.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile",
                "timeout": PATIENCE,
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
            },
        )

    async def begin(self, request: Request, session: Session) -> str:
        """Where the browser goes. What must be known when it comes back is kept in the session."""
        with _reaching():
            found = await self._issuer.create_authorization_url(f"{self._url}/login/callback")
        url, state = found.pop("url"), found["state"]
        begun = {**found, "redirect_uri": f"{self._url}/login/callback"}
        others = list(session.data.get("sign_ins", {}).items())[1 - TABS :]
        session.data["sign_ins"] = {**dict(others), state: begun}
        return str(url)

    async def end(self, request: Request, session: Session) -> dict[str, Any]:
        """The tokens and who it is. Raises OAuthError for what this session did not begin."""
        query = request.query_params
        begun = session.data.get("sign_ins", {}).pop(query.get("state"), None)
        if error := query.get("error"):
            raise OAuthError(error=error, description=query.get("error_description"))
        if not begun or not query.get("code"):
            raise OAuthError(error="mismatching_state")
        with _reaching():
            tokens = await self._issuer.fetch_access_token(
                code=query.get("code"),
                state=begun["state"],
                redirect_uri=begun["redirect_uri"],
                code_verifier=begun["code_verifier"],
            )
            told = await self._issuer.parse_id_token(tokens, nonce=begun["nonce"])
        if not told:
            raise OAuthError(error="missing_id_token")
        return {"tokens": _kept(tokens), "user": _user(told)}

    async def keep_fresh(self, session: Session) -> bool:
        """Whether the session's token is good; it is fetched anew shortly before its end. While the
        issuer is away it is good until then.
        """
        tokens = session.data["tokens"]
        if self.is_fresh(session):
            return True
        if "refresh_token" not in tokens:
            return self.is_good(session)
        try:
            new = await self._refreshed(tokens["refresh_token"])
        except OAuthError:
            return False
        except Unavailable:
            if self.is_good(session):
                return True
            raise
        session.data["tokens"] = {**tokens, **_kept(new)}
        return True

    def is_fresh(self, session: Session) -> bool:
        """Whether its token is good for a while yet."""
        return bool(session.data["tokens"]["expires_at"] - time.time() > EARLY)

    def is_good(self, session: Session) -> bool:
        """Whether its token has not ended."""
        return bool(session.data["tokens"]["expires_at"] > time.time())

    async def _refreshed(self, token: str) -> dict[str, Any]:
        with _reaching():
            metadata = await self._issuer.load_server_metadata()
            async with self._issuer._get_oauth_client(**metadata) as client:
                new: dict[str, Any] = await client.refresh_token(metadata["token_endpoint"], token)
                return new

    async def logout_url(self, session: Session) -> str | None:
        """Where the issuer's own session ends; None if it has no such place."""
        with _reaching():
            metadata = await self._issuer.load_server_metadata()
            if not metadata.get("end_session_endpoint"):
                return None
            found = await self._issuer.create_logout_url(
                post_logout_redirect_uri=f"{self._url}/login",
                id_token_hint=session.data["tokens"].get("id_token"),
            )
        return str(found["url"])


@contextmanager
def _reaching() -> Iterator[None]:
    """An issuer that does not answer is a dependency that is away."""
    try:
        yield
    except (httpx.HTTPError, authlibs_httpx.HTTPError, JSONDecodeError) as error:
        raise Unavailable("issuer", f"an answer ({type(error).__name__})") from error


def _kept(tokens: dict[str, Any]) -> dict[str, Any]:
    names = ("access_token", "refresh_token", "id_token")
    kept = {name: tokens[name] for name in names if tokens.get(name)}
    return kept | {"expires_at": time.time() + float(tokens.get("expires_in", 300))}


def _user(told: dict[str, Any]) -> dict[str, Any]:
    """An issuer names roles of its own too; ours are spelled in capitals."""
    roles = told.get("roles") or told.get("realm_access", {}).get("roles") or []
    return {
        "sub": told["sub"],
        "role": next((each for each in roles if each.isupper()), ""),
        "name": told.get("name") or told.get("preferred_username") or told["sub"],
        "org": told.get("org"),
        "city": told.get("city"),
    }
