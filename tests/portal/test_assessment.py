"""资质申报 › 动态考核 › 河南动态考核, scripts off: the clerk's pages of a record, from 添加 to what
came back (manual, chapter 5; domain book 5.7).
"""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from deploy.demo import scans
from services.portal.pages.assessment.sending import confirmed
from services.portal.web.visit import Posted
from tests.in_memory.firm import TEAM, Firm, open_campaign, publish, review
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
RULES = "//*[@class='summary']//*[@class='rule']"
CHOSEN = "//tbody//input[@type='checkbox'][contains(@name,'_id')]"


def cells(clerk: VisitorInMemory) -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in clerk.all("//table//tbody/tr")
    ]


def pdf(scan_type: str) -> tuple[str, bytes, str]:
    return f"{scan_type}.pdf", scans.pdf(scan_type, "示范"), "application/pdf"


def clerk_of(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("ENT_CLERK", org=firm.uscc)


def filed(portal: PortalInMemory) -> Firm:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    return firm


def begun(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    clerk = clerk_of(portal, firm)
    clerk.open("/assessment")
    clerk.press("添加")
    firm.record.id = clerk.path.removeprefix("/assessment").strip("/").partition("/")[0]
    return clerk


def choosing(clerk: VisitorInMemory, *ids: str) -> dict[str, list[str]]:
    """These and no others are ticked."""
    boxes = {each.get("name"): each.get("value") for each in clerk.all(CHOSEN)}
    return {name: [id] if id in ids else [] for name, id in boxes.items()}


def step(clerk: VisitorInMemory, firm: Firm, name: str) -> None:
    clerk.open(f"/assessment/{firm.record.id}/steps/{name}")


def generated(portal: PortalInMemory) -> tuple[Firm, VisitorInMemory, str]:
    """A firm with a record that was generated once, its clerk, and its project."""
    campaign = open_campaign(portal.services)
    firm = filed(portal)
    project = firm.project()
    firm.make_record(campaign, [project])
    return firm, clerk_of(portal, firm), project


def three_people(portal: PortalInMemory) -> tuple[Firm, VisitorInMemory, list[str]]:
    """A record that was begun, and three of its firm's people, who can be chosen."""
    open_campaign(portal.services)
    firm = Firm(portal.services)
    firm.file()
    firm.hire((*TEAM, (None, "ARCH")))
    firm.project()
    clerk = begun(portal, firm)
    step(clerk, firm, "people")
    return firm, clerk, [each.get("value") for each in clerk.all(CHOSEN)]


def save_people(clerk: VisitorInMemory, firm: Firm, *ids: str) -> None:
    step(clerk, firm, "people")
    clerk.press("保存本步 Ctrl S", choosing(clerk, *ids))


def chosen(firm: Firm) -> set[str]:
    return {each["person_id"] for each in firm.record.now["steps"]["people"]["persons"]}


def send(clerk: VisitorInMemory, firm: Firm) -> None:
    clerk.open(f"/assessment/{firm.record.id}/send")
    boxes = [each.get("value") for each in clerk.all("//input[@name='read']")]
    clerk.press("确认发送", {"read": boxes})


def returned(portal: PortalInMemory, firm: Firm, pointers: Sequence[str]) -> None:
    city = portal.services.reviewer("CITY_OFFICER")
    points = [
        {"pointer": each, "reason": "R06", "text": "请补充或更换后重新发送"} for each in pointers
    ]
    city.decide(city.open(firm.record, "CITY"), "RETURN", "", points, "请补充")
    firm.record.waits_for("RETURNED")


def test_what_is_missing_for_a_record_stands_beside_the_button_with_the_pages_that_mend_it(
    portal: PortalInMemory,
) -> None:
    campaign = open_campaign(portal.services)
    clerk = clerk_of(portal, Firm(portal.services))
    clerk.open("/assessment")
    [button] = clerk.all("//button[normalize-space(.)='添加']")
    assert (button.get("type"), button.get("aria-disabled")) == ("button", "true")
    why = f"//*[@id='{button.get('aria-describedby')}']"
    assert clerk.texts(f"{why}//*[@class='rule']") == ["A02", "A04", "A05"]
    links = [each.get("href") for each in clerk.all(f"{why}//a")]
    assert links == ["/enterprise/filings", "/people/filings", "/projects"]
    csrf = clerk.all("//input[@name='_csrf']/@value")[0]
    clerk.post("/assessment", {"_csrf": csrf, "campaign": campaign})
    assert clerk.texts(RULES) == ["A02", "A04", "A05"]


def test_once_nothing_is_missing_a_record_can_be_added(portal: PortalInMemory) -> None:
    open_campaign(portal.services)
    firm = filed(portal)
    firm.project()
    clerk = clerk_of(portal, firm)
    clerk.open("/assessment")
    [button] = clerk.all("//button[normalize-space(.)='添加']")
    assert (button.get("type"), button.get("aria-disabled")) == ("submit", None)


def test_a_record_is_chosen_step_by_step_generated_and_sent(portal: PortalInMemory) -> None:
    open_campaign(portal.services)
    firm = filed(portal)
    project = firm.project()
    clerk = begun(portal, firm)
    for label in ("企业基本信息", "资质信息"):
        assert clerk.texts("//h1")[0].startswith(label)
        clerk.press("保存，下一步")
    people = [each.get("value") for each in clerk.all(CHOSEN)]
    clerk.press("保存，下一步", choosing(clerk, *people))
    clerk.press("保存本步 Ctrl S", choosing(clerk, project))
    slot = {f"_file:ASM_PERF:{project}": pdf("ASM_PERF")}
    clerk.press("保存，下一步", files=slot)
    clerk.press("全部已缴")
    clerk.press("保存，下一步", files={"_file:SI_PROOF:all": pdf("SI_PROOF")})
    clerk.press("生成")
    assert "已生成，尚未发送" in clerk.text
    assert any("有效期至 20" in each for each in clerk.texts("//td"))
    send(clerk, firm)
    assert "发送成功，动态考核报送工作已完成" in clerk.text
    assert firm.record.now["receipt_no"] in clerk.text
    proofs = firm.record.now["steps"]["social-insurance"]["si_proofs"]
    assert [(len(each["persons"]), len(each["scans"])) for each in proofs] == [(2, 1)] * 3


def test_a_project_without_a_stage_is_shown_with_its_reason_and_mended_by_its_link(
    portal: PortalInMemory,
) -> None:
    open_campaign(portal.services)
    firm = filed(portal)
    firm.project()
    works = firm.performance()
    bare = works.project(works.contract("示范路"), "示范路")
    clerk = begun(portal, firm)
    step(clerk, firm, "performance")
    (box,) = clerk.all(f"{CHOSEN}[@value='{bare}']")
    assert box.get("disabled") is not None
    assert "J03" in clerk.texts("//tr[contains(@class,'is-off')]//*[@class='rule']")
    clerk.follow("去“项目阶段及项目参与人员”添加并保存")
    assert clerk.path == f"/projects/{bare}"
    clerk.follow("添加阶段")
    leader = next(iter(firm.staff.people.values()))
    typed = {"/stage": "D3", "/status": "1", "/started_on": "2024-03-01"}
    clerk.press("添加项目参与人员", typed)
    part = {"/participants/0/person_id": leader, "/participants/0/role": "PM"}
    clerk.press("保存 Ctrl S", part)
    step(clerk, firm, "performance")
    (box,) = clerk.all(f"{CHOSEN}[@value='{bare}']")
    assert box.get("disabled") is None


def test_who_has_no_contract_says_so_in_the_step_and_proves_it(
    portal: PortalInMemory,
) -> None:
    campaign = open_campaign(portal.services)
    firm = filed(portal)
    project = firm.project()
    firm.record.start(campaign, "enterprise/1")
    clerk = clerk_of(portal, firm)
    step(clerk, firm, "performance")
    clerk.press("新建暂无业绩", choosing(clerk, project))
    (kept,) = clerk.all(f"{CHOSEN}[@checked]")
    assert kept.get("value") == project
    assert "无业绩原因" in clerk.text
    placeholder = next(
        each.get("value") for each in clerk.all(CHOSEN) if each.get("aria-label") == "暂无业绩"
    )
    reason = {"/performance/nil_declaration/reason": "本年度没有新签合同"}
    clerk.press("保存本步 Ctrl S", choosing(clerk, placeholder) | reason)
    slot = f"_file:ASM_NOPERF:{placeholder}"
    assert [each.get("name") for each in clerk.all("//input[@type='file']")] == [slot]
    clerk.press("保存本步 Ctrl S", files={slot: pdf("ASM_NOPERF")})
    saved = firm.record.now["steps"]["performance"]
    assert saved["nil_declaration"]["reason"] == "本年度没有新签合同"
    assert [each["scan_type"] for each in saved["performances"][0]["scans"]] == ["ASM_NOPERF"]


def test_what_changed_is_shown_before_it_is_generated_anew(portal: PortalInMemory) -> None:
    firm, clerk, _ = generated(portal)
    clerk.open("/assessment")
    clerk.press("重新生成", {"record": firm.record.id})
    assert clerk.path.endswith("/steps/enterprise")
    step(clerk, firm, "people")
    stays = clerk.all(CHOSEN)[0].get("value")
    clerk.press("保存本步 Ctrl S", choosing(clerk, stays))
    step(clerk, firm, "generate")
    assert "钱示范" in clerk.texts("//table[@class='diff']//del")[0]
    clerk.press("重新生成")
    assert "已生成，第 2 次" in clerk.text
    assert len(firm.record.now["content"]["persons"]) == 1


def test_a_source_that_moved_bars_sending_and_says_where_to_mend_it(
    portal: PortalInMemory,
) -> None:
    firm, clerk, project = generated(portal)
    stages = firm.clerk.get("projects", f"/projects/{project}")
    (one,) = stages["stages"]
    path = f"/projects/{project}/stages/{one['id']}"
    firm.clerk.do("DELETE", "projects", path, version=stages["version"])
    clerk.open(f"/assessment/{firm.record.id}/send")
    assert clerk.all("//button[@aria-disabled='true'][normalize-space(.)='确认发送']")
    (jump,) = clerk.all("//*[@id='against']//a[@class='jump']")
    clerk.open(jump.get("href"))
    assert "J03" in clerk.texts("//tr[contains(@class,'is-off')]//*[@class='rule']")


def test_every_single_warning_is_confirmed(portal: PortalInMemory) -> None:
    firm, clerk, _ = generated(portal)
    clerk.open(f"/assessment/{firm.record.id}/send")
    boxes = [each.get("value") for each in clerk.all("//input[@name='read']")]
    clerk.press("确认发送", {"read": boxes[1:]})
    assert clerk.status == 422
    assert set(clerk.texts(RULES)) == {"A25"}
    kept = [each.get("value") for each in clerk.all("//input[@name='read'][@checked]")]
    assert kept == boxes[1:]
    clerk.press("确认发送", {"read": boxes})
    assert "发送成功" in clerk.text


def test_a_rule_is_confirmed_by_all_of_its_warnings() -> None:
    posted = Posted({"warned": ["A13 0", "A13 1", "A06 2"], "read": ["A13 0", "A06 2"]})
    assert confirmed(posted) == ["A06"]


def test_what_came_back_is_all_that_can_be_changed(portal: PortalInMemory) -> None:
    firm, clerk, _ = generated(portal)
    send(clerk, firm)
    receipt = firm.record.now["receipt_no"]
    returned(portal, firm, ["/persons/1", "/si_proofs"])
    clerk.open(f"/assessment/{firm.record.id}")
    links = [each.get("href") for each in clerk.all("//*[@id='returned']//li/span/a")]
    assert [each.rpartition("/")[2] for each in links] == [
        "people#persons",
        "social-insurance#si_proofs",
    ]
    clerk.open(links[0])
    boxes = [each.get("disabled") is not None for each in clerk.all(f"{CHOSEN}")]
    assert boxes == [True, False]
    step(clerk, firm, "performance")
    assert "这一步没有退回" in clerk.text
    assert all(each.get("disabled") is not None for each in clerk.all(f"{CHOSEN}"))
    step(clerk, firm, "social-insurance")
    clerk.press("保存本步 Ctrl S", choosing(clerk))  # nobody is paid for
    step(clerk, firm, "generate")
    clerk.press("重新生成")
    clerk.open(f"/assessment/{firm.record.id}/send")
    boxes = [each.get("value") for each in clerk.all("//input[@name='read']")]
    clerk.press("确认发送", {"read": boxes})
    assert clerk.texts(RULES) == ["V14"]
    boxes = [each.get("value") for each in clerk.all("//input[@name='read']")]
    clerk.press("确认发送", {"read": boxes, "_answer:/persons/1": "该人员在本单位参保，见缴费明细"})
    assert "发送成功" in clerk.text
    assert (firm.record.now["round"], firm.record.now["receipt_no"]) == (2, receipt)


def test_a_record_that_nobody_opened_is_asked_back(portal: PortalInMemory) -> None:
    firm, clerk, _ = generated(portal)
    send(clerk, firm)
    clerk.press("申请撤回")
    assert "已申请撤回" in clerk.text
    firm.record.waits_for("WITHDRAWN")
    clerk.open(f"/assessment/{firm.record.id}")
    assert "企业撤回" in clerk.texts("//h1")[0]


def test_a_step_that_was_saved_elsewhere_meanwhile_stands_beside_what_was_typed(
    portal: PortalInMemory,
) -> None:
    firm, clerk, (first, second, third) = three_people(portal)
    save_people(clerk, firm, first, second)
    step(clerk, firm, "people")
    other = clerk_of(portal, firm)
    save_people(other, firm, second)  # without the first
    clerk.press("保存本步 Ctrl S", choosing(clerk, first, second, third))  # with the third
    assert clerk.status == 412
    names = {id: name for name, id in firm.staff.people.items()}
    assert [row[1:] for row in cells(clerk)] == [
        [names[first], "（空）", names[first], "只有对方改了"],
        ["（空）", "（空）", names[third], "只有您改了"],
    ]
    clerk.press("保存合并的内容 Ctrl S")
    assert chosen(firm) == {second, third}


def test_where_both_explained_one_certificate_somebody_chooses(portal: PortalInMemory) -> None:
    firm, clerk, _ = three_people(portal)
    field = "/qualifications/excluded_certificates/0/reason"
    other = clerk_of(portal, firm)
    for each in (clerk, other):
        step(each, firm, "qualifications")
    other.press("保存本步 Ctrl S", {**choosing(other), field: "本年不考核"})
    clerk.press("保存本步 Ctrl S", {**choosing(clerk), field: "证书已注销"})
    assert clerk.status == 412
    [pick] = {each.get("name") for each in clerk.all("//input[@type='radio']")}
    clerk.press("保存合并的内容 Ctrl S", {pick: "mine"})
    [left_out] = firm.record.now["steps"]["qualifications"]["excluded_certificates"]
    assert left_out["reason"] == "证书已注销"


def test_a_scan_is_taken_out_of_its_slot_and_the_sending_says_so(portal: PortalInMemory) -> None:
    firm, clerk, _ = generated(portal)
    step(clerk, firm, "performance")
    (taken,) = clerk.all("//button[@name='_drop']")
    clerk.press(" ".join(taken.text_content().split()))
    assert firm.record.now["steps"]["performance"]["performances"][0]["scans"] == []
    assert "A08" in clerk.texts("//li[contains(@class,'slot')]//*[@class='rule']")


def test_everything_is_said_in_english_too(portal: PortalInMemory) -> None:
    firm, _, _ = generated(portal)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc, language="en")
    for name in ("people", "social-insurance", "generate"):
        step(clerk, firm, name)
        assert clerk.status == 200
    clerk.open(f"/assessment/{firm.record.id}")
    assert "Qualifications and staffing" in clerk.text


def test_a_field_added_to_the_form_of_a_record_is_on_its_step(portal: PortalInMemory) -> None:
    firm, clerk, _ = generated(portal)
    step(clerk, firm, "enterprise")
    _, form = portal.app.state.site.reference._held["/forms/record"]
    own = next(each for each in form["parts"] if each["path"] == "/enterprise")
    planted = {**own["fields"][1], "name": "remark", "zh": "补充说明", "en": "Remark"}
    own["fields"].append(planted)
    step(clerk, firm, "enterprise")
    assert "补充说明" in clerk.texts("//label[.//*[@id='f-enterprise-remark']]")[0]


def test_after_the_conclusion_the_result_stands_on_the_record(portal: PortalInMemory) -> None:
    firm, clerk, _ = generated(portal)
    send(clerk, firm)
    review(portal.services, firm, "FAIL")
    clerk.open(f"/assessment/{firm.record.id}")
    assert "拟定结论：不合格" in clerk.text
    assert "考核结论：" not in clerk.text
    assert "发送成功" not in clerk.text, "what was told at the sending is over"
    assert not clerk.all("//a[normalize-space(.)='重新生成']")
    clerk.open(f"/assessment/{firm.record.id}/history")
    assert clerk.texts("//h3")[0] == "拟定结论 · 第 1 次"


def test_what_is_ordered_after_a_fail_is_reached_from_the_record(portal: PortalInMemory) -> None:
    firm, clerk, _ = generated(portal)
    send(clerk, firm)
    review(portal.services, firm, "FAIL")
    publish(portal.services, [firm], "ANNOUNCED")
    today = portal.services.setting.clock.at.date()
    body = {
        "record": firm.record.id,
        "notice_date": str(today),
        "deadline": str(today + timedelta(days=60)),
        "shortfalls": [{"item": "一级注册建筑师", "need": "2人", "have": "0人"}],
    }
    lead = portal.services.reviewer("PROV_OFFICER")
    ordered = lead.actor.do("POST", "review", "/rectifications", body)
    portal.services.take_effect()
    clerk.open(f"/assessment/{firm.record.id}")
    clerk.follow("打开整改")
    assert clerk.path == f"/rectifications/{ordered['id']}"
    assert "一级注册建筑师" in clerk.text


def test_what_was_ticked_and_not_saved_is_there_again(portal: PortalInMemory) -> None:
    firm, clerk, _ = generated(portal)
    step(clerk, firm, "people")
    first = clerk.all(CHOSEN)[0].get("value")
    typed = {"_csrf": clerk.session.csrf, "_begun": clerk.all("//input[@name='_begun']")[0].value}
    boxes = {name: ids for name, ids in choosing(clerk, first).items() if ids}
    (draft,) = clerk.all("//input[@name='_draft']")
    kept = clerk._run(clerk.browser.post(f"/drafts/{draft.value}", data=typed | boxes))
    assert kept.status_code == 200
    step(clerk, firm, "people")
    assert "已自动保存，尚未正式保存" in clerk.text
    assert [each.get("value") for each in clerk.all(f"{CHOSEN}[@checked]")] == [first]
    clerk.press("保存本步 Ctrl S")
    people = firm.record.now["steps"]["people"]["persons"]
    assert [each["person_id"] for each in people] == [first]
    step(clerk, firm, "people")
    assert "已自动保存，尚未正式保存" not in clerk.text
