"""Chapter 1 of the manual: the enterprise's basic information, its filing, its review; then a
change of it.
"""

from random import Random
from typing import Any

from deploy.demo import people, scans
from deploy.demo.stage import DemoUser, RequestRefused

SCANS = ("ENT_LICENSE", "ENT_CERT", "ENT_LEGAL_ID")


class DemoEnterprise:
    """An enterprise and its clerk."""

    def __init__(self, clerk: DemoUser, uscc: str, name: str, page: dict[str, Any]) -> None:
        self.clerk, self.uscc, self.name, self.page, self.id = clerk, uscc, name, page, ""

    @property
    def path(self) -> str:
        return f"/enterprises/{self.id}"

    @property
    def version(self) -> int:
        return int(self.clerk.get("enterprise", self.path)["version"])

    def register(self) -> None:
        body = {"uscc": self.uscc, "name": self.name, "supervising_city_code": "410100"}
        self.id = self.clerk.do(
            "POST", "enterprise", "/enterprises", body, says=f"注册企业：{self.name}（{self.uscc}）"
        )["id"]

    def fetch(self) -> None:
        says = "获取企业备案信息：5.0备案数据已带入页面，请核对"
        self.clerk.do(
            "POST", "enterprise", f"{self.path}:import-legacy", {}, version=self.version, says=says
        )

    def fill_in(self) -> None:
        found = [
            self.clerk.upload("enterprise", type, scans.jpeg(type, self.uscc), "image/jpeg")
            for type in SCANS
        ]
        found.append(
            self.clerk.upload(
                "enterprise", "ENT_AUDIT", scans.pdf("ENT_AUDIT", self.uscc), "application/pdf"
            )
        )
        self.page["scans"] = found
        self.clerk.do(
            "PUT",
            "enterprise",
            f"{self.path}/information",
            self.page,
            version=self.version,
            says=f"保存企业基本信息，扫描件 {len(found)} 件",
        )

    def add(self, type: str) -> str:
        filing = self.clerk.do(
            "POST",
            "enterprise",
            f"{self.path}/filings",
            {"type": type},
            version=self.version,
            says="添加备案 {filing_no}",
        )
        return f"{self.path}/filings/{filing['id']}"

    def save(self, filing: str, content: dict[str, Any] | None = None) -> None:
        self.clerk.do(
            "PUT",
            "enterprise",
            f"{filing}/content",
            content or {},
            version=self.version,
            says="检查无误，保存备案",
        )

    def send(
        self,
        filing: str,
        says: str = "在线发送：第 {round} 轮，回执号 {receipt_no}",
        answers: list[dict[str, str]] | None = None,
    ) -> dict[str, Any]:
        warnings = [
            each["rule"]
            for each in self.clerk.do("POST", "enterprise", f"{filing}:check")["findings"]
            if each["severity"] == "W"
        ]
        body = {"acknowledged": sorted(set(warnings)), "answers": answers or []}
        return self.clerk.do(
            "POST", "enterprise", f"{filing}:send", body, version=self.version, says=says
        )

    def change(self, **basic: str) -> str:
        """A change of basic information, sent."""
        filing = self.add("ENT_CHANGE")
        content = self.state(filing)["content"]
        content["basic"] |= basic
        self.save(filing, content)
        self.send(filing)
        return filing

    def state(self, filing: str) -> dict[str, Any]:
        return self.clerk.get("enterprise", filing)

    def waits_for(self, filing: str, status: str) -> dict[str, Any]:
        found: dict[str, Any] = self.clerk.wait(
            f"{status} of {filing}", lambda: (now := self.state(filing))["status"] == status and now
        )
        return found


