"""What happens in the tables: one enterprise's way through the manual, and everything else that
can be done in each service.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from deploy.demo import manual, packet, scans, staff
from tests.assessment.test_in_memory import day as assessment_day
from tests.assessment.test_in_memory import filed
from tests.enterprise.test_in_memory import day as enterprise_day
from tests.http.operations import Operation
from tests.in_memory.firm import Firm, open_campaign, review
from tests.in_memory.installation import ALL, Installation
from tests.personnel.test_in_memory import day as personnel_day
from tests.projects.test_in_memory import day as projects_day
from tests.review import test_in_memory as review_days
from tests.review.review_in_memory import House
from tests.scale.installation import CountedInstallation, CountedService, Tables

START = date(2024, 9, 2)
TEAM = ((None, "ARCH"), ("STR2", "STRU"))


# values of filters that are the same in every story
MORE: Mapping[str, Mapping[str, list[str]]] = {
    "list_cases": {
        "kind": ["assessment", "person_filing", "nothing"],
        "type": ["ENT_INIT", "PER_INIT", "nothing"],
        "sort": ["enterprise_name", "sent_at", "-due_on", "due_on"],
    },
    "list_conclusions": {"result": ["FAIL", "PASS", "nothing"]},
    "list_filings": {"q": ["王", "鼧"], "cert_no": ["4100001-001", "nothing"]},
    "list_results": {"result": ["FAIL", "PASS"], "unit": ["410100", "410200"]},
    "read_result": {"digest": ["a" * 64]},
    "read_progress": {"as_of": ["2024-12-31", "2024-09-10", "2023-01-01"]},
}


class Story:
    """From registration to the order to mend, with everything that a path can name."""

    def __init__(self, at: Installation) -> None:
        self.at, self.firm = at, Firm(at, 9)
        at.pass_to(START)
        firm = self.firm
        manual._offer(at.actor("SYS_ADMIN"), firm.enterprise)
        self.filing = firm.file().rpartition("/")[2]
        self.person_filing = firm.hire(TEAM)[0]
        self.person = firm.staff.people[staff.NAMES[0]]
        self.packet = self._packet()
        self.project = firm.project()
        self.campaign = open_campaign(at)
        firm.make_record(self.campaign, [self.project])
        firm.record.send()
        review(at, firm, "FAIL")
        self.publicity = self._publish()
        self.rectification = self._order()
        report = scans.pdf("RECT_REPORT", firm.uscc)
        firm.clerk.upload("review", "RECT_REPORT", report, "application/pdf")
        self._type()

        self._ids = self._named()
        self._filters: Mapping[str, list[str]] = {
            "version": ["1"],
            "width": ["320"],
            "uscc": [firm.uscc],
            "q": ["示范", "鼧", "司公"],
            "enterprise": [firm.enterprise.id],
            "person": [self.person],
            "contract": [self.contract],
            "campaign": [self.campaign],
            "stream": [firm.enterprise.id],
            "record_no": [self._row("assessment", "records", "record_no")],
            "filing": [self.filing],
            "assignee": ["city_officer", "nobody"],
            "due_before": ["2024-09-30", "2000-01-01"],
            "year": ["2024", "2023"],
            **{name: ["1"] for name in ("round", "generation", "from", "to", "after")},
        }

    def _named(self) -> Mapping[tuple[str, str], Mapping[str, str]]:
        stage = self._row("projects", "stages", "id")
        legacy = self._row("enterprise", "legacy_filings", "id")
        return {
            ("enterprise", "enterprises"): {
                "id": self.firm.enterprise.id,
                "filing": self.filing,
                "n": "1",
            },
            ("enterprise", "packets"): {"packet": self.packet},
            ("enterprise", "legacy-filings"): {"id": legacy},
            ("personnel", "people"): {"id": self.person},
            ("personnel", "filings"): {"filing": self.person_filing},
            ("projects", "contracts"): {"id": self.contract},
            ("projects", "projects"): {"id": self.project, "stage": stage},
            ("assessment", "campaigns"): {"id": self.campaign},
            ("assessment", "records"): {"id": self.firm.record.id, "step": "people"},
            ("review", "cases"): {"id": self._row("review", "cases", "id")},
            ("review", "conclusions"): {"record": self.firm.record.id},
            ("review", "publicities"): {"id": self.publicity},
            ("review", "rectifications"): {"id": self.rectification},
            ("review", "results"): {
                "record_no": self._row("review", "announced_results", "record_no")
            },
            ("review", "reference"): {"kind": "currency"},
            ("review", "forms"): {"name": "person"},
            ("review", "offices"): {"code": "411000"},
        }

    def _packet(self) -> str:
        path = f"{self.firm.enterprise.path}/packets"
        filings = {"filings": [self.filing, self.person_filing]}
        built = self.firm.clerk.do("POST", "enterprise", path, filings)
        self.at.take_effect()
        return str(packet.Packets(self.firm.clerk, self.firm.enterprise.id).read(built["id"])["id"])

    def _type(self) -> None:
        """Drafts, kept, read and dropped."""
        typed = {
            "enterprise": ("enterprise", self.firm.enterprise.id),
            "personnel": ("person", self.person),
            "projects": ("project", self.project),
            "assessment": ("record", f"{self.firm.record.id}-people"),
        }
        for service, (form, id) in typed.items():
            path = f"/drafts/{form}/{id}"
            self.firm.clerk.do("PUT", service, path, {"content": {"typed": "甲"}})
            self.firm.clerk.get(service, path)
            self.firm.clerk.remove(service, path)

    def _publish(self) -> str:
        chief = self.at.reviewer("PROV_LEAD").actor
        opened = chief.do("POST", "review", "/publicities", {"records": [self.firm.record.id]})
        self.at.pass_to(date.fromisoformat(opened["last_day"]) + timedelta(days=1))
        path = f"/publicities/{opened['id']}"
        chief.do("POST", "review", f"{path}:announce", version=opened["version"])
        return str(opened["id"])

    def _order(self) -> str:
        today = self.at.setting.clock.at.date()
        body = {
            "record": self.firm.record.id,
            "notice_date": str(today),
            "deadline": str(today + timedelta(days=60)),
            "shortfalls": [{"item": "技术人员", "need": "10人", "have": "1人"}],
        }
        ordered = self.at.reviewer("PROV_LEAD").actor.do("POST", "review", "/rectifications", body)
        return str(ordered["id"])

    def ids(self, operation: Operation) -> Mapping[str, str]:
        """What its path names, where examples will not do."""
        collection = operation.path.split("/")[1]
        if collection == "scans":
            return {"scan": self._scan(operation.service), "n": "1"}
        return self._ids.get((operation.service, collection), {})

    def _scan(self, service: str) -> str:
        """Of the enterprise."""
        log = self.at[service].log.records
        return next(str(each.stream) for each in log if ".Scan." in each.type)

    def values(self, operation: Operation, name: str) -> list[str]:
        """What a filter may ask for."""
        return {**self._filters, **MORE.get(operation.id, {})}[name]

    @property
    def contract(self) -> str:
        return self._row("projects", "contracts", "id")

    def _row(self, service: str, table: str, column: str) -> str:
        return str(self.at[service].rows(table)[-1][column])


def play(tables: Tables) -> Story:
    """The story, on an installation of its own, which stays."""
    return Story(CountedInstallation(tables, *ALL))


def days(tables: Tables) -> None:
    """Every operation of every service but lists, as its own tests perform them."""
    enterprise_day(CountedInstallation(tables, "enterprise", "review"))
    personnel_day(CountedInstallation(tables, "personnel"))
    projects_day(CountedInstallation(tables, "enterprise", "personnel", "projects", "review"))
    at = CountedInstallation(tables, "enterprise", "personnel", "projects", "assessment")
    assessment_day(at, filed(at, 2))
    for day in review_days.DAYS:
        tables.run(day(CountedHouse(tables.pool("review"))))


class CountedHouse(CountedService, House):
    """The review service with who stands for the assessment service."""
