"""What the mock does on the command line: one JSON document a line."""

import json
from collections.abc import Callable
from typing import Any

import orjson

from deploy.authority.kit import INBOX, RECEIPTS, Authority
from deploy.authority.misbehaving import MISBEHAVIOURS, id_reused, replayed
from deploy.authority.signing import Said
from libs.events.envelope import KafkaRecord

Show = Callable[[str], None]
# these need a decision that was read before
AGAIN = {"replayed": "REPLAYED", "id-reused": "ID_REUSED"}
NAMES = {name: bad.code for name, bad in MISBEHAVIOURS.items()} | AGAIN


class NothingSent(Exception):
    """There is no decision yet that could be brought again."""


async def inbox(authority: Authority, show: Show, follow: bool) -> int:
    return await _topic(authority, INBOX, show, follow)


async def receipts(authority: Authority, show: Show, follow: bool) -> int:
    return await _topic(authority, RECEIPTS, show, follow)


async def decide(
    authority: Authority, show: Show, case: str, said: Said, misbehave: str = ""
) -> int:
    """Sends a decision and shows its receipts; 1 if it was not accepted, or if a misbehaviour was
    not refused as it must be.
    """
    waiting = await authority.case(case)
    if misbehave:
        record = await _bad(authority, misbehave, waiting)
    else:
        record = authority.signer.signed(authority.signer.decision(waiting, **said))
    offset = await authority.send(record)
    receipt = await authority.receipt(offset)
    show(json.dumps(receipt, ensure_ascii=False))
    if misbehave:
        return int(receipt["code"] != NAMES[misbehave])
    if (
        receipt["outcome"] == "ACCEPTED"
        and said["decision"] in ("PASS", "RETURN", "FAIL")
        and waiting["subject_kind"] != "assessment"
    ):
        show(json.dumps(await authority.receipt(offset, 2), ensure_ascii=False))
    return int(receipt["outcome"] != "ACCEPTED")


async def _bad(authority: Authority, name: str, case: dict[str, Any]) -> KafkaRecord:
    if name in MISBEHAVIOURS:
        return MISBEHAVIOURS[name].make(authority.signer, case)
    accepted = {
        told["offset"] for told in await authority.receipts() if told["outcome"] == "ACCEPTED"
    }
    sent = [record for record in await authority.sent(case["case"]) if record.offset in accepted]
    if not sent:
        raise NothingSent
    return (
        replayed(sent[-1])
        if name == "replayed"
        else id_reused(authority.signer, case, orjson.loads(sent[-1].value))
    )


async def _topic(authority: Authority, topic: str, show: Show, follow: bool) -> int:
    told = authority.follow(topic) if follow else authority.all(topic)
    async for each in told:
        show(json.dumps(each, ensure_ascii=False))
    return 0
