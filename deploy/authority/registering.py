"""What an operator registers at review so that the mock can be honest, and misbehave with keys
that are no longer or not yet good.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from deploy.authority.keys import public
from deploy.authority.signing import Signer, instant
from services.review.authority.signature import statement

CONFIRMING = "sys_admin_2"  # the account of the other operator
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
    for suffix, begins, ends in SPANS:
        key_id, public_key = signer.key_id + suffix, public(signer.key)
        said = statement(signer.office, key_id, signer.issuer, public_key)
        yield (
            key_id,
            {
                "issuer": signer.issuer,
                "public_key": public_key,
                "valid_from": instant(now + begins),
                "valid_to": instant(now + ends),
                "proof": b64encode(signer.key.sign(said)).decode(),
            },
        )
