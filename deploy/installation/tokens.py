"""Access tokens of an installation's issuer, for its operators and for the demo."""

import os
from functools import cache
from ssl import SSLContext
from typing import Any

import httpx

from deploy.embedded.process import StackError
from deploy.issuer.asked import against


def access_token(told: dict[str, Any], role: str, **claims: str | None) -> str:
    """By the client-credentials grant; with an outside issuer the client is in
    KAOHE_ISSUER_CLIENT=id:secret.
    """
    if refused := against(role, claims.get("org"), claims.get("city")):
        raise StackError(refused.zh, refused.en)
    client = os.environ.get("KAOHE_ISSUER_CLIENT") or told["issuer_client"]
    if not client:
        raise StackError(
            "使用外部身份服务须设置 KAOHE_ISSUER_CLIENT=id:secret",
            "set KAOHE_ISSUER_CLIENT=id:secret for the outside issuer",
        )
    id, _, secret = client.partition(":")
    asked = {"grant_type": "client_credentials", "role": role, "audience": "kaohe"} | {
        name: value for name, value in claims.items() if value
    }
    try:
        place = (
            httpx.get(
                f"{told['issuer'].rstrip('/')}/.well-known/openid-configuration",
                timeout=5,
                verify=_trusted(),
            )
            .raise_for_status()
            .json()
        )
        answer = (
            httpx.post(
                place["token_endpoint"],
                data=asked,
                auth=(id, secret),
                timeout=5,
                verify=_trusted(),
            )
            .raise_for_status()
            .json()
        )
    except httpx.HTTPStatusError as error:
        raise StackError(
            "身份提供方未签发令牌", f"the issuer gave no token: {_said(error.response)}"
        ) from None
    except (httpx.HTTPError, KeyError, ValueError) as error:
        raise StackError(
            "身份提供方未签发令牌，请检查是否已启动、客户端是否登记",
            f"the issuer gave no token ({type(error).__name__}): is it up, and is the client "
            f"known to it?",
        ) from None
    return str(answer["access_token"])


@cache
def _trusted() -> SSLContext:
    """Certificates of the authorities, read once: that takes longer than to ask for a token."""
    return httpx.create_ssl_context()


def _said(answer: httpx.Response) -> str:
    """Its error as RFC 6749 has it, or its status."""
    try:
        told = answer.json()
        return f"{told['error']}, {told.get('error_description', '')}".rstrip(", ")
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
