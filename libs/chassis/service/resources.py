"""What a service works with: its log, keys, bus, object store and clock, and the application on
them.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from hashlib import sha256

from libs.chassis.drafts.drafts import Drafts, PostgresDrafts
from libs.chassis.process.broker import bus
from libs.chassis.process.settings import ServiceSettings, read_key, read_keys
from libs.chassis.replicas.clock import FollowedClock, RandomIds, SystemClock
from libs.chassis.scans.objects import Objects
from libs.chassis.scans.parser.pool import Parser
from libs.events.application import Application
from libs.events.kept import Caches
from libs.events.keyring import MasterKeys, PostgresKeyRing
from libs.events.pools import Pool
from libs.events.signatures import Signer, signatories
from libs.events.store import Log
from libs.events.verifying import RecordVerifier


class Resources:
    def __init__(
        self,
        name: str,
        references: Mapping[str, str],
        settings: ServiceSettings,
        pool: Pool,
        keys: Pool,
    ) -> None:
        self.settings, self.pool = settings, pool
        masters = MasterKeys(partial(read_keys, settings.keyring.master_key_file))
        person = read_key(settings.keyring.person_key_file)
        self.clock = SystemClock() if settings.profile == "prod" else FollowedClock()
        self.keyring = PostgresKeyRing(keys, masters, person)
        self.fingerprint_key = sha256(b"fingerprint" + person).digest()
        self.log = Log(pool, self.clock)
        self.ids = RandomIds()
        self.bus = bus(settings.kafka, f"kaohe-{name}")
        self.signer = Signer(name, read_key(settings.records.key_file))
        self._known = signatories(settings.records.known_file.read_text())
        self.objects = Objects(settings.s3)
        self.parser = Parser()
        keep = timedelta(days=settings.drafts.keep_days)
        self.drafts = Drafts(PostgresDrafts(pool), self.keyring, self.clock, keep)
        self.application = Application(self.log, self.keyring, self.ids, references, pool)

    @property
    def caches(self) -> Caches:
        return {**self.application.caches, **self.keyring.caches}

    def verifier(self, service: str) -> RecordVerifier:
        """Of what a service publishes."""
        return RecordVerifier(service, self._known, self.pool)
