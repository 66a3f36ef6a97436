"""Tickets: a presigned PUT (AWS Signature Version 4) that takes exactly one length, where nothing
lies yet (a conditional write). What minio signs for us leaves both open.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

SIGNED = "content-length;host;if-none-match"
ONCE = {"If-None-Match": "*"}  # what a client sends with it


def presigned_put(
    url: str,
    credentials: tuple[str, str],
    region: str,
    *,
    size: int,
    lasts: timedelta,
    query: Mapping[str, str],
    now: datetime,
) -> str:
    """The URL of an object with what the store checks: that the body has this many bytes, that
    nothing is there yet, and the query. `credentials`: access key and secret key.
    """
    place, (access_key, secret_key) = urlsplit(url), credentials
    at = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{at[:8]}/{region}/s3/aws4_request"
    asked = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{access_key}/{scope}",
        "X-Amz-Date": at,
        "X-Amz-Expires": str(int(lasts.total_seconds())),
        "X-Amz-SignedHeaders": SIGNED,
        **query,
    }
    spelt = "&".join(f"{_spelt(name)}={_spelt(asked[name])}" for name in sorted(asked))
    headers = f"content-length:{size}\nhost:{place.netloc}\nif-none-match:*\n"
    parts = ("PUT", quote(place.path), spelt, headers, SIGNED, "UNSIGNED-PAYLOAD")
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    said = "\n".join(("AWS4-HMAC-SHA256", at, scope, digest))
    signature = _mac(_key(secret_key, scope), said).hex()
    return f"{url}?{spelt}&X-Amz-Signature={signature}"


def _spelt(text: str) -> str:
    return quote(text, safe="-_.~")


def _key(secret_key: str, scope: str) -> bytes:
    """Derived for one day, region and service."""
    key = f"AWS4{secret_key}".encode()
    for part in scope.split("/"):
        key = _mac(key, part)
    return key


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
