"""Chapter 3 of the manual: 备案审核资料, built of what was sent and mailed to the supervising
unit.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx

from deploy.demo.stage import DemoUser
from deploy.embedded.process import StackError

UNIT, MAILBOX = "410100", "beian@zhengzhou.example"


class Packets:
    """Packets of one enterprise, as its clerk sees them."""

    def __init__(self, clerk: DemoUser, enterprise: str) -> None:
        self.clerk, self.enterprise = clerk, enterprise

    def build(self, filings: Sequence[str]) -> dict[str, Any]:
        """生成备案审核资料; answers when all its parts are there."""
        path = f"/enterprises/{self.enterprise}/packets"
        says = f"生成备案审核资料，备案 {len(filings)} 件"
        packet = self.clerk.do("POST", "enterprise", path, {"filings": list(filings)}, says=says)
        return self.waits_for(packet["id"], "READY")

    def read(self, packet: str) -> dict[str, Any]:
        return self.clerk.get("enterprise", f"/packets/{packet}")

    def mail(self, packet: str) -> dict[str, Any]:
        """发送至主管部门邮箱."""
        version = self.read(packet)["version"]
        return self.clerk.do(
            "POST",
            "enterprise",
            f"/packets/{packet}:mail",
            version=version,
            says="发送至主管部门邮箱 {to}：{subject}",
        )

    def waits_for(self, packet: str, *states: str) -> dict[str, Any]:
        found: dict[str, Any] = self.clerk.wait(
            f"{' or '.join(states)} of packet {packet}",
            lambda: (now := self.read(packet))["state"] in states and now,
        )
        return found

    def waits_for_address(self, packet: str) -> dict[str, Any]:
        found: dict[str, Any] = self.clerk.wait(
            "the mailbox of the supervising unit", lambda: (now := self.read(packet))["to"] and now
        )
        return found


def enter_mailbox(admin: DemoUser, mailbox: str | None = MAILBOX, unit: str = UNIT) -> None:
    body = {"items": [{"code": unit, "packet": {"mailbox": mailbox}}]}
    admin.do(
        "PUT",
        "review",
        "/reference/reporting_unit",
        body,
        says=f"登记主管单位 {unit} 的接收邮箱：{mailbox}",
    )


def play(packets: Packets, admin: DemoUser, filings: Sequence[str], mail_url: str) -> None:
    """`filings`: of the enterprise and of its people, all sent; `mail_url`: where the mail sink
    shows what has arrived.
    """
    note = packets.clerk.teller.note
    enter_mailbox(admin)
    built = packets.waits_for_address(packets.build(filings)["id"])
    note(built["notice"]["hint"])
    note(f"收件邮箱 {built['to']}，主题 {built['subject']}，资料：")
    for folder, files in Counter(part["name"].partition("/")[0] for part in built["parts"]).items():
        note(f"  {folder}{f'（{files} 个文件）' if files > 1 else ''}")
    packets.mail(built["id"])
    mailed = packets.waits_for(built["id"], "MAILED", "MAIL_FAILED")
    arrived = [
        each
        for each in httpx.get(f"{mail_url}/messages").json()
        if each["message_id"] == mailed["message_id"]
    ]
    if not arrived:
        raise StackError(
            "备案审核资料没有送达", f"the packet did not arrive: {mailed['attempts'][-1]['reason']}"
        )
    note(f"已送达 {mailed['to']}：{len(arrived)} 封，附件 {'、'.join(arrived[0]['attachments'])}")
