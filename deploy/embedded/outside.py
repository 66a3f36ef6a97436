"""Servers from outside: `KAOHE_POSTGRES`, `KAOHE_KAFKA`, `KAOHE_S3`, `KAOHE_ISSUER` take the place of the stack's own."""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from deploy.embedded.process import StackError


@dataclass(frozen=True)
class Outside:
    postgres: str | None
    kafka: str | None
    s3: str | None
    issuer: str | None

    @property
    def s3_parts(self) -> tuple[str, str, str]:
        """Endpoint, access key, secret key of `http(s)://key:secret@host:port`."""
        url = urlsplit(self.s3 or "")
        if not (url.scheme in ("http", "https") and url.username and url.password and url.hostname):
            raise StackError("KAOHE_S3 must look like http(s)://key:secret@host:port")
        return f"{url.scheme}://{url.hostname}:{url.port or (443 if url.scheme == 'https' else 80)}", url.username, url.password


def outside() -> Outside:
    return Outside(*(os.environ.get(f"KAOHE_{name}") or None for name in ("POSTGRES", "KAFKA", "S3", "ISSUER")))
