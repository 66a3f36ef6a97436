"""5.0 data is compared by its values: what is offered again, and what still stands as it came."""

from datetime import date
from typing import cast

import pytest

from libs.events.history import kept
from libs.events.testing import given
from libs.filing.content.enterprise import Information
from services.enterprise.information.domain import Enterprise
from services.enterprise.information.offer import LegacyOffer
from services.enterprise.information.schemas import enterprise_view
from services.enterprise.legacy.domain import LegacyFiling
from tests.enterprise.test_enterprise import registered
from tests.given import USCC, clerk

ON = date(2023, 5, 1)
NAME, ASSETS = "/basic/name", "/net_assets/0/net_assets_wan"


def page(amount: str, name: str = "示范设计") -> Information:
    """As an event says it, in the spelling it has."""
    assets = [{"fiscal_year": 2023, "net_assets_wan": amount}]
    return kept(Information, {"basic": {"name": name}, "net_assets": assets})


def offer(content: Information, sha256: str) -> LegacyOffer:
    return LegacyOffer("5-001", ON, True, sha256, content)


def offered(content: Information) -> LegacyFiling.LegacyFilingOffered:
    return LegacyFiling.LegacyFilingOffered(
        act=clerk(), uscc=USCC, migrated_at=None, **vars(offer(content, "1" * 64))
    )


@pytest.mark.parametrize("again", [page("300"), page("300.0000"), page("300.00", "示范设计 ")])
def test_the_same_content_in_another_spelling_is_no_other_offer(again: Information) -> None:
    given(LegacyFiling, offered(page("300.00"))).when(
        LegacyFiling.offer_again, clerk(), offer(again, "2" * 64), None
    ).then()


def test_another_amount_is_another_offer() -> None:
    other = offer(page("400"), "2" * 64)
    given(LegacyFiling, offered(page("300.00"))).when(
        LegacyFiling.offer_again, clerk(), other, None
    ).then(LegacyFiling.LegacyFilingOfferedAgain(act=clerk(), migrated_at=None, **vars(other)))


@pytest.mark.parametrize(
    ("saved", "standing"),
    [(page("300"), {NAME, ASSETS}), (page("300", "新名称"), {ASSETS}), (page("400"), {NAME})],
)
def test_a_field_stands_as_it_came_while_its_value_is_the_same(
    saved: Information, standing: set[str]
) -> None:
    fetched = Enterprise.LegacyFilingFetched(
        act=clerk(), legacy_id="5-001", filed_on=ON, sha256="1" * 64, information=page("300.00")
    )
    then = Enterprise.EnterpriseInfoSaved(act=clerk(), information=saved)
    enterprise = cast(Enterprise, given(Enterprise, registered, fetched, then).aggregate)
    view = enterprise_view(enterprise)
    assert view.legacy
    assert {NAME, ASSETS} & set(view.legacy.fields) == standing
