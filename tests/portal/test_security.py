"""What no page of the portal lets through."""

import pytest

from services.portal.web.security import local_path


@pytest.mark.parametrize(
    "given",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/a\nLocation: https://evil.example",
        "/\t/evil.example",
        "evil.example",
        "",
        None,
    ],
)
def test_nobody_is_sent_elsewhere(given: str | None) -> None:
    assert local_path(given) == "/"


@pytest.mark.parametrize("given", ["/", "/enterprise/filings?status=SAVED", "/people#a"])
def test_a_page_of_the_portal_is_gone_back_to(given: str) -> None:
    assert local_path(given) == given
