"""Alerts and dashboards name only figures that there are; each alert has its page."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.contracts import services
from libs.chassis.process.metrics import Kind, Measure
from libs.chassis.service import figures
from services.portal.web.measured import MEASURES
from tests.observability.rules import ROOT, RULES, alerts, rules

DASHBOARDS = sorted((RULES.parent / "dashboards").glob("*.json"))
NAMED = re.compile(r"\b(kaohe_[a-z0-9_]+|up|process_[a-z_]+)\b")
LABELLED = re.compile(r"(kaohe_[a-z0-9_]+)\{([^}]*)\}")
GIVEN = {"service", "le", "job", "instance", "namespace", "pod"}  # by us to all, by Prometheus
PROMETHEUS_OWN = {"up", "process_cpu_seconds_total", "process_resident_memory_bytes"}


def measures() -> dict[str, Measure]:
    own = [each for service in services() for each in service.measures]
    return {each.name: each for each in (*figures.ALL, *MEASURES, *own)}


def told(measure: Measure) -> set[str]:
    """Names of its series."""
    if measure.kind is Kind.HISTOGRAM:
        return {f"{measure.name}_{part}" for part in ("bucket", "count", "sum")}
    return {measure.name}


def series() -> dict[str, Measure]:
    return {name: each for each in measures().values() for name in told(each)}


def drawn() -> list[str]:
    """What the dashboards ask."""
    panels = [panel for path in DASHBOARDS for panel in json.loads(path.read_text())["panels"]]
    return [target["expr"] for panel in panels for target in panel.get("targets", ())]


def expressions() -> list[str]:
    return [*(each["expr"] for each in rules()), *drawn()]


def test_promtool_takes_the_rules() -> None:
    told = subprocess.run(["promtool", "check", "rules", RULES], capture_output=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_names_only_figures_and_labels_that_there_are(expression: str) -> None:
    known = series()
    recorded = {each["record"] for each in rules() if "record" in each}
    assert set(NAMED.findall(expression)) <= known.keys() | recorded | PROMETHEUS_OWN
    for name, matchers in LABELLED.findall(expression):
        labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers))
        assert labels <= {*known[name].labels, *GIVEN}, name


def test_figures_are_named_by_the_conventions() -> None:
    for each in measures().values():
        assert re.fullmatch(r"kaohe_[a-z0-9]+(_[a-z0-9]+)+", each.name)
        assert each.name.endswith("_total") == (each.kind is Kind.COUNTER), each.name
        assert each.kind is not Kind.HISTOGRAM or each.name.endswith(("_seconds", "_units"))
        assert not {"enterprise", "person", "id", "user", "uscc"} & set(each.labels), each.name


def sections(page: Path) -> dict[str, str]:
    parts = re.split(r"^## ", page.read_text(), flags=re.MULTILINE)[1:]
    return {part.splitlines()[0]: part for part in parts}


@pytest.mark.parametrize("alert", alerts(), ids=lambda each: each["alert"])
def test_an_alert_has_its_page(alert: dict[str, Any]) -> None:
    page, _, anchor = alert["annotations"]["runbook_url"].partition("#")
    found = sections(ROOT / page)
    assert anchor == alert["alert"].lower()
    section = found[alert["alert"]]
    for part in ("What it means", "At stake", "Look at", "Do", "Over when"):
        assert f"**{part}.**" in section, part
    assert alert["labels"]["severity"] in ("page", "ticket")


def test_every_page_is_of_an_alert() -> None:
    about = {name for name in sections(ROOT / "docs" / "runbook.md") if name.startswith("Kaohe")}
    assert about == {each["alert"] for each in alerts()}


def test_every_alert_was_made_to_fire() -> None:
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert [each["alert"] for each in alerts() if f'"{each["alert"]}"' not in tests] == []


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda each: each.stem)
def test_a_dashboard_is_as_grafana_wants_it(path: Path) -> None:
    board = json.loads(path.read_text())
    assert board["uid"] == path.stem
    assert board["schemaVersion"] >= 36
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    for panel in board["panels"]:
        assert panel["title"]
        assert panel["type"] in ("row", "timeseries", "stat", "table", "heatmap")
        assert panel["gridPos"].keys() == {"x", "y", "w", "h"}
