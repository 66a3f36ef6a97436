"""An office of the authority: the keys by which its own systems sign decisions (decision 29)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
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
        self.keys: dict[str, AuthorityKey] = {}  # what they sign counts
        self.proposed: dict[str, AuthorityKey] = {}
        self.proposers: dict[str, frozenset[str]] = {}  # by key id, all their names

    @property
    def owner(self) -> UUID:
        return self.id

    def key(self, issuer: str, key_id: str) -> AuthorityKey | None:
        """A key speaks for its own issuer only."""
        found = self.keys.get(key_id)
        return found if found and found.issuer == issuer else None

    # A key is proposed: until somebody else confirms it nothing counts that it signs

    class AuthorityKeyProposed(Aggregate.Event):
        key_id: str
        issuer: str
        public_key: str
        valid_from: Instant
        valid_to: Instant
        authors: tuple[str, ...] = ()  # beside whoever proposed it, their other names

    def propose_key(self, act: Act, key: AuthorityKey) -> None:
        """A key id names one key for ever; proposing the same again changes nothing."""
        known = self.keys.get(key.key_id) or self.proposed.get(key.key_id)
        refuse([finding(STATE, case="key_known")] if known not in (None, key) else [])
        if known is None:
            authors = tuple(sorted(act.by.names - {act.by.user}))
            self.record(self.AuthorityKeyProposed(act=act, authors=authors, **_said(key)))

    @evolves(AuthorityKeyProposed)
    def _key_proposed(self, e: AuthorityKeyProposed) -> None:
        self.proposed = {**self.proposed, e.key_id: _key(e)}
        self.proposers = {**self.proposers, e.key_id: e.act.by.accounts | {*e.authors}}

    # A key is registered

    class AuthorityKeyRegistered(Aggregate.Event):
        """From now on what it signs counts. Older logs have it without a proposal."""

        key_id: str
        issuer: str
        public_key: str
        valid_from: Instant
        valid_to: Instant

    def confirm_key(self, act: Act, key_id: str) -> None:
        """By another person than who proposed it; confirming twice changes nothing. Raises
        KeyError for a key nobody proposed: whoever asks looks first.
        """
        if key_id in self.keys:
            return
        key = self.proposed[key_id]
        refuse(
            [
                *([finding(STATE, case="own_key")] if self._proposed(act, key_id) else []),
                *([finding(STATE, case="key_revoked")] if key.revoked_at else []),
            ]
        )
        self.record(self.AuthorityKeyRegistered(act=act, **_said(key)))

    def _proposed(self, act: Act, key_id: str) -> bool:
        return bool(act.by.names & self.proposers[key_id])

    @evolves(AuthorityKeyRegistered)
    def _key_registered(self, e: AuthorityKeyRegistered) -> None:
        self.keys = {**self.keys, e.key_id: _key(e)}
        self.proposed = {id: key for id, key in self.proposed.items() if id != e.key_id}

    # A key is revoked

    class AuthorityKeyRevoked(Aggregate.Event):
        key_id: str

    def revoke_key(self, act: Act, key_id: str) -> None:
        """From now on; what was accepted before stays, and what was proposed is not confirmed any
        more. Raises KeyError for a key nobody registered or proposed: whoever asks looks first.
        """
        if self.all_keys[key_id].revoked_at is None:
            self.record(self.AuthorityKeyRevoked(act=act, key_id=key_id))

    @evolves(AuthorityKeyRevoked)
    def _key_revoked(self, e: AuthorityKeyRevoked) -> None:
        revoked = self.all_keys[e.key_id].model_copy(update={"revoked_at": e.act.at})
        if e.key_id in self.keys:
            self.keys = {**self.keys, e.key_id: revoked}
        else:
            self.proposed = {**self.proposed, e.key_id: revoked}

    @property
    def all_keys(self) -> Mapping[str, AuthorityKey]:
        """By key id, those that are only proposed too."""
        return {**self.proposed, **self.keys}


def _said(key: AuthorityKey) -> dict[str, Any]:
    """As events tell it."""
    return key.model_dump(exclude={"revoked_at"})


def _key(e: Office.AuthorityKeyProposed | Office.AuthorityKeyRegistered) -> AuthorityKey:
    return AuthorityKey(
        key_id=e.key_id,
        issuer=e.issuer,
        public_key=e.public_key,
        valid_from=e.valid_from,
        valid_to=e.valid_to,
    )
