"""A Prometheus server beside the local stack: it reaches every process, takes every rule, answers
whatever the dashboards ask, and an alert fires by what really happens.
"""

import asyncio
import os
import re
import secrets
import signal
from collections.abc import Iterable, Iterator

import pytest

from deploy.embedded.places import SERVICES
from libs.events.envelope import KafkaRecord, topic_of
from libs.events.kafka import Bus, KafkaSettings
from tests.deploy.clone import Clone
from tests.observability.prometheus import Prometheus, prometheus
from tests.observability.test_rules import drawn, expressions

QUIET = re.compile(r"> 0|status=~|kaohe_portal_call")
pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture(scope="module")
def watching(clone: Clone, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    told = clone.told
    urls = {name: told["services"][name]["url"] for name in SERVICES}
    urls["portal"] = told["portal"]["url"]
    with prometheus(tmp_path_factory.mktemp("prometheus"), urls) as found:
        yield found


def test_every_process_is_reached_and_every_rule_taken(watching: Prometheus) -> None:
    watching.waits_until(lambda: set(watching.targets().values()) == {"up"})
    assert watching.targets().keys() == {f"kaohe-{name}" for name in (*SERVICES, "portal")}
    watching.waits_until(lambda: all(each["health"] == "ok" for each in watching.rules()))


def test_whatever_a_dashboard_asks_is_answered(watching: Prometheus) -> None:
    """Nothing is drawn where nothing is wrong, and nothing of people while there are none."""
    for each in expressions():
        watching.asked(each)
    asked = [each for each in drawn() if not QUIET.search(each)]
    assert asked
    watching.waits_until(lambda: all(map(watching.asked, asked)))


def test_a_strangers_record_is_an_alarm(watching: Prometheus, clone: Clone) -> None:
    refused = 'kaohe_topic_refused_records{topic="kaohe.enterprise.v1"}'
    watching.waits_until(lambda: bool(watching.asked(refused)))
    assert not watching.alerts("firing")
    asyncio.run(forged(clone.told["kafka"], topic_of("enterprise")))
    watching.waits_until(lambda: bool(watching.alerts("firing")))
    (name,) = {each["alertname"] for each in watching.alerts("firing")}
    assert name == "KaoheRecordsRefused"


async def forged(broker: str, topic: str) -> None:
    publisher = Bus(KafkaSettings(broker)).publisher()
    try:
        await publisher.publish(topic, [KafkaRecord(b"", secrets.token_bytes(8), ())])
    finally:
        await publisher.end()


def test_a_process_that_answers_no_more_is_seen(watching: Prometheus, clone: Clone) -> None:
    """Last: nobody starts again what only hangs."""
    pid = clone.status["services"]["projects"]["pids"]["api"]
    away = {("KaoheProcessAway", "kaohe-projects")}
    os.kill(pid, signal.SIGSTOP)
    try:
        watching.waits_until(lambda: away <= named(watching.alerts("pending")))
    finally:
        os.kill(pid, signal.SIGCONT)


def named(alerts: Iterable[dict[str, str]]) -> set[tuple[str, str]]:
    """Each alert, and the job it is about."""
    return {(each["alertname"], each.get("job", "")) for each in alerts}
