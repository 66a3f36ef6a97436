"""What the auditor reads: a stream's course with old and new values, two days, the log, what is
parked; and that nobody else does.
"""

import json
from base64 import b64encode
from datetime import date
from typing import Any

import pytest

from services.portal.pages.audit import parked
from services.portal.render.logged import SEALED, FieldChange, changes, known, logged, steps
from services.portal.web.visit import Visit
from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

NAME = "郑州示范建筑设计有限公司"


def told(version: int, **payload: Any) -> dict[str, Any]:
    """An event as `GET /events` answers it."""
    act = {"by": {"user": "u", "role": "ENT_CLERK"}, "at": "2024-09-02T01:00:00Z"}
    return {
        "position": version + 10,
        "stream": "s",
        "version": version,
        "type": "enterprise.Enterprise.FilingSaved",
        "owner": "s",
        "recorded_at": "2024-09-02T01:00:00Z",
        "leaf": "ab",
        "data": b64encode(json.dumps({"act": act, **payload}).encode()).decode(),
        "meta": b64encode(b"{}").decode(),
    }


# What an event changed


def test_a_change_has_the_value_that_was_said_before() -> None:
    events = [
        logged(
            "enterprise", told(1, content={"area": "300", "rows": [{"a": 1}, {"a": 2}]}, round=1)
        ),
        logged("enterprise", told(2, round=1)),
        logged("enterprise", told(3, content={"area": "350", "rows": [{"a": 1}], "new": True})),
    ]
    first, second, third = (found for _, found in steps(events))
    assert FieldChange("/content/area", None, "300") in first
    assert second == []
    assert third == [
        FieldChange("/content/area", "300", "350"),
        FieldChange("/content/new", None, True),
        FieldChange("/content/rows/1/a", 2, None),
    ]


def test_what_is_sealed_is_neither_shown_nor_compared() -> None:
    events = [
        logged("enterprise", told(n, content={"name": {"$pii": {"c": f"{n}", "k": 1, "s": "x"}}}))
        for n in (1, 2)
    ]
    assert known(events) == {"/content/name": SEALED}
    assert changes(events[0].facts, events[1].facts) == []


# The pages


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    """Filed on 2 September; a change of its profile is saved on the 5th."""
    at = portal.services
    at.pass_to(date(2024, 9, 2))
    firm = Firm(at, 3)
    firm.file()
    firm.hire()
    at.pass_to(date(2024, 9, 5))
    change = firm.enterprise.add("ENT_CHANGE")
    content = firm.enterprise.state(change)["content"]
    firm.enterprise.save(change, content | {"profile": "改写后的企业简介。"})
    return firm


