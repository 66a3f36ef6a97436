"""What an operator registers at review so that the mock can be honest, and misbehave with keys
that are no longer or not yet good.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from deploy.authority.keys import public
from deploy.authority.signing import Signer, instant

YEAR = timedelta(days=365)
SPANS = (
    ("", -YEAR, 3 * YEAR),
    ("-revoked", -YEAR, YEAR),
    ("-expired", -2 * YEAR, -YEAR),
    ("-early", YEAR, 2 * YEAR),
)


def keys(signer: Signer) -> Iterator[tuple[str, dict[str, Any]]]:
    """Key ids with the bodies of `PUT /offices/{code}/keys/{key_id}`; the one on `-revoked` is
    revoked at once.
    """
    now = signer.now()
    for suffix, begins, ends in (
        ("", -YEAR, 3 * YEAR),
        ("-revoked", -YEAR, YEAR),
        ("-expired", -2 * YEAR, -YEAR),
        ("-early", YEAR, 2 * YEAR),
    ):
        valid = {"valid_from": instant(now + begins), "valid_to": instant(now + ends)}
        yield (
            signer.key_id + suffix,
            {"issuer": signer.issuer, "public_key": public(signer.key), **valid},
        )
