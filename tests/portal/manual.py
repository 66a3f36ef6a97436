"""The manual, chapter by chapter, from empty forms to the announced result, through the portal
alone: a clerk, the city's and the province's people, and somebody who looks the result up.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

from deploy.demo import people
from tests.portal import authority, clerk
from tests.portal.stage import BEGIN, Person, Stage
from tests.portal.visitor import Visitor

CITY, PROVINCE = "410100", "410000"
PEOPLE = ("全示范", "缺证件", "缺照片")  # the second and third lack a scan at first
PROJECTS = ("门户示范楼", "门户示范桥")
MEND = "去“项目阶段及项目参与人员”添加并保存"
SAVE, MERGED = "保存 Ctrl S", "保存合并的内容 Ctrl S"


@dataclass
class Manual:
    stage: Stage
    folder: Path
    uscc: str = field(default_factory=lambda: people.credit_code(Random()))
    name: str = field(default_factory=lambda: f"郑州门户{uuid4().hex[:6]}建筑设计有限公司")
    campaign: str = field(default_factory=lambda: f"动态考核 {uuid4().hex[:6]}")
    clerk: Visitor = field(init=False)
    officer: Visitor = field(init=False)

    async def play(self) -> None:
        await self.stage.pass_to(BEGIN)
        self.clerk = await self.stage.visitor(Person("ENT_CLERK", org=self.uscc))
        self.officer = await self.stage.visitor(Person("CITY_OFFICER", city=CITY))
        await self.chapter_1()
        leader = await self.chapter_2()
        await self.chapter_3()
        await self.chapter_4(leader)
        await self.chapter_5(leader)
        await self.and_then()

    async def looked(self, *visitors: Visitor) -> None:
        for each in visitors or (self.clerk,):
            await self.stage.looked(each)

    async def chapter_1(self) -> None:
        """企业基本信息: filled in, filed, returned, corrected, filed; then changed."""
        await clerk.register(self.clerk, self.name)
        await self.looked()
        await clerk.fill_in(self.clerk, self.uscc, self.name, self.folder)
        await clerk.save_refused_then_saved(self.clerk)
        await clerk.scan_is_kept(self.clerk)
        await self.looked()
        await self.clerk.open("/enterprise/filings")
        await self.clerk.press("添加")
        await self.looked()
        await self.clerk.press("保存")
        assert "已保存，尚未发送" in await self.clerk.reads()
        await self.looked()
        await clerk.send(self.clerk)
        await self.looked()
        await authority.take(self.officer, self.name)
        await self.looked(self.officer)
        await authority.send_back(self.officer)
        await clerk.until(self.clerk, "退回补正", "h1")
        await self.looked()
        await clerk.correct(self.clerk)
        await clerk.send(self.clerk)
        await authority.take(self.officer, self.name)
        await self.looked(self.officer)
        await authority.pass_all(self.officer)
        await clerk.until(self.clerk, "审核通过", "h1")
        await self.looked()
        await self.clerk.open("/enterprise")
        assert "第 1 版" in await self.clerk.reads(".tblock")
        await self.the_enterprise_changes()

    async def the_enterprise_changes(self) -> None:
        """企业信息变更备案管理, after a session that ended while the clerk was typing."""
        await self.clerk.open("/enterprise/changes")
        await self.clerk.press("添加")
        mobile = self.clerk.page.locator('[name="/basic/contact_mobile"]')
        await mobile.fill("13900000001")
        await self.clerk.page.context.clear_cookies()
        async with self.clerk.page.expect_navigation():
            await self.clerk.page.keyboard.press("Control+s")
        assert "请先登录" in await self.clerk.reads()
        await self.looked()
        await self.stage.sign_in(self.clerk, Person("ENT_CLERK", org=self.uscc))
        assert await mobile.input_value() == "13900000001"
        assert await mobile.evaluate("each => each === document.activeElement")
        await self.looked()
        await self.clerk.press("保存")
        await clerk.send(self.clerk)
        await authority.take(self.officer, self.name)
        await authority.pass_all(self.officer)
        await clerk.until(self.clerk, "审核通过", "h1")

    async def chapter_2(self) -> str:
        """Three people are sent at once: two are refused by name, mended and sent again; all are
        passed together. Then one is changed. The leader's id.
        """
        first = await self.add_people()
        await self.clerk.open("/people/filings")
        await self.looked()
        for name in PEOPLE:
            await self.clerk.page.get_by_label(f"选择{name}", exact=True).check()
        await self.clerk.press("添加")
        await self.looked()
        await self.choose("filing")
        await self.clerk.press("保存")
        await self.choose("filing")
        await self.clerk.press("在线发送")
        told = await self.clerk.reads('section[aria-labelledby="h-res"]')
        assert "1 人已发送，2 人没有发送" in told
        for name in PEOPLE[1:]:
            assert name in told.partition("没有发送，改好后再发")[2]
        assert PEOPLE[0] in told.partition("没有发送，改好后再发")[0]
        await self.looked()
        for name, scan_type in zip(PEOPLE[1:], clerk.OF_PERSON, strict=False):
            await self.mend(name, scan_type)
        await self.choose("filing")
        await self.clerk.press("在线发送")
        assert "2 人已发送，0 人没有发送" in await self.clerk.reads()
        await authority.choose_together(self.officer, self.name, len(PEOPLE))
        await self.looked(self.officer)
        await authority.pass_together(self.officer, len(PEOPLE))
        await self.looked(self.officer)
        await self.a_person_changes(PEOPLE[0])
        return first.rpartition("/")[2]

    async def add_people(self) -> str:
        """Path of the first."""
        paths = []
        for name, lacks in zip(PEOPLE, ("", *clerk.OF_PERSON), strict=False):
            scans = tuple(each for each in clerk.OF_PERSON if each != lacks)
            paths.append(await clerk.add_person(self.clerk, name, self.uscc, self.folder, scans))
        await self.looked()
        await self.a_page_grows_stale(paths[0])
        return paths[0]

    async def a_page_grows_stale(self, path: str) -> None:
        """A colleague saves the same person first: 412, both are asked for."""
        colleague = await self.stage.visitor(Person("ENT_CLERK", org=self.uscc))
        for each in (self.clerk, colleague):
            await each.open(path)
        await colleague.type("/school", "华北水利水电大学")
        await clerk.save(colleague)
        await self.clerk.type("/school", "郑州大学")
        await self.clerk.type("/major", "城乡规划")
        await clerk.save(self.clerk)
        assert "双方都改了的 1 处，请选择" in await self.clerk.reads()
        await self.looked()
        await self.clerk.page.locator('[name="_pick:/school"][value=theirs]').check()
        await self.clerk.press(MERGED)
        assert "已保存" in await self.clerk.reads("h1")
        assert await self.clerk.page.input_value('[name="/school"]') == "华北水利水电大学"
        assert await self.clerk.page.input_value('[name="/major"]') == "城乡规划"

    async def choose(self, what: str) -> None:
        await clerk.tick_all(self.clerk.page.locator(f'input[name="{what}"]'))

    async def mend(self, name: str, scan_type: str) -> None:
        """The scan that was missing, then 保存 of the filing."""
        await self.clerk.open("/people")
        await self.clerk.push(self.clerk.page.get_by_role("link", name=name))
        whose = f"{self.uscc} {name}"
        await clerk.attach_of_person(self.clerk, scan_type, whose, self.folder)
        await clerk.save(self.clerk)
        await self.clerk.open("/people/filings")
        await self.clerk.push(self.clerk.page.get_by_role("link", name=name).last)
        await self.clerk.press("保存")
        await self.clerk.open("/people/filings")

    async def a_person_changes(self, name: str) -> None:
        """下载, changed, sent, passed."""
        await self.clerk.open("/people/changes")
        await self.looked()
        await self.clerk.page.get_by_label(f"选择{name}", exact=True).check()
        await self.clerk.press("下载")
        await self.clerk.type("/major", "建筑学")
        await self.clerk.press("保存")
        await self.looked()
        await clerk.send(self.clerk)
        await authority.take(self.officer, self.name)
        await authority.pass_all(self.officer)
        await clerk.until(self.clerk, "审核通过", "h1")

    async def chapter_3(self) -> None:
        """备案审核资料: built of what was sent, mailed to the unit's box."""
        admin = await self.stage.visitor(Person("SYS_ADMIN"))
        await admin.open(f"/reference/reporting_unit/{CITY}")
        await admin.type("packet/mailbox", "beian@zhengzhou.example")
        await clerk.save(admin)
        assert "已保存" in await admin.reads(".banner-ok")
        await self.clerk.open("/enterprise/filings")
        await self.clerk.push(self.clerk.page.get_by_role("link", name="备案审核资料"))
        await self.clerk.press("生成")
        assert "还没有选择" in await self.clerk.reads()
        await self.looked()
        await self.choose("filing")
        await self.clerk.press("生成")
        await self.looked()
        await self.stage.settle()
        await clerk.until(self.clerk, "已备齐，尚未发送", "h1")
        await clerk.until(self.clerk, "beian@zhengzhou.example", ".tblock")
        await self.looked()
        await self.clerk.press("发送至主管部门邮箱")
        await self.stage.settle()
        await clerk.until(self.clerk, "发送记录")
        await self.looked()

    async def chapter_4(self, leader: str) -> None:
        """Two contracts with a project each: the first gets its stage, the second not yet."""
        for name in PROJECTS:
            await self.clerk.open("/contracts")
            await clerk.contract(self.clerk, name, self.uscc, leader)
            await self.looked()
            await clerk.project(self.clerk, name)
            await self.looked()
            if name == PROJECTS[0]:
                await clerk.add_stage(self.clerk, leader, "D1")
        await self.clerk.open("/projects?selectable=false")
        assert "不可选" in await self.clerk.reads("tbody")
        assert PROJECTS[0] not in await self.clerk.reads("tbody")
        await self.looked()

    async def chapter_5(self, leader: str) -> None:
        """河南动态考核: chosen step by step, the project that cannot be chosen mended by its link;
        generated, changed, generated again, sent.
        """
        await self.a_campaign_opens()
        await clerk.begin(self.clerk, self.campaign)
        await clerk.next_step(self.clerk)
        await self.looked()
        await clerk.next_step(self.clerk)
        await self.looked()
        await self.clerk.page.locator(clerk.CHOSEN).first.check()
        await clerk.next_step(self.clerk)
        await self.projects_are_chosen(leader)
        await clerk.next_step(self.clerk)
        await clerk.insured(self.clerk, self.folder)
        await self.looked()
        await self.clerk.press("生成")
        assert "已生成，第 1 次" in await self.clerk.reads(".banner-ok")
        await self.looked()
        await self.generated_again()
        await clerk.send_record(self.clerk)
        await self.looked()

    async def a_campaign_opens(self) -> None:
        """The province plans it and opens it."""
        province = await self.stage.visitor(Person("PROV_OFFICER", city=PROVINCE))
        await province.open("/campaigns/new")
        await province.type("year", "2024")
        await province.type("title", self.campaign)
        await clerk.save(province)
        await self.looked(province)
        await province.press("开始填报")
        assert "已开始填报" in await province.reads(".banner-ok")

    async def projects_are_chosen(self, leader: str) -> None:
        choices = self.clerk.page.locator(clerk.CHOSEN)
        assert "J03" in await self.clerk.reads("tr.is-off")
        await self.looked()
        here = self.clerk.page.url.removeprefix(self.clerk.url)
        await self.clerk.push(self.clerk.page.get_by_role("link", name=MEND))
        await clerk.add_stage(self.clerk, leader, "D3")
        await self.clerk.open(here)
        assert await self.clerk.page.locator("tr.is-off").count() == 0
        await clerk.tick_all(choices)
        await clerk.save(self.clerk)
        await clerk.attach(self.clerk, "ASM_PERF", self.folder)

    async def generated_again(self) -> None:
        """重新生成, with the difference to what was generated before."""
        await self.clerk.push(self.clerk.page.get_by_role("link", name="重新生成").first)
        await self.clerk.type("/enterprise/self_check", "自查没有问题")
        await clerk.next_step(self.clerk)
        await self.clerk.push(self.clerk.page.locator(".track a", has_text="重新生成"))
        assert "自查没有问题" in await self.clerk.reads(".diff")
        await self.looked()
        await self.clerk.press("重新生成")
        assert "已生成，第 2 次" in await self.clerk.reads(".banner-ok")

    async def and_then(self) -> None:
        """Reviewed by city and province, concluded, published, announced; anybody looks it up."""
        number = await self.clerk.reads(".tblock dd >> nth=0")
        lead = await self.stage.visitor(Person("CITY_LEAD", city=CITY))
        await authority.to_case(self.officer, number)
        await self.looked(self.officer)
        await self.officer.press("受理")
        await self.looked(self.officer)
        await self.officer.press("通过")
        await clerk.until(self.officer, "已出意见，待签发或拟定结论")
        await authority.to_case(lead, number, "OPINION")
        await self.looked(lead)
        await lead.press("签发初审意见")
        await clerk.until(lead, "初审完成")
        chief = await self.concluded(number)
        await self.announced(chief)
        await clerk.until(self.clerk, "考核结论")
        await self.looked()
        guest = await self.stage.browsers.visitor()
        await guest.open("/results")
        await guest.page.get_by_label("企业名称").fill(self.name)
        await guest.press("筛选")
        await guest.push(guest.page.get_by_role("link", name=self.name))
        assert "基本合格" in await guest.reads()
        await self.looked(guest)

    async def concluded(self, number: str) -> Visitor:
        """The lead of the province, who has approved the conclusion."""
        province = await self.stage.visitor(Person("PROV_OFFICER", city=PROVINCE))
        await authority.to_case(province, number)
        await province.press("受理")
        await province.press("通过")
        await province.page.select_option("#result", "BASIC")
        await province.press("拟定结论")
        assert "V06" in await province.reads(".summary")
        await self.looked(province)
        await province.page.fill("#override", "标准数值暂定，经人工核定")
        assert await province.page.input_value("#result") == "BASIC"
        await province.press("拟定结论")
        assert "待负责人批准" in await province.reads()
        chief = await self.stage.visitor(Person("PROV_LEAD", city=PROVINCE))
        await authority.to_case(chief, number, "OPINION")
        await self.looked(chief)
        await chief.press("批准结论")
        await clerk.until(chief, "结论已批准，可以公示")
        return chief

    async def announced(self, chief: Visitor) -> None:
        """Published, and announced once the days have passed."""
        await chief.open("/conclusions?state=CONCLUDED")
        row = chief.page.locator("tbody tr", has_text=self.name)
        await self.looked(chief)
        await row.locator("input[type=checkbox]").check()
        await chief.press("公示所选结论")
        assert "已公示，至" in await chief.reads(".banner-ok")
        assert self.name in await chief.reads("tbody")
        assert "V07" in await chief.reads("#why-announce")
        await self.looked(chief)
        over = await chief.reads('.tblock div:has(dt:text-is("公示至")) dd')
        await self.stage.pass_to(date.fromisoformat(over.strip()) + timedelta(days=1))
        await chief.page.reload()
        await chief.press("公告考核结果")
        assert "已公告，结论生效" in await chief.reads(".banner-ok")
        await self.looked(chief)
