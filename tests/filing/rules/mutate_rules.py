"""Can every test of a rule fail? Each rule is killed twice: it finds nothing, and each test that
breaks it must fail; it always finds something, and each test that keeps it must fail
(decision 16).

    python -m tests.filing.rules.mutate_rules

Prints the tests that pass nevertheless; exit status 1 if there are any.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from libs.events.refusal import Finding
from libs.filing.catalogue import finding
from libs.filing.rules import registry

HERE = Path(__file__).parent


def main() -> int:
    loop = WithoutTheRule()
    status = pytest.main(
        ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(HERE)], plugins=[loop]
    )
    for name in loop.survivors:
        print(f"passes without its rule: {name}")
    print(
        f"{loop.tried} tests of {len(registry.checks())} rules, {len(loop.survivors)} cannot fail"
    )
    return int(bool(loop.survivors or status or not loop.tried))


class WithoutTheRule:
    def __init__(self) -> None:
        self.tried = 0
        self.survivors: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for (rule, word), items in self._by_rule(session.items).items():
            told = [finding(rule, "/dead")] if word == "kept" else []
            with _answering(rule, told):
                for name, cases in items.items():
                    self.tried += 1
                    if not any(_fails(case) for case in cases):
                        self.survivors.append(name)
        return True

    def _by_rule(
        self, items: Sequence[pytest.Item]
    ) -> dict[tuple[str, str], dict[str, list[pytest.Item]]]:
        """Cases of each test of a rule."""
        found: dict[tuple[str, str], dict[str, list[pytest.Item]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for item in items:
            name = item.nodeid.partition("[")[0]
            if test := registry.TEST.match(f"def {name.rpartition('::')[2]}"):
                found[registry.rule_id(test[1]), test[2]][name].append(item)
        return found


def _fails(item: pytest.Item) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False))


def _dead(*_: Any, _told: Sequence[Finding], **__: Any) -> list[Finding]:
    return list(_told)


@contextmanager
def _answering(rule: str, told: list[Finding]) -> Iterator[None]:
    """The code itself is exchanged, so that whoever has imported the function calls the dead
    one.
    """
    functions: list[Any] = list(registry.checks()[rule])
    alive = [(each, each.__code__, each.__kwdefaults__) for each in functions]
    for each in functions:
        each.__code__, each.__kwdefaults__ = _dead.__code__, {"_told": told}
    try:
        yield
    finally:
        for each, code, defaults in alive:
            each.__code__, each.__kwdefaults__ = code, defaults


if __name__ == "__main__":
    sys.exit(main())
