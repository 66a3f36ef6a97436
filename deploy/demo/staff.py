"""Chapter 2 of the manual: technical staff, several filings at once, a change, a release."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any

from deploy.demo import people, scans
from deploy.demo.filing import Officer
from deploy.demo.stage import DemoUser

SCANS = {
    "PER_ID": "jpeg",
    "PER_PHOTO": "jpeg",
    "PER_DIPLOMA": "jpeg",
    "PER_LABOUR": "pdf",
    "PER_TITLE": "jpeg",
    "PER_REG": "jpeg",
}
FIELDS = {  # speciality → major, speciality of the title
    "ARCH": ("建筑学", "建筑设计"),
    "STRU": ("土木工程", "结构工程"),
    "WATR": ("给排水科学与工程", "给水排水"),
    "HVAC": ("建筑环境与能源应用工程", "暖通空调"),
    "ELEC": ("电气工程及其自动化", "电气工程"),
}
REGISTERED = {
    "ARC1": "1{:08d}",
    "ARC2": "2{:08d}",
    "STR1": "S{:08d}",
    "STR2": "S2{:08d}",
    "WATER": "CS{:09d}",
    "HVAC": "CN{:09d}",
    "ELEC_D": "DG{:09d}",
}
GRADE_B = (
    ("ARC1", "ARCH"),
    ("ARC1", "ARCH"),
    ("STR1", "STRU"),
    ("STR1", "STRU"),
    ("WATER", "WATR"),
    ("HVAC", "HVAC"),
    ("ELEC_D", "ELEC"),
    (None, "ARCH"),
    (None, "STRU"),
    (None, "WATR"),
    (None, "HVAC"),
    (None, "ELEC"),
)
# one electrical is missing
GRADE_C = (
    ("ARC2", "ARCH"),
    ("STR2", "STRU"),
    (None, "ARCH"),
    (None, "STRU"),
    (None, "WATR"),
    (None, "HVAC"),
)
LED = [{"project_name": "示范办公楼", "scale": "L", "role": "PM", "year": 2019}]
NAMES = (
    "赵示范",
    "钱示范",
    "孙示范",
    "李示范",
    "周示范",
    "吴示范",
    "郑示范",
    "王示范",
    "冯示范",
    "陈示范",
    "褚示范",
    "卫示范",
)


class Staff:
    """The people of one enterprise, as its clerk sees them."""

    def __init__(self, clerk: DemoUser, uscc: str, random: Random) -> None:
        self.clerk, self.uscc, self.random = clerk, uscc, random
        self.people: dict[str, str] = {}  # name → id

    def add(
        self, name: str, registration: tuple[str, str] | None, speciality: str, **changes: Any
    ) -> str:
        """Adds the person, uploads his scans, saves him completely."""
        content = person(self.random, name, self.uscc, registration, speciality) | changes
        added = self.clerk.do("POST", "personnel", "/people", content)
        kinds = {type: kind for type, kind in SCANS.items() if type != "PER_REG" or registration}
        content["scans"] = [
            self.scan(type, kind, name, added["id"]) for type, kind in kinds.items()
        ]
        self.clerk.do(
            "PUT",
            "personnel",
            f"/people/{added['id']}",
            content,
            version=added["version"],
            says=f"添加人员并保存：{name}",
        )
        self.people[name] = added["id"]
        return str(added["id"])

    def file(self, ids: list[str]) -> dict[str, Any]:
        """添加, 保存, then 在线发送: all at once."""
        return self.send(self.begin(ids))

    def begin(self, ids: list[str]) -> list[str]:
        """添加, 保存: the filings' ids."""
        body = {"type": "PER_INIT", "people": ids}
        filings = self.clerk.do(
            "POST", "personnel", "/filings", body, says=f"添加人员备案 {len(ids)} 人"
        )["filings"]
        for filing in filings:
            version = self.clerk.get("personnel", f"/people/{filing['person']}")["version"]
            self.clerk.do(
                "PUT", "personnel", f"/filings/{filing['id']}/content", {}, version=version
            )
        return [str(filing["id"]) for filing in filings]

    def send(self, filings: list[str]) -> dict[str, Any]:
        check = self.clerk.do("POST", "personnel", "/filings:check", {"filings": filings})
        warnings = sorted({each["rule"] for each in check["findings"] if each["severity"] == "W"})
        body = {"filings": filings, "acknowledged": warnings}
        found = self.clerk.do(
            "POST", "personnel", "/filings:send", body, says="在线发送，批次 {batch_no}"
        )
        for each in found["refused"]:
            self.clerk.teller.note(
                f"{each['name']} 未发送：{'；'.join(one['zh'] for one in each['findings'])}"
            )
        self.clerk.teller.note(f"已发送 {len(found['sent'])} 人，未发送 {len(found['refused'])} 人")
        return found

    def change(self, name: str, **changes: Any) -> str:
        """下载, edit, 保存."""
        path = f"/people/{self.people[name]}"
        version = self.clerk.get("personnel", path)["version"]
        filing = self.clerk.do(
            "POST", "personnel", f"{path}:download", version=version, says=f"下载已备案人员：{name}"
        )
        content = self.clerk.get("personnel", f"/filings/{filing['id']}")["content"] | changes
        self.clerk.do(
            "PUT",
            "personnel",
            f"/filings/{filing['id']}/content",
            content,
            version=filing["version"],
            says="修改后保存变更备案",
        )
        return str(filing["id"])

    def release(self, name: str, left_on: date) -> str:
        id = self.people[name]
        proof = self.scan("PER_LEAVE", "jpeg", name, id)
        body = {"left_on": str(left_on), "release_reason": "3", "scans": [proof]}
        version = self.clerk.get("personnel", f"/people/{id}")["version"]
        filing = self.clerk.do(
            "POST",
            "personnel",
            f"/people/{id}:release",
            body,
            version=version,
            says=f"办理离职（调出）：{name}",
        )
        return str(filing["id"])

    def waits_for(self, filing: str, status: str) -> dict[str, Any]:
        path = f"/filings/{filing}"
        found: dict[str, Any] = self.clerk.wait(
            f"{status} of {path}",
            lambda: (now := self.clerk.get("personnel", path))["status"] == status and now,
        )
        return found

    def scan(self, type: str, kind: str, name: str, subject: str) -> dict[str, str]:
        whose = f"{self.uscc} {subject}"
        if kind == "pdf":
            return self.clerk.upload(
                "personnel", type, scans.pdf(type, whose), "application/pdf", subject
            )
        return self.clerk.upload("personnel", type, scans.jpeg(type, whose), "image/jpeg", subject)