class Officer:
    """An officer with a queue."""

    def __init__(self, actor: DemoUser) -> None:
        self.actor = actor

    def case(self, filing: str, round: int) -> dict[str, Any]:
        id = filing.rpartition("/")[2]

        def look() -> Any:
            found = self.actor.get("review", "/cases", filing=id)["items"]
            return next((case for case in found if case["round"] == round), None)

        found: dict[str, Any] = self.actor.wait(f"the case of {filing}", look)
        return found

    def open(self, filing: str, round: int = 1) -> dict[str, Any]:
        case = self.case(filing, round)
        return self.actor.do(
            "POST", "review", f"/cases/{case['id']}:open", says="受理 {enterprise_name} 的备案 {no}"
        )

    def decide(
        self,
        case: dict[str, Any],
        decision: str,
        says: str,
        items: list[dict[str, str]] | None = None,
        comment: str = "",
    ) -> None:
        body = {
            "decision": decision,
            "round": case["round"],
            "reviewed": case["reviewed"],
            "items": items or [],
            "comment": comment,
        }
        self.actor.do("POST", "review", f"/cases/{case['id']}:decide", body, says=says)


def first_filing(enterprise: DemoEnterprise) -> str:
    """Everything filled in, saved, checked and sent: its path."""
    enterprise.fill_in()
    filing = enterprise.add("ENT_INIT")
    enterprise.save(filing)
    enterprise.send(filing)
    return filing


def play(enterprise: DemoEnterprise, officer: Officer) -> str:
    """Sent, taken back, returned, corrected, approved; then changed. Answers the id of the filing
    that stands.
    """
    filing = first_filing(enterprise)
    _withdraw_and_send_again(enterprise, filing)
    _return_and_correct(enterprise, officer, filing)
    found = enterprise.waits_for(filing, "APPROVED")
    enterprise.clerk.teller.note(f"企业信息已备案，第 {found['filed_version']} 版")
    return _change(enterprise, officer)


def _withdraw_and_send_again(enterprise: DemoEnterprise, filing: str) -> None:
    clerk = enterprise.clerk
    clerk.do(
        "POST",
        "enterprise",
        f"{filing}:withdraw",
        version=enterprise.version,
        says="申请撤回：尚无人受理",
    )
    enterprise.waits_for(filing, "WITHDRAWN")
    enterprise.send(filing, "已撤回，重新在线发送：第 {round} 轮，回执号不变 {receipt_no}")


def _return_and_correct(enterprise: DemoEnterprise, officer: Officer, filing: str) -> None:
    case = officer.open(filing, 2)
    enterprise.waits_for(filing, "REVIEWING")
    try:
        enterprise.clerk.do("POST", "enterprise", f"{filing}:withdraw", version=enterprise.version)
    except RequestRefused as refused:
        enterprise.clerk.teller.note(f"受理后不能撤回：{refused.problem['errors'][0]['zh']}")
    item = {
        "pointer": "/basic/registered_address",
        "reason": "R01",
        "text": "注册地址与营业执照不一致，请核对",
    }
    officer.decide(
        case, "RETURN", "退回补正：注册地址与营业执照不一致", [item], "请核对注册地址后重新发送"
    )
    enterprise.waits_for(filing, "RETURNED")
    content = enterprise.state(filing)["content"]
    content["basic"]["registered_address"] = "郑州市金水区示范路2号"
    enterprise.save(filing, content)
    enterprise.send(filing)
    officer.decide(officer.open(filing, 3), "PASS", "审核通过")


def _change(enterprise: DemoEnterprise, officer: Officer) -> str:
    filing = enterprise.change(office_phone="0371-60000001")
    officer.decide(officer.open(filing), "PASS", "变更备案审核通过")
    found = enterprise.waits_for(filing, "APPROVED")
    enterprise.clerk.teller.note(f"变更已备案，第 {found['filed_version']} 版；此前的版本保留可查")
    return filing.rpartition("/")[2]


def make(clerk: DemoUser, random: Random, name: str, uscc: str) -> DemoEnterprise:
    return DemoEnterprise(clerk, uscc, name, people.information(random, uscc, name))
