"""docs/operations.md has every setting, as the classes have it."""

import pytest

from deploy.cli.settings import PAGE, READERS, of, settings, written
from libs.chassis.process.settings import ServiceSettings
from services.portal.settings import PortalSettings


def test_the_page_has_the_settings_as_they_are() -> None:
    assert written(PAGE.read_text()) == PAGE.read_text(), "./kaohe settings --write"


def test_a_setting_is_said_with_its_default_and_its_words() -> None:
    found = {each.name: each for each in of(ServiceSettings, "<SERVICE>_")}
    assert found["<SERVICE>_DB__DSN"].kind.startswith("secret")
    assert found["<SERVICE>_DB__DSN"].default == "must be set"
    assert found["<SERVICE>_MAIL__HOST"].default == "if the part is used"
    assert found["<SERVICE>_HTTP__QUOTAS__REQUESTS_A_MINUTE"].default == "`60000`"
    assert "worker" in found["<SERVICE>_ROLE"].words


def test_the_portal_is_told_only_of_what_it_heeds() -> None:
    """Its pages are no API: nobody asks for them from another origin, or by a quota."""
    found = {each.name for each in of(PortalSettings, "PORTAL_")}
    assert {each for each in found if "_HTTP__" in each} == {
        "PORTAL_HTTP__HOST",
        "PORTAL_HTTP__PORT",
    }
    assert "PORTAL_DB__SCOPED_ROLE" not in found


def test_everybody_who_reads_settings_is_there() -> None:
    assert [prefix for _, prefix, _ in READERS] == ["<SERVICE>_", "PORTAL_", "<SERVICE>_"]


def test_a_stale_page_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("deploy.cli.settings.tables", lambda: "else")
    assert settings(check=True) == 1
    assert "stale" in capsys.readouterr().out
