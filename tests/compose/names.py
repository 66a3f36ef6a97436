"""The installation's names lead to this machine, whatever its resolver says."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

HERE = "127.0.0.1"


@contextmanager
def lead_here(domain: str, ports: Mapping[int, int]) -> Iterator[None]:
    """`ports`: at which another port is published than the one that names are asked at."""
    asked = socket.getaddrinfo

    def answered(host: Any, port: Any, *more: Any, **given: Any) -> Any:
        if isinstance(host, str) and host.endswith(f".{domain}"):
            return asked(HERE, ports.get(port, port), *more, **given)
        return asked(host, port, *more, **given)

    socket.getaddrinfo = answered
    try:
        yield
    finally:
        socket.getaddrinfo = asked
