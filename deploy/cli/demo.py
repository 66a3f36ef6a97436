"""`demo`: starts everything and plays the manual."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from cyclopts import App

from deploy.cli import clocks, stack
from deploy.cli.places import HOME, endpoints
from deploy.cli.tokens import access_token
from deploy.demo.authority import decided_by_topic
from deploy.demo.manual import Manual
from deploy.demo.stage import DemoUser, Teller
from deploy.embedded.supervisor import running
from libs.events.value import SHANGHAI


def register(app: App) -> None:
    app.command(demo)


def demo(*, json_: bool = False) -> int:
    """Start everything, play the operator's manual through the public APIs, leave it running."""
    if not running(HOME):
        stack.start(lambda said: None if json_ else print(said, end="", flush=True))
    told, teller = endpoints(), Teller(json_)
    play(told, teller)
    teller.chapter("Everything stays up until ./kaohe down. Look around: ./kaohe status")
    return 0


def play(told: dict[str, Any], teller: Teller) -> None:
    """On a stack that is up."""
    urls = {name: service["url"] for name, service in told["services"].items()}

    def hire(name: str, role: str, **claims: str) -> DemoUser:
        return DemoUser(name, access_token(told, role, **claims), urls, teller)

    def pass_to(day: date) -> None:
        """The morning after that day."""
        clocks.set_clock(told, datetime.combine(day + timedelta(days=1), time(9), SHANGHAI))
        teller.note(f"时间推进至 {day + timedelta(days=1)}")

    Manual(
        hire,
        teller,
        Random(),
        told["mail"]["http"],
        pass_to,
        lambda case: decided_by_topic(told, teller, case),
    ).play()
