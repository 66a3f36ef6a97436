"""A key counts from when another person than who registered it has confirmed it."""

from typing import Any

from deploy.authority import registering
from libs.chassis.in_memory.setting import token
from libs.events.testing import given
from libs.events.value import Act, Actor
from services.review.authority.domain.office import AuthorityKey, Office
from tests.authority.given import SIGNER, Desk, opened, waiting
from tests.given import AT

KEY_ID, BODY = next(iter(registering.keys(SIGNER)))
PLACE = f"/offices/{SIGNER.office}/keys/{KEY_ID}"
ONE, OTHER = token("SYS_ADMIN", "one"), token("SYS_ADMIN", "other")


async def newly(*done: tuple[str, str, str, Any]) -> Desk:
    """A case waits; of its office's keys there is what these did."""
    at = Desk()
    await at.save([opened()])
    for who, method, path, body in done:
        answer = await at.ask(who, method, path, body)
        assert answer.is_success, answer.text
    return at


REGISTERED = (ONE, "PUT", PLACE, BODY)


async def test_what_one_person_alone_registered_decides_nothing() -> None:
    at = await newly(REGISTERED)
    case = waiting(at)
    alone = await at.ask(ONE, "POST", f"{PLACE}:confirm")
    receipt = await at.hand(SIGNER.signed(SIGNER.decision(case)))
    assert (receipt["outcome"], receipt["code"]) == ("REFUSED", "KEY_UNKNOWN")
    assert (alone.status_code, alone.json()["errors"][0]["rule"]) == (409, "STATE")


async def test_confirmed_by_another_it_does() -> None:
    at = await newly(REGISTERED, (OTHER, "POST", f"{PLACE}:confirm", None))
    receipt = await at.hand(SIGNER.signed(SIGNER.decision(waiting(at))))
    assert receipt["outcome"] == "ACCEPTED"
    (key,) = (await at.ask(ONE, "GET", f"/offices/{SIGNER.office}")).json()["keys"]
    assert key["confirmed"]


async def test_a_registered_key_is_shown_as_not_confirmed_and_its_repeat_changes_nothing() -> None:
    at = await newly(REGISTERED)
    shown = (await at.ask(OTHER, "PUT", PLACE, BODY)).json()
    assert [(each["key_id"], each["confirmed"]) for each in shown["keys"]] == [(KEY_ID, False)]
    assert (await at.ask(OTHER, "POST", f"{PLACE}-2:confirm")).status_code == 404


async def test_what_was_revoked_before_it_was_confirmed_never_counts() -> None:
    at = await newly(REGISTERED, (OTHER, "POST", f"{PLACE}:revoke", None))
    assert (await at.ask(OTHER, "POST", f"{PLACE}:confirm")).status_code == 409
    receipt = await at.hand(SIGNER.signed(SIGNER.decision(waiting(at))))
    assert receipt["code"] == "KEY_UNKNOWN"


def by(user: str, **more: Any) -> Act:
    return Act(by=Actor(user=user, role="SYS_ADMIN", **more), at=AT)


KEY = AuthorityKey(
    key_id=KEY_ID,
    issuer=BODY["issuer"],
    public_key=BODY["public_key"],
    valid_from=BODY["valid_from"],
    valid_to=BODY["valid_to"],
)
BEGUN = Office.OfficeBegun(act=by("one"), code="410100")
PROPOSED = Office.AuthorityKeyProposed(
    act=by("one", on_behalf_of="chief"),
    authors=("chief", "person-1"),
    **KEY.model_dump(exclude={"revoked_at"}),
)


def test_nobody_becomes_another_by_another_account() -> None:
    for act in (by("one"), by("b", person="person-1"), by("chief"), by("b", on_behalf_of="one")):
        given(Office, BEGUN, PROPOSED).when(Office.confirm_key, act, KEY_ID).then_refused("STATE")


def test_a_key_that_an_older_log_has_registered_stays_in_force() -> None:
    told = Office.AuthorityKeyRegistered(act=by("one"), **KEY.model_dump(exclude={"revoked_at"}))
    office = given(Office, BEGUN, told).aggregate
    assert office.key(KEY.issuer, KEY_ID) == KEY
