"""What services answer of the items in the corpus, asked in memory. `answers.json` holds the digest
of each answer that a stack of f1b6fbe gave to the same question on the same data.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import product
from typing import Any

import httpx
import orjson

from libs.chassis.http.commands import API
from libs.chassis.in_memory import MemoryClock, ServiceInMemory, Setting, token
from libs.events.reader import Reader
from libs.events.records import NewEvent, NewUnit, StoredEvent
from tests.corpus import corpus
from tests.in_memory.answers import ANSWERS
from tests.servers import ROOT

KEPT = corpus.FOLDER / "answers.json"
FILES = ("/document", "/scans/{scan}")  # their bytes are in no log
# what answers have gained since
ADDED = {"working_days_left", "working_days", "decided_by", "signed_by", "conclusion", "inspectors"}
OFFICER = {"role": "PROV_OFFICER", "city": "410000", "office": "410000"}


@dataclass(frozen=True)
class Answers:
    """By service and path, and the clock's time when they were given."""

    at: datetime
    digests: Mapping[str, str]


@cache
def kept() -> Answers:
    told = json.loads(KEPT.read_text())
    return Answers(datetime.fromisoformat(told["at"]), told["answers"])


def keep(found: Answers) -> None:
    told = {"at": found.at.isoformat(), "answers": dict(sorted(found.digests.items()))}
    KEPT.write_text(json.dumps(told, indent=0) + "\n")


def digest(answered: httpx.Response) -> str:
    """Of version and content, as far as that commit told it. Raises AssertionError for anything but
    200.
    """
    assert answered.status_code == 200, (answered.url.path, answered.text)
    content = answered.json()
    if isinstance(content, dict):
        content = {name: each for name, each in content.items() if name not in ADDED}
        for key in content.get("keys", ()):  # of an office
            key.pop("confirmed", None)
    told = [answered.headers.get("ETag"), content]
    return sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def caller(name: str) -> dict[str, str]:
    """Who asks a service: the province review, its own clerk the others."""
    if name == "review":
        return OFFICER
    registered = json.loads(corpus.log("demo", "enterprise")[0].data)
    return {"role": "ENT_CLERK", "org": registered["uscc"]}


async def in_memory(name: str, at: datetime) -> ServiceInMemory:
    """The service with the demo's log, and read models of that log and its neighbours'. It has no
    policies: nothing is decided anew on what was decided long ago.
    """
    service = corpus.SERVICES[name]
    lists = [Reader(each.name, each.source, projection=each.projection) for each in service.readers]
    setting = Setting(clock=MemoryClock(), keys=corpus.Keys())
    made = ServiceInMemory(replace(service, readers=lists), setting, ANSWERS[name])
    for source, log in made.topics.items():
        for fact in corpus.log("demo", source):
            setting.clock.at = fact.recorded_at
            await log.append(NewUnit(((fact.stream, fact.version - 1),), (_again(fact),)))
    setting.clock.at = at
    await made.settle()
    return made


async def ask(made: ServiceInMemory, path: str) -> httpx.Response:
    """Raises NeedsPostgres where the answer is in no memory."""
    return await made.ask(token(**caller(made.service.name)), "GET", path.removeprefix(API))


def _again(at: StoredEvent) -> NewEvent:
    return NewEvent(at.stream, at.version, at.type, at.owner, at.data, at.meta)


def routes(name: str) -> list[str]:
    """Paths of everything that can be read, files aside."""
    document = json.loads((ROOT / "contracts" / "openapi" / f"{name}.json").read_text())
    read = (path for path, methods in document["paths"].items() if "get" in methods)
    return [path for path in read if path.startswith(API) and not path.endswith(FILES)]


def questions(name: str) -> Iterator[str]:
    """Every path of an item that the log may have: the parameters of each route filled with a
    stream's id and with what its events name so.
    """
    streams: dict[str, list[StoredEvent]] = {}
    for at in corpus.log("demo", name):
        streams.setdefault(str(at.stream), []).append(at)
    for path in (path for path in routes(name) if "{" in path):
        names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
        for stream, events in streams.items():
            for chosen in product(*(_values(each, stream, events) for each in names)):
                yield path.format(**dict(zip(names, chosen, strict=True)))


def _values(name: str, stream: str, events: list[StoredEvent]) -> list[str]:
    if name == "id":
        return [stream]
    found: list[Any] = [json.loads(at.data).get(name) for at in events]
    return list(dict.fromkeys(str(each) for each in found if each is not None))
