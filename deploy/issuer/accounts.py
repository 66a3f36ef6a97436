"""Accounts of the development issuer: whom one may sign in as. No passwords: it is a development
provider.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from deploy.issuer.signing import Account

ALWAYS = (
    Account("CITY_OFFICER", city="410100", name="郑州市审核员"),
    Account("CITY_LEAD", city="410100", name="郑州市负责人"),
    Account("PROV_OFFICER", city="410000", name="省级复核员"),
    Account("PROV_LEAD", city="410000", name="省级负责人"),
    Account("EXPERT", user="expert-1", name="评审专家"),
    Account("AUDITOR", user="auditor", name="审计人员"),
    Account("SYS_ADMIN", user="sys_admin", name="系统管理员"),
)


class Accounts:
    """Those that are always there, and those that were added to the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def beside(cls, keyfile: Path) -> "Accounts":
        return cls(keyfile.with_name("accounts.json"))

    def all(self) -> dict[str, Account]:
        """By subject."""
        added = json.loads(self._path.read_text()) if self._path.exists() else []
        accounts = [*(Account(**each) for each in added), *ALWAYS]
        return {each.subject: each for each in accounts}

    def add(self, accounts: Iterable[Account]) -> None:
        """Those already there are replaced."""
        kept = {each.subject: each for each in self.all().values() if each not in ALWAYS}
        kept |= {each.subject: each for each in accounts}
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps([asdict(each) for each in kept.values()], ensure_ascii=False))
        new.replace(self._path)
