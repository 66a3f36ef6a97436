"""A record as its clerk's pages see it: what the service says of it, what stands against each act,
and how far each step of the wizard has come.
"""

from asyncio import gather
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.portal.pages.assessment.places import Opened, Place, Places
from services.portal.pages.shared.commands import actions, messages
from services.portal.pages.shared.filed import Filed
from services.portal.render.view import Message
from services.portal.web.visit import Visit

Fields = Mapping[str, Any]
GENERATE = "generate"  # the last node of the track: it takes no choices
MENU = "M9"
ACTS = ("save", GENERATE, "send", "withdraw")
NOT_OFFERED: Fields = {
    "allowed": False,
    "reasons": [],
}


@dataclass(frozen=True)
class TrackNode:
    """A step on the track. `look`: done, now, bad or nothing."""

    name: str
    label: str
    href: str
    note: str
    look: str


@dataclass(frozen=True)
class ReturnedPoint:
    """`place`: in the form's words; `href`: where it is corrected, `source`: the page of what it
    was taken from, if it has one.
    """

    item: Fields
    place: str
    href: str
    source: str


@dataclass(frozen=True)
class Jump:
    """A finding with its place, the step where it is mended, and the page of its source."""

    message: Message
    place: str
    href: str
    source: str
    acknowledged: bool


@dataclass(frozen=True)
class RecordPages:
    """`record`: as the service answers it with the latest generation; `checked`: its `:check`;
    `sent`: what was sent last, of a record that came back.
    """

    visit: Visit
    record: Fields
    version: int
    checked: Fields
    campaign: Fields
    places: Places
    sent: Fields

    @property
    def here(self) -> str:
        return f"/assessment/{self.record['id']}"

    @property
    def path(self) -> str:
        """Of the API."""
        return f"/records/{self.record['id']}"

    @property
    def filed(self) -> Filed:
        """As it is compared."""
        return Filed("assessment", self.path, "record", self.here, MENU, self.record)

    @property
    def acts(self) -> dict[str, Fields]:
        """What may be done; nothing, to whoever only reads the record."""
        found = dict.fromkeys(ACTS, NOT_OFFERED)
        found |= actions(self.checked)
        return found

    @property
    def content(self) -> Fields:
        """The latest generation; empty before the first."""
        return self.record["content"] or {}

    @property
    def is_returned(self) -> bool:
        return bool(self.record["status"] == "RETURNED")

    @property
    def opened(self) -> Opened:
        """What may be changed: everything, or of what came back what was returned."""
        if not self.is_returned:
            return Opened(self.places)
        found = [self.places.at(each["pointer"]) for each in self.record["returned_items"]]
        return Opened(self.places, [each for each in found if each], self.sent)

    @property
    def names(self) -> dict[str, str]:
        """Of what the latest generation holds, by id."""
        found = {each["person_id"]: each["name"] or "" for each in self.content.get("persons", ())}
        for each in self.content.get("certificates", ()):
            found[each["certificate_id"]] = each["cert_no"] or ""
        for each in self.content.get("performances", ()):
            claims = [claim[1] for claim in each.get("claims") or () if claim[1]]
            found[each["project_id"]] = claims[0] if claims else ""
        return found

    def step_href(self, step: str) -> str:
        """The page of a step."""
        return f"{self.here}/steps/{step}"

    def returned(self) -> list[ReturnedPoint]:
        """The points that came back, numbered by what was sent."""
        return [self._point(each) for each in self.record["returned_items"]]

    def _point(self, item: Fields) -> ReturnedPoint:
        at = self.places.at(item["pointer"])
        return ReturnedPoint(
            item=item,
            place=self.places.words(item["pointer"], self.sent, self.names) or item["pointer"],
            href=self._href(at),
            source=self.places.source(item["pointer"], self.sent),
        )

    def _href(self, at: Place | None) -> str:
        """Where it is mended; the record itself where the form has no such place."""
        if at is None:
            return self.here
        return f"{self.step_href(at.step)}#{at.part or 'main'}"

    def jumps(
        self, items: Iterable[Fields], choices: Fields | None = None, step: str = ""
    ) -> list[Jump]:
        """Findings with their places, of one step if it is named."""
        found: list[Jump] = []
        numbered = choices if choices is not None else self.content.get("choices", {})
        for item, said in zip(items := list(items), messages(self.visit, items), strict=True):
            at = self.places.at(said.pointer)
            if step and (at is None or at.step != step):
                continue
            found.append(
                Jump(
                    message=said,
                    place=self.places.words(said.pointer, numbered, self.names),
                    href=self._href(at) if at else "",
                    source=self.places.source(said.pointer, numbered),
                    acknowledged=bool(item.get("acknowledged")),
                )
            )
        return found

    def against(self, act: str) -> list[Fields]:
        """Why an act is not allowed."""
        return list(self.acts.get(act, {}).get("reasons", ()))

    def found(self) -> list[Fields]:
        """What `:check` found; what stands against sending and not against its button is asked
        with the sending: that the warnings were read.
        """
        against = {(each["rule"], each["pointer"]) for each in self.against("send")}
        return [
            each
            for each in self.checked["findings"]
            if each["severity"] != "B" or (each["rule"], each["pointer"]) in against
        ]

    def track(self, now: str) -> list[TrackNode]:
        """The wizard's steps with what was chosen in each, and 生成."""
        bad = {
            at.step
            for each in self.against(GENERATE)
            if (at := self.places.at(each["pointer"] or "/"))
        }
        nodes = [
            self._node(n, name, label, now, bad)
            for n, (name, label) in enumerate(self.places.steps.items(), 1)
        ]
        made = self.record["generations"]
        note = self.visit("第 %(number)s 次") % {"number": made} if made else self.visit("未生成")
        label = self.visit("重新生成") if made else self.visit("生成")
        look = "now" if now == GENERATE else "done" if made else ""
        last = f"{len(nodes) + 1} {label}"
        return [*nodes, TrackNode(GENERATE, last, self.step_href(GENERATE), note, look)]

    def _node(self, n: int, name: str, label: str, now: str, bad: set[str]) -> TrackNode:
        """A step: now, done, or what stands against generating."""
        note = step_note(self.visit, name, self.record["steps"][name])
        look = "now" if name == now else "bad" if name in bad and note else "done" if note else ""
        return TrackNode(
            name, f"{n} {label}", self.step_href(name), note or self.visit("未填"), look
        )


