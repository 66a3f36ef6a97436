"""An office of the authority: the keys by which its own systems sign decisions (decision 29)."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.aggregate import Aggregate, evolves
from libs.events.refusal import refuse
from libs.events.strict import Instant
from libs.events.value import Act, Value
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

    @staticmethod
    def create_id(code: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"/offices/{code}")

    @classmethod
    def begin_for(cls, act: Act, code: str) -> Office:
        """The office of this unit, as yet without keys."""
        return cls.begin(cls.create_id(code), cls.OfficeBegun(act=act, code=code))

    @evolves(OfficeBegun)
    def _begun(self, e: OfficeBegun) -> None:
        self.code = e.code
        self.keys: dict[str, AuthorityKey] = {}

    @property
    def owner(self) -> UUID:
        return self.id

    def key(self, issuer: str, key_id: str) -> AuthorityKey | None:
        """A key speaks for its own issuer only."""
        found = self.keys.get(key_id)
        return found if found and found.issuer == issuer else None

    # A key is registered

    class AuthorityKeyRegistered(Aggregate.Event):
        key_id: str
        issuer: str
        public_key: str
        valid_from: Instant
        valid_to: Instant

    def register_key(self, act: Act, key: AuthorityKey) -> None:
        """A key id names one key for ever; registering the same again changes nothing."""
        known = self.keys.get(key.key_id)
        refuse([finding(STATE, case="key_known")] if known not in (None, key) else [])
        if known is None:
            self.record(
                self.AuthorityKeyRegistered(
                    act=act,
                    key_id=key.key_id,
                    issuer=key.issuer,
                    public_key=key.public_key,
                    valid_from=key.valid_from,
                    valid_to=key.valid_to,
                )
            )

    @evolves(AuthorityKeyRegistered)
    def _key_registered(self, e: AuthorityKeyRegistered) -> None:
        key = AuthorityKey(
            key_id=e.key_id,
            issuer=e.issuer,
            public_key=e.public_key,
            valid_from=e.valid_from,
            valid_to=e.valid_to,
        )
        self.keys = {**self.keys, e.key_id: key}

    # A key is revoked

    class AuthorityKeyRevoked(Aggregate.Event):
        key_id: str

    def revoke_key(self, act: Act, key_id: str) -> None:
        """From now on; what was accepted before stays. Raises KeyError for a key nobody registered:
        whoever asks looks first.
        """
        if self.keys[key_id].revoked_at is None:
            self.record(self.AuthorityKeyRevoked(act=act, key_id=key_id))

    @evolves(AuthorityKeyRevoked)
    def _key_revoked(self, e: AuthorityKeyRevoked) -> None:
        revoked = self.keys[e.key_id].model_copy(update={"revoked_at": e.act.at})
        self.keys = {**self.keys, e.key_id: revoked}
