"""A campaign, planned, opened and closed once; and the register that lists them."""

from uuid import UUID, uuid4

import pytest

from libs.events.codec import LIMIT, canonical
from libs.events.refusal import Refused
from libs.events.testing import given
from libs.filing.catalogue import texts_of
from services.assessment.campaigns.domain.campaign import Campaign, Phase
from services.assessment.campaigns.domain.register import Register
from tests.assessment.given import CAMPAIGN, CLERK, ENTERPRISE, SETTINGS

PLANNED = Campaign.CampaignPlanned(act=CLERK, campaign=CAMPAIGN, settings=SETTINGS)
OPENED = Campaign.CampaignOpened(act=CLERK)
CLOSED = Campaign.CampaignClosed(act=CLERK, absent=(ENTERPRISE,))
OTHERS = SETTINGS.model_copy(update={"title": "2024年度动态考核（调整）"})


def test_a_planned_campaign_is_changed_and_the_same_settings_are_no_change() -> None:
    changed = Campaign.CampaignChanged(act=CLERK, settings=OTHERS)
    given(Campaign, PLANNED).when(Campaign.change, CLERK, OTHERS).then(changed)
    given(Campaign, PLANNED).when(Campaign.change, CLERK, SETTINGS).then()
    assert given(Campaign, PLANNED, changed).aggregate.settings == OTHERS


def test_once_it_is_open_nobody_s_record_is_judged_by_rules_that_moved() -> None:
    given(Campaign, PLANNED, OPENED).when(Campaign.change, CLERK, OTHERS).then_refused("STATE")


def test_a_campaign_opens_once_and_closes_once_with_the_list_of_the_absent() -> None:
    given(Campaign, PLANNED).when(Campaign.close, CLERK, ()).then_refused("STATE")
    given(Campaign, PLANNED).when(Campaign.open, CLERK).then(OPENED)
    given(Campaign, PLANNED, OPENED).when(Campaign.open, CLERK).then_refused("STATE")
    given(Campaign, PLANNED, OPENED).when(Campaign.close, CLERK, (ENTERPRISE,)).then(CLOSED)
    closed = given(Campaign, PLANNED, OPENED, CLOSED)
    assert (closed.aggregate.phase, closed.aggregate.absent) == (Phase.CLOSED, 1)
    closed.when(Campaign.close, CLERK, ()).then_refused("STATE")


def test_all_of_henan_may_be_absent_and_no_event_is_too_large() -> None:
    absent = [uuid4() for _ in range(27_000)]
    campaign = given(Campaign, PLANNED, OPENED).aggregate
    campaign.close(CLERK, absent)
    assert (campaign.phase, campaign.absent) == (Phase.CLOSED, 27_000)
    events = campaign.collect_events()
    assert [id for each in events for id in each.absent] == absent
    sizes = [len(canonical(each.model_dump(mode="json"))) for each in events]
    assert max(sizes) < LIMIT
    assert type(events[-1]) is Campaign.CampaignClosed


def test_an_act_out_of_its_phase_is_refused_in_the_words_of_the_phase() -> None:
    with pytest.raises(Refused) as refused:
        given(Campaign, PLANNED, OPENED, CLOSED).aggregate.close(CLERK, ())
    [told] = map(texts_of, refused.value.findings)
    assert told.zh == "考核批次当前为“填报截止”，不能截止填报"
    assert told.en == (
        "The campaign is in phase Submission closed: close submission is not possible"
    )


def test_a_campaign_is_planned_under_the_id_that_it_is_given() -> None:
    campaign = Campaign.plan(CLERK, CAMPAIGN, SETTINGS)
    assert (campaign.id, campaign.phase, campaign.settings) == (
        UUID(int=1),
        Phase.PLANNED,
        SETTINGS,
    )


def test_the_register_lists_campaigns_by_year_in_the_order_in_which_they_were_planned() -> None:
    begun = Register.RegisterBegun(act=CLERK)
    listed = [
        Register.CampaignListed(act=CLERK, campaign=UUID(int=n), year=2022 + n) for n in (2, 1)
    ]
    given(Register, begun).when(Register.list_campaign, CLERK, UUID(int=2), 2024).then(listed[0])
    assert list(given(Register, begun, *listed).aggregate.campaigns.items()) == [
        (UUID(int=2), 2024),
        (UUID(int=1), 2023),
    ]
    assert Register.begin_empty(CLERK).id == Register.create_id()
