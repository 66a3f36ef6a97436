"""How people sign in at the development issuer: authorization code with PKCE (RFC 7636), refresh
tokens, logout (OpenID Connect RP-Initiated Logout 1.0). Codes and refresh tokens are signed, not
kept; a code is good once.
"""

import base64
import hashlib
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.issuer.accounts import Accounts
from deploy.issuer.asked import against
from deploy.issuer.refusals import OAuthError
from deploy.issuer.signing import LIFETIME, Account, Signer
from libs.filing.reference import code_list

CLIENT = "kaohe-portal"  # public: PKCE takes the place of a secret
CODE_LIFETIME = 60  # seconds
SESSION = 12 * 3600  # seconds that refresh tokens carry on
ROLES = {each.code: each.zh for each in code_list("role").items}
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
}


class People:
    def __init__(self, signer: Signer, accounts: Accounts) -> None:
        self._signer, self._accounts = signer, accounts
        self._used: set[str] = set()  # codes, by their id, while they last

    @property
    def discovery(self) -> dict[str, Any]:
        url = self._signer.url
        return {
            "authorization_endpoint": f"{url}/authorize",
            "end_session_endpoint": f"{url}/logout",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "profile", "offline_access"],
        }

    def router(self) -> APIRouter:
        router = APIRouter()
        router.get("/authorize")(self._ask)
        router.post("/authorize")(self._choose)
        router.get("/logout")(self._logout)
        return router

    async def _ask(
        self,
        client_id: str,
        redirect_uri: str,
        code_challenge: str,
        state: str = "",
        nonce: str = "",
        response_type: str = "code",
        code_challenge_method: str = "plain",
    ) -> Response:
        """The page on which one chooses an account."""
        wrong = _wrong(client_id, redirect_uri)
        if not wrong and (response_type != "code" or code_challenge_method != "S256"):
            wrong = "only response_type=code with code_challenge_method=S256"
        if wrong:
            raise OAuthError("invalid_request", wrong)
        asked = {
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "nonce": nonce,
            "code_challenge": code_challenge,
        }
        return self._page(asked)

    def _page(self, asked: dict[str, str], uscc: str = "", refused: str = "") -> Response:
        """With the code that was typed, where it is `refused`."""
        page = TEMPLATES.get_template("authorize.html").render(
            asked=asked, accounts=self._accounts.all(), roles=ROLES, uscc=uscc, refused=refused
        )
        return HTMLResponse(page, 422 if refused else 200, headers=HEADERS)

    async def _choose(
        self,
        client_id: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        code_challenge: Annotated[str, Form()],
        account: Annotated[str, Form()] = "",
        uscc: Annotated[str, Form()] = "",
        state: Annotated[str, Form()] = "",
        nonce: Annotated[str, Form()] = "",
    ) -> Response:
        """Back to the client with a code. An enterprise that has no account yet gives its code."""
        if wrong := _wrong(client_id, redirect_uri):
            raise OAuthError("invalid_request", wrong)
        chosen = self._accounts.all().get(account)
        if org := uscc.strip().upper():
            if said := against("ENT_CLERK", org, None):
                asked = {"client_id": client_id, "redirect_uri": redirect_uri, "state": state}
                asked |= {"nonce": nonce, "code_challenge": code_challenge}
                return self._page(asked, org, f"{said.zh} / {said.en}")
            chosen = Account("ENT_CLERK", org=org, name=f"经办人 {org[-6:]}")
        if chosen is None:
            raise OAuthError("access_denied", "no account was chosen")
        code = self._sign(
            "code+jwt",
            CODE_LIFETIME,
            {
                "account": vars(chosen),
                "redirect_uri": redirect_uri,
                "nonce": nonce,
                "challenge": code_challenge,
            },
        )
        answer = {"code": code, "state": state, "iss": self._signer.url}
        return RedirectResponse(f"{redirect_uri}?{urlencode(answer)}", 303)

    async def _logout(
        self,
        post_logout_redirect_uri: Annotated[str, Query()] = "",
        state: Annotated[str, Query()] = "",
    ) -> Response:
        """There is no session here: back to the client."""
        if post_logout_redirect_uri and not _loopback(post_logout_redirect_uri):
            wrong = "post_logout_redirect_uri must be of this machine"
            raise OAuthError("invalid_request", wrong)
        back = urlencode({"state": state}) if state else ""
        return RedirectResponse(f"{post_logout_redirect_uri or '/'}?{back}".rstrip("?"), 303)

    def by_code(self, code: str, redirect_uri: str, verifier: str) -> dict[str, Any] | None:
        """Tokens for a code; None if it is not good, not this client's, or used before."""
        found = self._signer.opened("code+jwt", code)
        if found is None or found["jti"] in self._used or found["redirect_uri"] != redirect_uri:
            return None
        digest = hashlib.sha256(verifier.encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != found["challenge"]:
            return None
        self._used.add(found["jti"])
        return self._tokens(Account(**found["account"]), found["nonce"])

    def by_refresh(self, token: str) -> dict[str, Any] | None:
        """Tokens for a refresh token; None if it is not good."""
        found = self._signer.opened("refresh+jwt", token)
        return self._tokens(Account(**found["account"]), "") if found else None

    def _tokens(self, account: Account, nonce: str) -> dict[str, Any]:
        told = account.claims | {"aud": CLIENT} | ({"nonce": nonce} if nonce else {})
        return {
            "access_token": self._signer.access_token(account, CLIENT),
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "id_token": self._sign("JWT", LIFETIME, told),
            "refresh_token": self._sign("refresh+jwt", SESSION, {"account": vars(account)}),
        }

    def _sign(self, kind: str, seconds: int, claims: dict[str, Any]) -> str:
        return self._signer.sign(kind, self._signer.stamped(seconds, claims))


def _wrong(client: str, redirect_uri: str) -> str:
    if client != CLIENT:
        return "unknown client"
    return "" if _loopback(redirect_uri) else "redirect_uri must be of this machine"


def _loopback(uri: str) -> bool:
    url = urlsplit(uri)
    return url.scheme == "http" and url.hostname in ("127.0.0.1", "localhost")