@pytest.fixture
def auditor(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("AUDITOR", "沈无涯")


@pytest.mark.servers
def test_an_enterprise_is_found_and_its_course_is_told_with_old_and_new_values(
    auditor: VisitorInMemory, firm: Firm
) -> None:
    auditor.open("/audit")
    auditor.press("检索", {"q": "示范"})
    auditor.follow(NAME)
    names = auditor.texts("//ol[@class='timeline']/li/h3")
    assert names[0].startswith("保存备案")
    assert names[-1].startswith("企业注册")
    assert {"在线发送", "审核通过"} <= {each.split()[0] for each in names}
    latest = auditor.texts("//ol[@class='timeline']/li[1]//tbody/tr")
    assert any("改写后的企业简介" in each and "企业简介" in each for each in latest)
    assert auditor.texts("//ol[@class='timeline']/li[1]//del") != []


@pytest.mark.servers
def test_two_days_are_compared_as_they_were_on_record(auditor: VisitorInMemory, firm: Firm) -> None:
    auditor.open(f"/audit/{firm.id}?service=enterprise")
    auditor.press("对照", {"from": "2024-09-02", "to": "2024-09-05"})
    rows = auditor.texts("//form//table[@class='diff']/tbody/tr")
    assert [each for each in rows if "改写后的企业简介" in each]
    auditor.press("对照", {"from": "2024-09-05", "to": "2024-09-05"})
    assert "0 处不同" in auditor.text
    auditor.press("对照", {"from": "2024-09-01", "to": "2024-09-02"})
    assert "有 0 个事件" in auditor.text


@pytest.mark.servers
def test_a_stream_is_found_by_its_id_alone_and_reading_it_is_written_down(
    auditor: VisitorInMemory, firm: Firm, portal: PortalInMemory
) -> None:
    person = next(iter(firm.staff.people.values()))
    log = portal.services["personnel"].log
    auditor.open("/audit")
    auditor.press("检索", {"q": f" {person} "})
    assert auditor.path == f"/audit/{person}"
    assert "添加人员" in auditor.text
    *_, read = (each for each in log.records if each.type.endswith("PersonalDataRead"))
    assert read.payload["subjects"] == [str(person)]
    assert read.payload["act"]["by"]["user"] == "沈无涯"
    auditor.open(f"/audit/{read.stream}")  # the note of it is a stream, too, of the same log
    assert "查阅个人信息" in auditor.text
    auditor.follow(f"第 {read.position} 号事件")
    assert auditor.status == 200


@pytest.mark.servers
def test_personal_data_is_not_on_the_auditors_pages(auditor: VisitorInMemory, firm: Firm) -> None:
    name, person = next(iter(firm.staff.people.items()))
    auditor.open(f"/audit/{person}?service=personnel")
    assert "（个人信息，密封）" in auditor.text
    assert name not in auditor.content.decode()
    position = auditor.all("//ol[@class='timeline']/li[1]/h3/a")[0].get("href")
    auditor.open(position)
    assert name not in auditor.content.decode()


@pytest.mark.servers
@pytest.mark.parametrize("kind", ["person", "contract", "project", "record", "case"])
def test_everything_of_an_enterprise_is_looked_for(
    auditor: VisitorInMemory, firm: Firm, kind: str
) -> None:
    auditor.open(f"/audit?kind={kind}&enterprise={firm.id}")
    assert auditor.status == 200
    found = kind in ("person", "case")
    assert ("没有找到" in auditor.text) is not found
    auditor.open(f"/audit?kind={kind}&q=2024-410100-XXXXXX")
    assert "没有找到" in auditor.text


@pytest.mark.servers
def test_a_case_is_found_by_its_number(auditor: VisitorInMemory, firm: Firm) -> None:
    auditor.open(f"/audit?kind=case&enterprise={firm.id}")
    number = auditor.texts("//table/tbody/tr[1]/td[1]")[0]
    auditor.open(f"/audit?kind=case&q={number}")
    assert auditor.texts("//table/tbody/tr/td[1]") == [number]


@pytest.mark.servers
def test_the_log_is_read_by_position_to_its_end(
    auditor: VisitorInMemory, portal: PortalInMemory, firm: Firm
) -> None:
    records = portal.services["enterprise"].log.records
    auditor.open("/audit/log?service=enterprise&after=0")
    shown = auditor.texts("//tbody/tr/th")
    assert shown == [str(n) for n in range(1, min(len(records), 50) + 1)]
    auditor.follow("1")
    assert all(each in auditor.text for each in (records[0].leaf.hex(), "企业注册", NAME))
    auditor.open("/audit/log")
    assert auditor.texts("//tbody/tr/th")[-1] == str(len(records))
    auditor.open(f"/audit/log/enterprise/{10**6}")
    assert auditor.status == 404


@pytest.mark.servers
def test_what_is_parked_is_told_to_auditor_and_operator(
    portal: PortalInMemory, auditor: VisitorInMemory
) -> None:
    operator = portal.visitor("SYS_ADMIN")
    for visitor in (auditor, operator):
        visitor.open("/audit/parked")
        assert "没有停放的消息" in visitor.text
    operator.open("/audit/log")
    assert operator.status == 403


@pytest.mark.servers
def test_a_parked_message_is_told_in_words_with_its_codes_beside(
    auditor: VisitorInMemory, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = {
        "reader": "enterprise-list",
        "service": "review",
        "source": "enterprise",
        "position": 7,
        "type": "enterprise.Enterprise.FilingSent",
        "name": "在线发送",
        "owner": str(firm.id),
        "reason": "没有这一件",
    }

    async def parked_at(_: Visit, service: str) -> list[dict[str, Any]] | None:
        return {"review": [waiting], "projects": None}.get(service, [])

    monkeypatch.setattr(parked, "parked_at", parked_at)
    auditor.open("/audit/parked")
    assert auditor.texts("//tbody//tr/*") == [
        "在线发送enterprise.Enterprise.FilingSent",
        "审核程序 enterprise-list",
        "企业信息 · 第 7 号事件enterprise/7",
        f"企业的时间线编号 {firm.id}",
        "没有这一件",
    ]
    assert "有服务没有应答合同与项目" in auditor.text
    auditor.follow("企业信息 · 第 7 号事件")
    assert auditor.status == 200


@pytest.mark.servers
def test_a_banner_says_that_reading_is_recorded_on_every_page_of_the_auditor(
    portal: PortalInMemory, auditor: VisitorInMemory
) -> None:
    for path in ("/", "/audit", "/audit/log", "/audit/parked"):
        auditor.open(path)
        assert auditor.texts("//aside[@class='readonly']")[0].startswith("只读，查阅会被记录")
        current = auditor.all("//nav[@id='menu']//a[@aria-current='page']")
        assert [each.get("href") for each in current] == [path]
    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.open("/")
    assert officer.all("//aside[@class='readonly']") == []


@pytest.mark.servers
@pytest.mark.parametrize(
    ("role", "claims"),
    [("ENT_CLERK", {"org": "91410100MA4444449G"}), ("CITY_OFFICER", {"city": "410100"})],
)
def test_nobody_else_reads_timelines_or_the_log(
    portal: PortalInMemory, firm: Firm, role: str, claims: dict[str, str]
) -> None:
    visitor = portal.visitor(role, **claims)
    for path in (f"/audit/{firm.id}", "/audit/log", "/audit/log/enterprise/1", "/audit/parked"):
        visitor.open(path)
        assert (visitor.status, NAME in visitor.text) == (403, False)


@pytest.mark.servers
def test_who_did_it_is_named_where_they_have_signed_in(
    portal: PortalInMemory, auditor: VisitorInMemory, firm: Firm
) -> None:
    portal.visitor("CITY_OFFICER", "city_officer", name="王审核", city="410100")
    auditor.open("/audit/log?service=review&after=0")
    assert "王审核" in auditor.text
    [officer, *_] = auditor.all("//tbody//span[@title='city_officer']")
    auditor.open(officer.xpath("ancestor::tr//a")[0].get("href"))
    assert "王审核" in auditor.text
    auditor.follow("时间线")
    assert "王审核" in auditor.text
    assert "410100" not in " ".join(auditor.texts("//p[@class='by']"))


@pytest.mark.servers
def test_whoever_never_signed_in_is_told_in_words_with_the_account_named(
    auditor: VisitorInMemory, firm: Firm
) -> None:
    auditor.open("/audit/log?service=enterprise&after=0")
    [clerk, *_] = auditor.texts("//tbody//td[.//span[@title='ent_clerk']]")
    assert clerk == "未登记姓名的经办人 企业经办人 账号 ent_clerk"


@pytest.mark.servers
def test_places_of_an_event_and_its_envelope_are_in_words(
    portal: PortalInMemory, auditor: VisitorInMemory, firm: Firm
) -> None:
    person = next(iter(firm.staff.people.values()))
    auditor.open(f"/audit/{person}?service=personnel")
    log = portal.services["personnel"].log
    *_, read = (each for each in log.records if each.type.endswith("PersonalDataRead"))
    auditor.open(f"/audit/log/personnel/{read.position}")
    assert auditor.texts("//h1") == ["查阅个人信息"]
    assert auditor.texts("//dl[@class='tblock']/div[1]/dd") == [
        f"人员信息 · 第 {read.position} 号事件 personnel/{read.position}"
    ]
    assert "事件日志（read_events）" in auditor.texts("//table[1]//td")
    places = auditor.texts("//section[@aria-labelledby='h-facts']//tbody//th")
    assert sorted(places) == [
        "企业 enterprise",
        "查阅了什么 operation",
        "查阅记录编号 reading",
        "被查阅的事项 1 subjects/0",
    ]
    envelope = auditor.texts("//section[@aria-labelledby='h-proof']//dt")
    assert {"事件编号", "同一来由编号", "事件结构版本"} <= set(envelope)
    assert not [each for each in envelope if each.isascii()]


@pytest.mark.servers
def test_codes_in_the_log_are_read_by_their_names(
    portal: PortalInMemory, auditor: VisitorInMemory, firm: Firm
) -> None:
    auditor.open(f"/audit/{firm.id}?service=enterprise")
    for named in ("郑州市金水区（410105）", "郑州市（410100）"):
        assert named in auditor.content.decode()
