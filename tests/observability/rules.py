"""Alert rules as Prometheus itself judges them (promtool), on figures that processes have told."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "observability" / "alerts.yaml"
STEP, WELL, ILL = 15, 40, 80  # seconds between scrapes; so many of a healthy process, then so many
COUNTERS = re.compile(r"_(total|count|sum|bucket)$")

Sample = tuple[str, tuple[tuple[str, str], ...]]
Scrape = Mapping[Sample, float]


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [each for group in groups for each in group["rules"] if "alert" in each]


def rules() -> list[dict[str, Any]]:
    return [
        each for group in yaml.safe_load(RULES.read_text())["groups"] for each in group["rules"]
    ]


def scraped(text: str) -> dict[Sample, float]:
    """What a process told, by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def names(text: str) -> set[str]:
    """Of the figures that a process told, as docs/metrics.md names them."""
    return {
        line.split()[2]
        for line in text.splitlines()
        if line.startswith("# HELP kaohe_") and "_created" not in line
    }


@dataclass(frozen=True)
class Course:
    """Scrapes of a process while it was well, and two under a fault, `seconds` apart: it goes on
    as it did between these.
    """

    well: Scrape
    ill: Scrape
    later: Scrape
    seconds: float = 1.0

    def series(self) -> Iterator[dict[str, str]]:
        for name, labels in sorted(self.well.keys() | self.ill.keys() | self.later.keys()):
            key = name, labels
            before = self._at(self.well, key, ())
            after = self._at(self.later, key, (self.ill, self.later))
            if before or after:
                text = ",".join(f"{label}={json.dumps(value)}" for label, value in labels)
                yield {"series": f"{name}{{{text}}}", "values": f"{before or _NONE} {after}"}

    def _at(self, scrape: Scrape, key: Sample, pair: tuple[Scrape, ...]) -> str:
        """Values of a part of the course: as they stood, or as they went on."""
        times = ILL if pair else WELL
        if key not in scrape:
            return _no(times) if pair else ""
        goes_on = COUNTERS.search(key[0]) or key[0].endswith("_seconds")
        slope = 0.0
        if pair and goes_on:
            slope = (pair[1][key] - pair[0].get(key, 0.0)) / self.seconds * STEP
        return f"{scrape[key]:f}+{max(slope, 0.0):f}x{times}"


def _no(times: int) -> str:
    return f"_x{times}"


_NONE = _no(WELL)


def fired(course: Course, folder: Path) -> set[str]:
    """The alerts that stand at the end of the course. AssertionError if any stood while the process
    was well, or if promtool does not say.
    """
    series = list(course.series())
    assert judged(series, WELL, folder) == set(), "while all was well"
    return judged(series, WELL + ILL, folder)


def judged(series: Sequence[Mapping[str, str]], scrapes: int, folder: Path) -> set[str]:
    """The alerts that stand after so many scrapes: promtool is told that none does, and says which
    do all the same.
    """
    at = f"{scrapes * STEP}s"
    known = [each["alert"] for each in alerts()]
    wanted = [{"eval_time": at, "alertname": each, "exp_alerts": []} for each in known]
    test = {"interval": f"{STEP}s", "input_series": list(series), "alert_rule_test": wanted}
    file = folder / "rules.test.yaml"
    file.write_text(
        json.dumps({"rule_files": [str(RULES)], "evaluation_interval": f"{STEP}s", "tests": [test]})
    )
    told = subprocess.run(
        ["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False
    )
    said = told.stdout + told.stderr
    found = set(re.findall(r"alertname: (\w+)", said))
    assert (told.returncode == 0) == (not found), said
    return found
