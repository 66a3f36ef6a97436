"""An office of the authority: the keys by which its own systems sign decisions (design, section
5).
"""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.refusal import refuse
from libs.events.value import Act, Instant, Value
from libs.filing.catalogue import STATE, finding


class AuthorityKey(Value):
    """A public key of one issuer, and when what it signs counts."""

    key_id: str
    issuer: str
    public_key: str  # base64 of the 32 bytes of Ed25519
    valid_from: Instant
    valid_to: Instant
    revoked_at: Instant | None = None

    def revoked(self, at: datetime) -> bool:
        return self.revoked_at is not None and self.revoked_at <= at


class Office(Aggregate):
    class OfficeBegun(Aggregate.Created):
        code: str  # code list `reporting_unit`

    class AuthorityKeyRegistered(Aggregate.Event):
        key_id: str
        issuer: str
        public_key: str
        valid_from: Instant
        valid_to: Instant

    class AuthorityKeyRevoked(Aggregate.Event):
        key_id: str

    @staticmethod
    def create_id(code: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"/offices/{code}")

    @property
    def owner(self) -> UUID:
        return self.id

    def register_key(self, act: Act, key: AuthorityKey) -> None:
        """A key id names one key for ever; registering the same again changes nothing."""
        known = self.keys.get(key.key_id)
        refuse([finding(STATE, case="key_known")] if known not in (None, key) else [])
        if known is None:
            self._authority_key_registered(
                act, key.key_id, key.issuer, key.public_key, key.valid_from, key.valid_to
            )

    def revoke_key(self, act: Act, key_id: str) -> None:
        """From now on; what was accepted before stays."""
        if self.keys[key_id].revoked_at is None:
            self._authority_key_revoked(act, key_id)

    def key(self, issuer: str, key_id: str) -> AuthorityKey | None:
        """A key speaks for its own issuer only."""
        found = self.keys.get(key_id)
        return found if found and found.issuer == issuer else None

    @event(OfficeBegun)
    def __init__(self, act: Act, code: str) -> None:
        self.code = code
        self.keys: dict[str, AuthorityKey] = {}

    @event(AuthorityKeyRegistered)
    def _authority_key_registered(
        self,
        act: Act,
        key_id: str,
        issuer: str,
        public_key: str,
        valid_from: Instant,
        valid_to: Instant,
    ) -> None:
        key = AuthorityKey(
            key_id=key_id,
            issuer=issuer,
            public_key=public_key,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        self.keys = {**self.keys, key_id: key}

    @event(AuthorityKeyRevoked)
    def _authority_key_revoked(self, act: Act, key_id: str) -> None:
        self.keys = {
            **self.keys,
            key_id: self.keys[key_id].model_copy(update={"revoked_at": act.at}),
        }
