"""资质与人员配备: what each licence asks and who fills it, as the arithmetic of the generation has
it. Nothing is computed here: places that are filled stand with the persons, open ones with the
licence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.portal.web.language import say
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Visit

Fields = Mapping[str, Any]
Lists = Mapping[str, CodeNames]
LISTS = (
    "check_rule",
    "qualification_catalogue",
    "qualification_grade",
    "qualification_standard",
    "registration_type",
    "speciality",
)


@dataclass(frozen=True)
class SlotLine:
    """One line of a staffing table. `filled_by`: names; `open`: places that nobody fills;
    `could`: who might.
    """

    name: str
    filled_by: tuple[str, ...]
    open: int
    could: tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    """Who does not count for a place, and by which rules."""

    name: str
    place: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class LicenceTable:
    name: str
    provisional: bool
    tallies: tuple[str, ...]
    open: int
    lines: tuple[SlotLine, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Staffing:
    visit: Visit
    lists: Lists
    content: Fields
    names: Mapping[str, str]

    def tables(self) -> list[LicenceTable]:
        """By licence in force."""
        proposal = self.content["proposal"]
        items = proposal["proposal"]["per_item"]
        return [
            self._table(each, words) for each, words in zip(items, proposal["zh"], strict=False)
        ]

    def _table(self, item: Fields, words: str) -> LicenceTable:
        """One licence with its lines."""
        standard = self._standard(words)
        groups = (item["registered"], item["professionals"])
        return LicenceTable(
            name=say(self.visit.language, standard) if standard else self._licence(item["item"]),
            provisional=bool(item["provisional"]),
            tallies=tuple(_tally(each) for each in (_sum(*groups), *groups)),
            open=sum(each["need"] - each["have"] for each in item["open_slots"]),
            lines=tuple(self._lines(item, str(standard["code"]) if standard else "")),
            left_out=tuple(self._left_out(each) for each in item["excluded_persons"]),
        )

    def _standard(self, words: str) -> Fields | None:
        """The standard by its name, with which the words of the arithmetic begin."""
        known = self.lists["qualification_standard"].items
        return next((each for each in known if words.startswith(f"{each['zh']}：")), None)

    def _licence(self, item: Fields) -> str:
        licence = item["licence_name"] or self._say("qualification_catalogue", item["licence"])
        return f"{licence}{self._say('qualification_grade', item['grade'])}"

    def _lines(self, item: Fields, standard: str) -> Iterator[SlotLine]:
        """Slots of a standard: those that are open first, then those that are filled."""
        shortfalls = {each["code"]: each for each in item["open_slots"]}
        filled: dict[str, list[str]] = {code: [] for code in shortfalls}
        registered = {code for code, short in shortfalls.items() if short["group"] == "registered"}
        for person in self.content["persons"]:
            for code in _counted_as(person, standard):
                name = self._name(person["person_id"])
                is_new = code not in filled
                filled.setdefault(code, []).append(name)
                if is_new and _is_registered(person, code):
                    registered.add(code)
        for code, people in filled.items():
            short = shortfalls.get(code)
            yield self._line(code, people, short, registered=code in registered)

    def _line(
        self, code: str, people: list[str], short: Fields | None, *, registered: bool
    ) -> SlotLine:
        """One slot: what is asked, who fills it, what is open."""
        could: list[str] = []
        for id in (short or {}).get("elsewhere", ()):
            could.append(self.visit("%(name)s（已占其他岗位）") % {"name": self._name(id)})
        for id in (short or {}).get("not_chosen", ()):
            could.append(self.visit("%(name)s（未选入）") % {"name": self._name(id)})
        name = self._say("registration_type" if registered else "speciality", code)
        missing = short["need"] - short["have"] if short else 0
        return SlotLine(name, tuple(people), missing, tuple(could))

    def _left_out(self, each: Fields) -> LeftOut:
        registered = self.lists["registration_type"].item(each["code"])["zh"] != each["code"]
        place = self._say("registration_type" if registered else "speciality", each["code"])
        reasons = tuple(self._say("check_rule", rule) for rule in each["rules"])
        return LeftOut(self._name(each["person"]), place, reasons)

    def _name(self, id: str) -> str:
        return self.names.get(id) or self.visit("其他人员")

    def _say(self, name: str, code: Any) -> str:
        return say(self.visit.language, self.lists[name].item(code))


def _sum(one: Fields | None, other: Fields | None) -> Fields | None:
    if one is None or other is None:
        return None
    return {name: one[name] + other[name] for name in ("slots", "filled")}


def _tally(each: Fields | None) -> str:
    """应 / 实; nothing is said of a group without known numbers."""
    return f"{each['slots']} / {each['filled']}" if each else ""


def _counted_as(person: Fields, standard: str) -> Iterator[str]:
    """Codes of the standard's slots that the person fills."""
    for place in person["counted_as"]:
        of, _, code = place.rpartition(":")
        if of == standard:
            yield code


def _is_registered(person: Fields, code: str) -> bool:
    """Whether the slot is one of registrations."""
    types = {each["type"] for each in person["registrations"]}
    return code in types
