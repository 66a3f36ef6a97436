"""Chapter 5 of the manual: a campaign, the wizard, 生成, 重新生成, 发送; then city, province,
publicity and announcement.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.demo import scans
from deploy.demo.stage import DemoUser, RequestRefused
from libs.filing.identifiers import enterprise_id

MONTHS = ("2024-06", "2024-07", "2024-08")


TITLE = "2024年度勘察设计企业资质动态考核"


def open_campaign(province: DemoUser, **settings: Any) -> str:
    made = plan_campaign(province, {"year": 2024, "title": TITLE} | settings)
    path = f"/campaigns/{made['id']}"
    province.do("POST", "assessment", f"{path}:open", version=made["version"], says="开始填报")
    return str(made["id"])


def plan_campaign(province: DemoUser, settings: dict[str, Any]) -> dict[str, Any]:
    return province.do(
        "POST", "assessment", "/campaigns", settings, says="建立考核批次：{settings[title]}"
    )


class DemoRecord:
    """One enterprise's record, as its clerk makes it."""

    def __init__(self, clerk: DemoUser, uscc: str) -> None:
        self.clerk, self.uscc, self.id = clerk, uscc, ""

    @property
    def path(self) -> str:
        return f"/records/{self.id}"

    @property
    def now(self) -> dict[str, Any]:
        return self.clerk.get("assessment", self.path)

    def start(self, campaign: str, seen: str) -> None:
        """`seen`: positions of the filings and projects that it must know."""
        says = "添加动态考核数据 {record_no}"
        body = {"campaign": campaign}
        self.id = self.clerk.do(
            "POST", "assessment", f"/records?min_position={seen}", body, says=says
        )["id"]

    def offers(self, step: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.clerk.get("assessment", f"{self.path}/choices/{step}")[
            "items"
        ]
        for each in found:
            if not each["selectable"]:
                self.clerk.teller.note(
                    f"{each['name']} 不可选：{'；'.join(one['zh'] for one in each['reasons'])}"
                )
        return [each for each in found if each["selectable"]]

    def save(self, step: str, content: dict[str, Any], says: str) -> None:
        self.clerk.do(
            "PUT",
            "assessment",
            f"{self.path}/steps/{step}",
            content,
            version=self.now["version"],
            says=says,
        )

    def fill_in(
        self,
        projects: Sequence[str],
        people: Sequence[str] | None = None,
        months: Sequence[str] = MONTHS,
    ) -> None:
        """企业基本信息 → 资质信息 → 技术人员 → 企业业绩 → 社保证明; nobody named: everybody who is
        filed.
        """
        enterprise = self.offers("enterprise")[0]
        self.save(
            "enterprise", {"version": enterprise["facts"]["filed_version"]}, "第一步 企业基本信息"
        )
        licences = [{"certificate_id": each["id"]} for each in self.offers("qualifications")]
        self.save(
            "qualifications", {"certificates": licences}, f"第二步 资质信息：{len(licences)} 本证书"
        )
        staff = [
            each["id"] for each in self.offers("people") if people is None or each["id"] in people
        ]
        self.save(
            "people",
            {"persons": [{"person_id": id} for id in staff]},
            f"第三步 技术人员：{len(staff)} 人",
        )
        self.save(
            "performance",
            {"performances": self.performances(projects)},
            f"第四步 企业业绩：{len(projects)} 项",
        )
        self.save(
            "social-insurance",
            {"si_proofs": self.proofs(staff, months)},
            f"第五步 社保证明：{len(months)} 个月",
        )

    def performances(self, projects: Sequence[str]) -> list[dict[str, Any]]:
        offered = {each["id"]: each for each in self.offers("performance")}
        found = []
        for id in projects:
            type = "ASM_NOPERF" if offered[id]["facts"]["is_placeholder"] else "ASM_PERF"
            scan = self.clerk.upload(
                "assessment", type, scans.pdf(type, f"{self.uscc} {id}"), "application/pdf"
            )
            found.append(
                {"project_id": id, "contract_id": offered[id]["facts"]["contract"], "scans": [scan]}
            )
        return found

    def proofs(self, staff: Sequence[str], months: Sequence[str]) -> list[dict[str, Any]]:
        data = scans.pdf("SI_PROOF", self.uscc)
        scan = self.clerk.upload("assessment", "SI_PROOF", data, "application/pdf")
        paid = [{"person_id": id, "paid": True} for id in staff]
        return [
            {"month": month, "payer_uscc": self.uscc, "persons": paid, "scans": [scan]}
            for month in months
        ]

    def generate(self, says: str = "生成动态考核数据，第 {generations} 次") -> dict[str, Any]:
        made = self.clerk.do(
            "POST", "assessment", f"{self.path}:generate", version=self.now["version"], says=says
        )
        for line in made["content"]["proposal"]["zh"]:
            self.clerk.teller.note(f"测算：{line}")
        return made

    def send(self, answers: list[dict[str, str]] | None = None) -> dict[str, Any]:
        told = self.clerk.do("POST", "assessment", f"{self.path}:check")["findings"]
        for text in sorted(
            {f"{each['rule']} {each['zh']}" for each in told if each["severity"] == "W"}
        ):
            self.clerk.teller.note(f"提示（已确认）：{text}")
        body = {
            "acknowledged": sorted({each["rule"] for each in told if each["severity"] == "W"}),
            "answers": answers or [],
        }
        says = "发送：第 {round} 轮，回执号 {receipt_no}。{zh}"
        return self.clerk.do(
            "POST", "assessment", f"{self.path}:send", body, version=self.now["version"], says=says
        )

    def waits_for(self, status: str) -> dict[str, Any]:
        found: dict[str, Any] = self.clerk.wait(
            f"{status} of {self.path}", lambda: (now := self.now)["status"] == status and now
        )
        return found


class Reviewer:
    """An officer or lead of one level."""

    def __init__(self, actor: DemoUser) -> None:
        self.actor = actor

    def case(
        self, record: DemoRecord, level: str, states: Sequence[str] = ("WAITING", "TAKEN")
    ) -> dict[str, Any]:
        """The record's case, once it lies at that level."""

        def look() -> Any:
            only = {"enterprise": enterprise_id(record.uscc), "kind": "assessment", "level": level}
            found = self.actor.get("review", "/cases", **only)["items"]
            return next(
                (
                    each
                    for each in found
                    if each["subject_id"] == record.id and each["state"] in states
                ),
                None,
            )

        found: dict[str, Any] = self.actor.wait(f"the case of {record.path} at {level}", look)
        return found

    def open(self, record: DemoRecord, level: str) -> dict[str, Any]:
        case = self.case(record, level)
        return self.actor.do(
            "POST",
            "review",
            f"/cases/{case['id']}:open",
            says="受理 {enterprise_name} 的考核数据 {no}",
        )

    def decide(
        self,
        case: dict[str, Any],
        decision: str,
        says: str,
        items: Sequence[dict[str, str]] = (),
        comment: str = "",
    ) -> None:
        body = {
            "decision": decision,
            "round": case["round"],
            "reviewed": case["reviewed"],
            "items": list(items),
            "comment": comment,
        }
        self.actor.do("POST", "review", f"/cases/{case['id']}:decide", body, says=says)

    def hand_over(self, case: dict[str, Any], to: str, reason: str) -> None:
        place, body = f"/cases/{case['id']}:assign", {"to": to, "reason": reason}
        self.actor.do("POST", "review", place, body, says=f"转办给 {to}：{reason}")

    def sign(self, record: DemoRecord) -> None:
        case = self.case(record, "CITY", ("OPINION",))
        self.actor.do(
            "POST",
            "review",
            f"/cases/{case['id']}:sign",
            version=self.version(case),
            says="签发市级初审意见：{enterprise_name}",
        )

    def propose(self, record: DemoRecord, result: str, reason: str = "") -> None:
        """拟定结论: every finding gets a word; what needs a reason has it."""
        case = self.case(record, "PROV", ("OPINION",))
        found = record_findings(self.actor, record)
        verdicts = [
            {"rule": rule, "pointer": pointer, "verdict": "CLEARED", "text": "已核实"}
            for rule, pointer in found
        ]
        body = {"result": result, "override_reason": reason, "verdicts": verdicts}
        path = f"/conclusions/{record.id}:propose"
        self.actor.do(
            "POST",
            "review",
            path,
            body,
            version=self.version(case),
            says=f"拟定结论：{RESULTS[result]}",
        )

    def approve(self, record: DemoRecord) -> None:
        version = self.version(self.case(record, "PROV", ("OPINION",)))
        self.actor.do(
            "POST", "review", f"/conclusions/{record.id}:approve", version=version, says="批准结论"
        )

    def version(self, case: dict[str, Any]) -> int:
        return int(self.actor.get("review", f"/cases/{case['id']}")["version"])


RESULTS = {"PASS": "合格", "BASIC": "基本合格", "FAIL": "不合格"}


@dataclass(frozen=True)
class Reviewers:
    """Who reviews records: of the city and of the province, each with who has the last word."""

    city: Reviewer
    lead: Reviewer
    province: Reviewer
    chief: Reviewer


def record_findings(actor: DemoUser, record: DemoRecord) -> list[tuple[str, str]]:
    """What the rules found, as the officer reads it in the record that was sent."""
    sent = actor.get("assessment", record.path)["content"]
    return sorted({(each["rule"], each["pointer"]) for each in sent["findings"]})


def return_and_correct(record: DemoRecord, city: Reviewer) -> None:
    """市级退回: only the returned step opens; regenerated and sent, it comes back to the city."""
    case = city.open(record, "CITY")
    item = {"pointer": "/si_proofs", "reason": "R06", "text": "缺少2024年8月社保证明，请补充"}
    city.decide(
        case, "RETURN", "退回补正：缺少2024年8月社保证明", [item], "请补充社保证明后重新发送"
    )
    back = record.waits_for("RETURNED")
    record.clerk.teller.note(
        f"退回事项：{back['returned_items'][0]['text']}；补正期限至 {back['correct_until']}"
    )
    staff = [each["person_id"] for each in back["steps"]["people"]["persons"]]
    record.save(
        "social-insurance", {"si_proofs": record.proofs(staff, MONTHS)}, "补充社保证明：3 个月"
    )
    record.generate("重新生成动态考核数据，第 {generations} 次")
    record.send()


def review(
    record: DemoRecord,
    city: Reviewer,
    lead: Reviewer,
    province: Reviewer,
    chief: Reviewer,
    result: str,
) -> None:
    """City, its lead's signature, province, conclusion."""
    city.decide(city.open(record, "CITY"), "PASS", "市级初审：通过")
    lead.sign(record)
    record.waits_for("CITY_PASSED")
    province.decide(province.open(record, "PROV"), "PASS", "省级复核：通过")
    province.propose(record, result, "标准数值暂定，经人工核定" if result == "PASS" else "")
    chief.approve(record)
    chief.case(record, "PROV", ("CONCLUDED",))  # the record has followed, and review has heard so


def publish(
    province: Reviewer,
    records: Sequence[DemoRecord],
    until: Callable[[str], None],
    status: str = "CLOSED",
) -> None:
    """公示 for its working days, then 公告; `until` lets the days pass. `status`: of the records,
    once their result counts.
    """
    opened = province.actor.do(
        "POST",
        "review",
        "/publicities",
        {"records": [each.id for each in records]},
        says="公示：{first_day} 至 {last_day}",
    )
    path = f"/publicities/{opened['id']}"
    try:
        province.actor.do("POST", "review", f"{path}:announce", version=opened["version"])
    except RequestRefused as refused:
        province.actor.teller.note(f"暂不能公告：{refused.problem['errors'][0]['zh']}")
    until(opened["last_day"])
    province.actor.do(
        "POST", "review", f"{path}:announce", version=opened["version"], says="公告考核结果"
    )
    for record in records:
        closed = record.waits_for(status)
        record.clerk.teller.note(f"{closed['record_no']} 考核结论：{RESULTS[closed['result']]}")
