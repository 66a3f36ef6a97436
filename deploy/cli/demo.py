"""`demo`: starts everything, plays the manual, and leaves work for whoever signs in."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from cyclopts import App

from deploy.cli import stack
from deploy.demo.authority import decided_by_topic
from deploy.demo.manual import Manual
from deploy.demo.stage import DemoUser, Teller
from deploy.demo.waiting import leave_waiting
from deploy.embedded.lock import running
from deploy.installation import clocks
from deploy.installation.places import HOME, endpoints
from deploy.installation.tokens import access_token
from deploy.issuer.accounts import Accounts
from deploy.issuer.signing import Account
from libs.events.value import SHANGHAI


def register(app: App) -> None:
    app.command(demo)


def demo(*, json_: bool = False) -> int:
    """Start everything, play the operator's manual through the public APIs, leave it running with
    something to do for every account.
    """
    if not running(HOME):
        stack.start(lambda said: None if json_ else print(said, end="", flush=True))
    told, teller = endpoints(), Teller(json_)
    accounts = Accounts(HOME.path / "accounts.json")
    accounts.add(play(told, teller))
    teller.chapter("Everything stays up until ./kaohe down. Look around: ./kaohe status")
    teller.note(f"门户 portal  {told['portal']['url']}  不需要密码 no password, accounts:")
    for account in accounts.all().values():
        place = account.org or account.city or ""
        teller.note(f"  {account.name}  {account.role} {place}")
    return 0


def play(told: dict[str, Any], teller: Teller) -> list[Account]:
    """On a stack that is up. Answers the accounts of the enterprises that it made."""
    clerks: list[Account] = []
    urls = {name: service["url"] for name, service in told["services"].items()}

    def hire(name: str, role: str, **claims: str) -> DemoUser:
        if role == "ENT_CLERK":
            clerks.append(Account(role, name=name, **claims))
        return DemoUser(name, access_token(told, role, **claims), urls, teller)

    def pass_to(day: date) -> None:
        """The morning after that day."""
        clocks.set_clock(told, datetime.combine(day + timedelta(days=1), time(9), SHANGHAI))
        teller.note(f"时间推进至 {day + timedelta(days=1)}")

    manual = Manual(
        hire,
        teller,
        Random(),
        told["mail"]["http"],
        pass_to,
        lambda case: decided_by_topic(told, teller, case),
    )
    manual.play()
    leave_waiting(manual)
    return clerks
