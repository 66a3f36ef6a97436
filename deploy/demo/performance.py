"""Chapter 4 of the manual: contracts, projects, their stages with who took part; and 暂无业绩
where there is no new contract.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from deploy.demo import people, scans
from deploy.demo.stage import DemoUser

SCANS = {"CON_COVER": "jpeg", "CON_KEY": "pdf", "CON_SEAL": "jpeg"}
ROLES = ("PM", "DL", "DE", "CK", "RV", "AP")
SERVICE = "projects"


@dataclass
class Performance:
    """The contracts and projects of one enterprise, as its clerk sees them. `people`: ids of its
    persons, the leading one first; `item`: id of the licence on its certificate that the projects
    use.
    """

    clerk: DemoUser
    enterprise: str
    uscc: str
    name: str
    people: Sequence[str]
    item: str
    random: Random = field(default_factory=lambda: Random(4))

    def contract(self, title: str, **changes: Any) -> str:
        """添加合同: filled in, its scans uploaded, saved."""
        found = [self._scan(type, kind, title) for type, kind in SCANS.items()]
        content = (
            contract(self.random, self.uscc, self.name, f"{title}设计合同", self.people[0])
            | {"scans": found}
            | changes
        )
        saved = self.clerk.do(
            "POST",
            SERVICE,
            "/contracts",
            content,
            says=f"添加合同并保存：{content['name']}（{content['contract_no']}）",
        )
        self._told(saved)
        return str(saved["id"])

    def project(self, contract: str, title: str, **changes: Any) -> str:
        """添加项目: choose the contract, fill in, save."""
        added = self.clerk.do(
            "POST",
            SERVICE,
            "/projects",
            {"contract": contract},
            says=f"添加项目，选择合同：{title}",
        )
        content = project(contract, title, self.item) | changes
        path = f"/projects/{added['id']}"
        saved = self.clerk.do(
            "PUT",
            SERVICE,
            path,
            content,
            version=added["version"],
            says=f"填写项目基本信息并保存：{title}",
        )
        self._told(saved)
        return str(added["id"])

    def stage(self, project: str, code: str = "D3", **changes: Any) -> dict[str, Any]:
        """项目阶段及项目参与人员: add, fill in, save. From now on the project can be chosen."""
        content = stage(code, self.people) | changes
        version = self.clerk.get(SERVICE, f"/projects/{project}")["version"]
        path = f"/projects/{project}/stages"
        saved = self.clerk.do(
            "POST", SERVICE, path, content, version=version, says="添加项目阶段及项目参与人员并保存"
        )
        self._told(saved)
        return saved

    def placeholder(self) -> dict[str, Any]:
        return self.clerk.do(
            "POST",
            SERVICE,
            "/contracts:placeholder",
            says="无新签合同：新建“暂无业绩”合同、项目和阶段",
        )

    def listed(self, project: str) -> dict[str, Any]:
        """The saved project in the list of what can be chosen, with the reasons against it."""

        def look() -> Any:
            items = self.clerk.get(SERVICE, "/projects")["items"]
            return next((each for each in items if each["id"] == project and each["name"]), None)

        found: dict[str, Any] = self.clerk.wait(f"project {project} in the list", look)
        return found

    def _told(self, answer: dict[str, Any]) -> None:
        for text in dict.fromkeys(each["zh"] for each in answer["findings"]):
            self.clerk.teller.note(f"提示：{text}")

    def _scan(self, type: str, kind: str, title: str) -> dict[str, str]:
        whose = f"{self.uscc} {title}"
        if kind == "pdf":
            return self.clerk.upload(SERVICE, type, scans.pdf(type, whose), "application/pdf")
        return self.clerk.upload(SERVICE, type, scans.jpeg(type, whose), "image/jpeg")


def contract(random: Random, uscc: str, name: str, title: str, leader: str) -> dict[str, Any]:
    """A design contract of the assessed year."""
    return {
        "contract_no": f"SJ-2023-{random.randrange(10**5):05d}",
        "name": title,
        "contract_type": "200",
        "client_name": "郑州示范学校",
        "client_uscc": people.credit_code(random),
        "contractor_name": name,
        "contractor_uscc": uscc,
        "amount_wan": "86.5",
        "scope": "教学楼一栋，建筑面积12000平方米",
        "signed_on": "2023-03-01",
        "tender_type": "003",
        "project_leader_person_id": leader,
    }


def project(contract: str, title: str, item: str) -> dict[str, Any]:
    """A school building of medium size."""
    return {
        "contract": contract,
        "name": title,
        "project_type": "01",
        "function": "P3",
        "nature": "001",
        "province": "410000",
        "city": "410100",
        "county": "410105",
        "address": "郑州市金水区示范路2号",
        "area_m2": "12000",
        "height_m": "23",
        "floors_above": 5,
        "scale": "M",
        "qualification_item_used": item,
    }


def stage(code: str, persons: Sequence[str]) -> dict[str, Any]:
    """A finished stage, its roles given to these persons in turn."""
    taking_part = [
        {"person_id": persons[n % len(persons)], "role": role}
        | ({"discipline": "ARCH"} if role != "PM" else {})
        for n, role in enumerate(ROLES)
    ]
    return {
        "stage": code,
        "status": "2",
        "started_on": "2023-04-01",
        "finished_on": "2023-09-30",
        "drawings_count": 48,
        "participants": taking_part,
    }


def play(performance: Performance) -> str:
    """A project that cannot be chosen before its stage is saved, and can afterwards. Answers its
    id.
    """
    id = performance.project(performance.contract("示范学校教学楼"), "示范学校教学楼")
    for reason in performance.listed(id)["reasons"]:
        performance.clerk.teller.note(f"暂不能选为业绩：{reason['zh']}")
    performance.stage(id)
    performance.clerk.wait(
        "the project to be selectable", lambda: performance.listed(id)["selectable"]
    )
    performance.clerk.teller.note("项目阶段已保存，可在动态考核中选择该项目")
    return id