def step_note(visit: Visit, name: str, saved: Fields) -> str:
    """What was chosen in a step; empty for nothing."""
    if saved.get("version"):
        return visit("已备案第 %(number)s 版") % {"number": saved["version"]}
    rows = next((each for each in saved.values() if isinstance(each, list) and each), [])
    if name == "enterprise" or not rows:
        return ""
    return visit("已选 %(count)s 项") % {"count": len(rows)}


async def record_pages(visit: Visit, id: str) -> RecordPages:
    """Raises ServiceProblem."""
    read, checked, form = await gather(
        visit.api.get("assessment", f"/records/{id}"),
        visit.api.check("assessment", f"/records/{id}", seeing=True),
        visit.site.reference.form(visit.api, "record"),
    )
    record = read.body
    campaign, sent = await gather(
        visit.api.get("assessment", f"/campaigns/{record['campaign']}"), _sent(visit, record)
    )
    return RecordPages(
        visit=visit,
        record=record,
        version=read.version or record["version"],
        checked=checked.body,
        campaign=campaign.body,
        places=Places(form, visit.language),
        sent=sent,
    )


async def _sent(visit: Visit, record: Fields) -> Fields:
    """The choices that were sent, where some of them came back."""
    if record["status"] != "RETURNED":
        return {}
    round = await visit.api.get("assessment", f"/records/{record['id']}", round=record["round"])
    found: Fields = round.body["content"]["choices"]
    return found
