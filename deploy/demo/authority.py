"""One case decided by the authority's own system, by topic: a key is registered, what is not right
is refused, what is right counts.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.authority import registering
from deploy.authority.kit import Authority
from deploy.authority.misbehaving import MISBEHAVIOURS, replayed
from deploy.authority.signing import Signer
from deploy.demo.stage import DemoUser, Teller
from deploy.embedded.outside import kafka_security
from deploy.embedded.process import StackError
from deploy.installation import clocks
from deploy.installation.tokens import access_token

SHOWN = {
    "forged": "伪造签名的决定",
    "tampered": "签名后被改动的决定",
    "stale-round": "其他轮次的决定",
    "moved": "移用到其他审核件的决定",
    "malformed": "格式错误的消息",
}


def decided_by_topic(told: dict[str, Any], teller: Teller, case: dict[str, Any]) -> None:
    """`case` as review lists it. Returns when the owner has said that the decision took effect."""
    ahead = datetime.fromisoformat(clocks.now(told)) - datetime.now(UTC)
    key, name = Ed25519PrivateKey.generate(), f"demo-{uuid4().hex[:8]}"
    signer = Signer(key, "zz-approval", case["unit"], name, lambda: datetime.now(UTC) + ahead)
    urls = {service: place["url"] for service, place in told["services"].items()}
    other = access_token(told, "SYS_ADMIN", user=registering.CONFIRMING)
    _register(
        DemoUser("系统管理员", access_token(told, "SYS_ADMIN"), urls, teller),
        DemoUser("另一位系统管理员", other, urls, teller),
        signer,
    )
    asyncio.run(_decide(told["kafka"], teller, signer, case))


def _register(admin: DemoUser, other: DemoUser, signer: Signer) -> None:
    body = dict(registering.keys(signer))[signer.key_id]
    place = f"/offices/{signer.office}/keys/{signer.key_id}"
    admin.do(
        "PUT",
        "review",
        place,
        body,
        says=f"登记主管部门系统 {signer.issuer} 的签名公钥 {signer.key_id}",
    )
    other.do("POST", "review", f"{place}:confirm", says=f"确认签名公钥 {signer.key_id}")


async def _decide(bootstrap: str, teller: Teller, signer: Signer, case: dict[str, Any]) -> None:
    async with Authority(bootstrap, signer, kafka_security()) as authority:
        waiting = await authority.case(case["id"], case["round"])
        teller.note(f"主管部门系统经消息主题收到待办：{waiting['no']}，第 {waiting['round']} 轮")
        for name, says in SHOWN.items():
            receipt = await authority.receipt(
                await authority.send(MISBEHAVIOURS[name].make(signer, waiting))
            )
            _must(receipt, "REFUSED", MISBEHAVIOURS[name].code)
            teller.note(f"{says}：拒收，回执 {receipt['code']}")
        record = signer.signed(signer.decision(waiting))
        offset = await authority.send(record)
        _must(await authority.receipt(offset), "ACCEPTED")
        teller.note("签名无误的决定：采纳")
        again = await authority.receipt(await authority.send(replayed(record)))
        _must(again, "REFUSED", "REPLAYED")
        teller.note(f"同一决定再次发送：拒收，回执 {again['code']}")
        _must(await authority.receipt(offset, 2), "EFFECTIVE")
        teller.note("企业端已按决定办理，回执：已生效")


def _must(receipt: dict[str, Any], outcome: str, code: str | None = None) -> None:
    if (receipt["outcome"], receipt["code"]) != (outcome, code):
        raise StackError(
            f"主管部门收到的回执是 {receipt['outcome']} {receipt['code']}，应为 {outcome} {code}",
            f"the authority's receipt says {receipt['outcome']} {receipt['code']}, not "
            f"{outcome} {code}",
        )