def person(
    random: Random, name: str, uscc: str, registration: tuple[str, str] | None, speciality: str
) -> dict[str, Any]:
    """A senior engineer; with a registration of (type, certificate number) also a registered
    one.
    """
    born = date(random.randrange(1972, 1988), random.randrange(1, 13), random.randrange(1, 28))
    started = f"{born.year + 23}-08-01"
    rows = (
        [
            {
                "type": registration[0],
                "cert_no": registration[1],
                "issued_on": "2022-01-01",
                "valid_to": "2026-12-31",
                "registered_enterprise_uscc": uscc,
                "status": "1",
            }
        ]
        if registration
        else []
    )
    number = people.id_number(random, born)
    major, title_speciality = FIELDS.get(speciality, ("建筑学", "建筑设计"))
    return {
        "name": name,
        "id_type": "1",
        "id_no": number,
        "sex": "1",
        "birth_date": str(born),
        "mobile": people.mobile(random),
        "categories": ["N", "R"] if registration else ["N"],
        "education": "21",
        "school": "示范大学",
        "major": major,
        "graduated_on": f"{born.year + 23}-07-01",
        "title_level": "2",
        "title_name": "高级工程师",
        "title_speciality": title_speciality,
        "title_date": f"{born.year + 33}-12-01",
        "speciality": speciality,
        "career_start_on": started,
        "practice_start_on": started,
        "hired_on": "2018-01-01",
        "employment_status": "1",
        "contract_from": "2022-01-01",
        "registrations": rows,
    }


def number(random: Random, registration: str) -> tuple[str, str]:
    """A registration with a certificate number of its form."""
    return registration, REGISTERED[registration].format(random.randrange(10**8))


def hire(staff: Staff, random: Random, team: Sequence[tuple[str | None, str]]) -> list[str]:
    """Everybody of the team, saved; the first two, of the leading specialities, have led large
    projects.
    """
    leads = {
        speciality: n
        for n, (_, speciality) in reversed(list(enumerate(team)))
        if speciality in ("ARCH", "STRU")
    }
    ids = []
    for n, (registration, speciality) in enumerate(team):
        more: dict[str, Any] = {"personal_projects": LED} if n in leads.values() else {}
        if n == 0:
            more["categories"] = ["N", "R", "T"] if registration else ["N", "T"]
        ids.append(
            staff.add(
                NAMES[n], number(random, registration) if registration else None, speciality, **more
            )
        )
    return ids


def approve(staff: Staff, officer: Officer, found: dict[str, Any]) -> None:
    for sent in found["sent"]:
        officer.decide(officer.open(sent["filing"]), "PASS", "人员备案审核通过")
    for sent in found["sent"]:
        staff.waits_for(sent["filing"], "APPROVED")
    staff.clerk.teller.note(f"人员已备案 {len(found['sent'])} 人")


def play(
    staff: Staff, officer: Officer, random: Random, team: Sequence[tuple[str | None, str]] = GRADE_B
) -> list[str]:
    """All at once, one of them faulty: told by name, he stops nobody, and is sent once mended.
    Answers ids of the filings that stand.
    """
    ids = hire(staff, random, team)
    faulty = ids[-1]
    whole = staff.clerk.get("personnel", f"/people/{faulty}")
    staff.clerk.do(
        "PUT",
        "personnel",
        f"/people/{faulty}",
        whole["content"] | {"mobile": None},
        version=whole["version"],
    )
    found = staff.file(ids)
    approve(staff, officer, found)
    mended = staff.clerk.get("personnel", f"/people/{faulty}")
    content = mended["content"] | {"mobile": people.mobile(random)}
    staff.clerk.do(
        "PUT",
        "personnel",
        f"/people/{faulty}",
        content,
        version=mended["version"],
        says="补填手机号后保存",
    )
    late = staff.send([each["filing"] for each in found["refused"]])
    approve(staff, officer, late)
    changed = staff.change(NAMES[1], title_no="豫示范2024001", post="副总工程师")
    staff.send([changed])
    officer.decide(officer.open(changed), "PASS", "人员变更备案审核通过")
    staff.waits_for(changed, "APPROVED")
    standing = [sent["filing"] for sent in (*found["sent"], *late["sent"])]
    return [standing[0], changed, *standing[2:]]
