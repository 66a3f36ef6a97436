"""What a browser keeps for ever leaves compressed; what holds somebody's data never does."""

import pytest

from tests.portal.in_memory import PortalInMemory

pytestmark = [pytest.mark.servers]


def test_style_and_script_are_compressed_for_whoever_takes_it_and_pages_for_nobody(
    portal: PortalInMemory,
) -> None:
    guest = portal.visitor()
    guest.open("/results")
    assert "content-encoding" not in guest.told.headers
    for path in guest.all("//link[@rel='stylesheet']/@href | //script/@src"):
        guest.open(path)
        assert guest.told.headers["content-encoding"] == "gzip"
        assert guest.told.headers["vary"] == "Accept-Encoding"
        assert int(guest.told.headers["content-length"]) < len(guest.content) / 3
        guest.browser.headers["accept-encoding"] = "identity"
        short = guest.content
        guest.open(path)
        assert "content-encoding" not in guest.told.headers
        assert guest.content == short
        guest.browser.headers["accept-encoding"] = "gzip"
