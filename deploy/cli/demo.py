"""`demo`: starts everything and plays the manual."""

from datetime import date
from random import Random

from cyclopts import App

from deploy.cli import stack
from deploy.cli.places import HOME, endpoints
from deploy.cli.tokens import access_token
from deploy.demo import filing, people, staff
from deploy.demo.stage import Actor, Teller
from deploy.embedded.supervisor import running

NAMES = ("郑州示范建筑设计有限公司", "河南示例工程设计有限公司")


def register(app: App) -> None:
    app.command(demo)


def demo(*, json_: bool = False) -> int:
    """Start everything, play the operator's manual through the public APIs, leave it running."""
    if not running(HOME):
        stack.start(lambda said: None if json_ else print(said, end="", flush=True))
    told = endpoints()
    urls = {name: service["url"] for name, service in told["services"].items()}
    teller, random = Teller(json_), Random()

    def actor(name: str, role: str, **claims: str) -> Actor:
        return Actor(name, access_token(told, role, **claims), urls, teller)

    officer = filing.Officer(actor("郑州市审核员", "CITY_OFFICER", city="410100"))
    teller.chapter("第一章 企业信息备案")
    uscc = people.credit_code(random)
    enterprise = filing.make(actor("企业经办人", "ENT_CLERK", org=uscc), random, NAMES[0], uscc)
    _offer(actor("系统管理员", "SYS_ADMIN"), enterprise)
    enterprise.register()
    enterprise.fetch()
    filing.play(enterprise, officer)
    teller.chapter("第二章 人员信息备案")
    staff.play(staff.Staff(enterprise.clerk, uscc, random), officer, random)
    teller.chapter("Everything stays up until ./kaohe down. Look around: ./kaohe status")
    return 0


def _offer(admin: Actor, enterprise: filing.Enterprise) -> None:
    body = {
        "uscc": enterprise.uscc, "legacy_id": f"5-{enterprise.uscc[-6:]}", "filed_on": str(date(2023, 5, 1)), "migrated": True,
        "content": {key: value for key, value in enterprise.page.items() if key != "certificates"},
    }  # fmt: skip
    admin.do("POST", "enterprise", "/legacy-filings", body, says="导入5.0备案数据，供企业获取")
