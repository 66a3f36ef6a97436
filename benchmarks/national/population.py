"""Who there is: enterprises and their technical staff, each from the seed and its own number alone,
so that a part of the population is a prefix of the whole. Nobody in it exists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from deploy.demo import people
from deploy.demo.staff import FIELDS
from libs.filing.content.enterprise import Information
from libs.filing.content.person import Person, Registration
from libs.filing.content.scan import ScanRef
from libs.filing.identifiers import enterprise_id, id_check, org_check, sex, uscc_check
from libs.filing.reference import codes

ENTERPRISES = 27_000
STAFF = (8, 88)  # of an enterprise, the least and the most: 48 at the middle, 1.3 million in all
MOST = 100  # numbers of persons kept for each enterprise
CITIES = sorted(codes("reporting_unit") - {"410000"})
ENTERPRISE_SCANS = ("ENT_LICENSE", "ENT_CERT", "ENT_LEGAL_ID", "ENT_AUDIT")
PERSON_SCANS = ("PER_ID", "PER_PHOTO", "PER_DIPLOMA", "PER_LABOUR", "PER_TITLE")
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静强磊军洋勇艳杰娟涛明超"
PLACES = "嵩山黄河洛水淮阳龙门少林云台鸡公太行伏牛"
BORN = date(1980, 1, 1)  # the eldest
DISTRICT = "410122"  # of their identity numbers: none is one of the demo's


@dataclass(frozen=True)
class Firm:
    seed: int
    number: int  # in the order of the whole population

    @cached_property
    def uscc(self) -> str:
        organisation = f"MA{self.number:06d}"
        first = f"91410100{organisation}{org_check(organisation)}"
        return first + uscc_check(first)

    @property
    def id(self) -> UUID:
        return enterprise_id(self.uscc)

    @property
    def city(self) -> str:
        """The unit that supervises it."""
        return CITIES[self.number % len(CITIES)]

    @cached_property
    def name(self) -> str:
        place = "".join(self.random("name").choices(PLACES, k=2))
        return f"河南{place}{self.number:05d}建筑设计有限公司"

    @cached_property
    def staff(self) -> int:
        return self.random("staff").randint(*STAFF)

    def random(self, what: str) -> Random:
        return Random(f"{self.seed}/{self.number}/{what}")

    def id_of(self, what: str) -> UUID:
        """The same in every run."""
        return uuid5(NAMESPACE_URL, f"/national/{self.seed}/{self.number}/{what}")

    def page(self) -> Information:
        """企业基本信息, ready to be sent."""
        told = people.information(self.random("page"), self.uscc, self.name)
        told["basic"]["supervising_city_code"] = self.city
        for number, certificate in enumerate(told["certificates"]):
            certificate["id"] = self.id_of(f"certificate {number}")
            for each, item in enumerate(certificate["items"]):
                item["id"] = self.id_of(f"licence {number} {each}")
        scans = [_scan(self, type) for type in ENTERPRISE_SCANS]
        return Information.model_validate(told | {"scans": scans})

    def person(self, number: int) -> Person:
        """One of its staff, ready to be filed; every other one is registered."""
        random = self.random(f"person {number}")
        speciality = random.choice(sorted(FIELDS))
        is_registered = number % 2 == 0
        kinds = (*PERSON_SCANS, "PER_REG") if is_registered else PERSON_SCANS
        return Person(
            **_identity(self.number * MOST + number, random),
            **_career(speciality),
            categories=("N", "R") if is_registered else ("N",),
            speciality=speciality,
            registrations=(self._registration(number),) if is_registered else (),
            scans=tuple(_scan(self, type, number) for type in kinds),
        )

    def _registration(self, number: int) -> Registration:
        return Registration(
            type="ARC1",
            speciality="建筑",
            cert_no=f"1{self.number * MOST + number:08d}",
            issued_on=date(2022, 1, 1),
            valid_to=date(2026, 12, 31),
            registered_enterprise=self.name,
            registered_enterprise_uscc=self.uscc,
            status="1",
        )


def nation(seed: int, part: float = 1.0) -> Iterator[Firm]:
    """The first so many of all enterprises."""
    return (Firm(seed, number) for number in range(round(ENTERPRISES * part)))


def _scan(firm: Firm, type: str, number: int | None = None) -> ScanRef:
    return ScanRef(scan=firm.id_of(f"scan {type} {number}"), scan_type=type)


def _identity(number: int, random: Random) -> dict[str, object]:
    """Of each number another identity card, in no order that one sees."""
    born = BORN + timedelta(days=number // 1000)
    first = f"{DISTRICT}{born:%Y%m%d}{number % 1000:03d}"
    id_no = first + id_check(first)
    return {
        "name": random.choice(FAMILY) + "".join(random.choices(GIVEN, k=2)),
        "id_type": "1",
        "id_no": id_no,
        "sex": sex(id_no),
        "birth_date": born,
        "mobile": people.mobile(random),
    }


def _career(speciality: str) -> dict[str, object]:
    major, title = FIELDS[speciality]
    return {
        "education": "21",
        "school": "示范大学",
        "major": major,
        "graduated_on": date(2011, 7, 1),
        "title_level": "2",
        "title_name": "高级工程师",
        "title_speciality": title,
        "title_date": date(2020, 12, 1),
        "career_start_on": date(2011, 8, 1),
        "practice_start_on": date(2011, 8, 1),
        "hired_on": date(2012, 1, 1),
        "employment_status": "1",
        "contract_from": date(2022, 1, 1),
    }
