"""`contracts`: what the services promise, from the code as it is: OpenAPI, AsyncAPI, one JSON
Schema per event type.
"""

import importlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cyclopts import App

from deploy.cli import authority_topics, defences, figures, readers, releases
from deploy.embedded.places import existing_services
from deploy.embedded.process import StackError
from deploy.installation.places import ROOT
from libs.chassis.app import app_of
from libs.chassis.service.service import KERNEL, Service
from libs.events.aggregate import STAMPS, Aggregate, DomainEvent, events_of
from libs.events.envelope import PREFIX, SIGNATURE, topic_of

WRAPPED = re.compile(r"(?<!\n)\n(?!\n)")
FOLDER = ROOT / "contracts"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
# of every record: CloudEvents 1.0 in Kafka's binary mode, and what rebuilds the log's row
HEADERS = {
    "ce_specversion": {"const": "1.0"},
    "ce_id": {"type": "string", "format": "uuid"},
    "ce_source": {"type": "string", "description": "/services/<service>"},
    "ce_type": {"type": "string"},
    "ce_subject": {"type": "string", "format": "uuid", "description": "stream"},
    "ce_time": {"type": "string", "format": "date-time", "description": "recorded_at"},
    "ce_dataschema": {
        "type": "string",
        "description": "of the value; the service shows it there. Until 2026-11-28: its path alone",
        "anyOf": [{"format": "uri"}, {"pattern": "^/contracts/events/"}],
    },
    "content-type": {"const": "application/json"},
    "ce_position": {
        "type": "string",
        "pattern": "^[1-9][0-9]*$",
        "description": "in the service's log, without gaps",
    },
    "ce_streamversion": {"type": "string", "pattern": "^[1-9][0-9]*$"},
    "ce_correlationid": {"type": "string", "format": "uuid"},
    "ce_causationid": {
        "type": "string",
        "format": "uuid",
        "description": "absent where a person caused it",
    },
    "ce_traceparent": {
        "type": "string",
        "description": "W3C; absent where no request caused it, as at a deadline",
    },
    "kaohe-meta": {"type": "string", "description": "exact bytes of the log's meta"},
    SIGNATURE: {
        "type": "string",
        "pattern": "^Ed25519; [0-9a-f]{16}; [A-Za-z0-9+/]{86}==$",
        "description": "by the service's key, over topic and leaf hash; absent until 2026-11-28",
    },
}
NOT_ALWAYS = ("ce_causationid", "ce_traceparent", SIGNATURE)


def register(app: App) -> None:
    app.command(contracts)


def contracts(*, check: bool = False, release: bool = False) -> int:
    """Write contracts/ from the code; with --check only say what is stale; with --release let
    others rely on the event schemas.
    """
    if check:
        return checked()
    made = documents()
    stale, wanted = differing(made), wanting(made)
    if wanted:
        raise StackError("契约与代码不符", "\n".join(wanted))
    for path in releases.removable(FOLDER) - made.keys():
        (FOLDER / path).unlink()
    for page, text in pages(made).items():
        page.parent.mkdir(exist_ok=True)
        page.write_text(text)
    for path, text in made.items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_text(text)
    print(f"{len(made)} documents in contracts/, {len(stale)} changed")
    if release:
        print(f"{releases.release(FOLDER)} schemas more are released")
    return 0


def wanting(made: dict[str, str]) -> list[str]:
    """What a person must do before they can be written."""
    before = json.loads(releases.text(FOLDER, "lists.json") or "{}")
    changed = readers.changed_under_one_version(before, json.loads(made["lists.json"]))
    return [
        *(
            f"{path} is released and cannot change: give its event class the next SCHEMA number"
            for path in releases.broken(FOLDER, made)
        ),
        *(
            f"the tables of {name} changed: give its Projection, in the service's main.py, the "
            f"next version ({before[name]['version'] + 1}), so that every database builds it anew"
            for name in changed
        ),
    ]


def checked(service: str | None = None) -> int:
    """Says what is stale; with a service, of what it promises and of what all have in common."""
    made = documents(service)
    wanted, places = wanting(made), [f"contracts/{path}" for path in differing(made, service)]
    for path, text in pages(made).items():
        if not path.exists() or path.read_text() != text:
            places.append(str(path.relative_to(ROOT)))
    if not places:
        print("contracts/ is as the code is")
        return 0
    then = "then run" if wanted else "run"
    told = [*(f"stale: {place}" for place in places), *wanted]
    print("\n".join([*told, f"{then} ./kaohe contracts and commit what it writes"]))
    return 1


def pages(made: dict[str, str]) -> dict[Path, str]:
    """Of docs/, what is made: which service hears which event, what is defended and
    how, every figure."""
    docs = FOLDER.parent / "docs"
    return {
        docs / "who-hears-what.md": readers.drawn(json.loads(made["readers.json"])),
        docs / "security.md": defences.drawn(defences.read(ROOT)),
        docs / "metrics.md": figures.drawn(services()),
    }


def services() -> list[Service]:
    return [
        importlib.import_module(f"services.{name}.main").SERVICE for name in existing_services()
    ]


def documents(only: str | None = None) -> dict[str, str]:
    """Text by path below contracts/: all, or those of one service and those of all together."""
    all_services = services()
    chosen = [each for each in all_services if only in (None, each.name)]
    made: dict[str, Any] = {f"openapi/{service.name}.json": openapi(service) for service in chosen}
    made["asyncapi.json"] = _asyncapi(all_services)
    types = {each.name: [kind.TOPIC for kind in stored(each)] for each in all_services}
    made["readers.json"] = readers.readers(all_services, types)
    made["lists.json"] = readers.lists(all_services)
    made |= {
        _path(kind): _schema(kind)
        for kind in [each for service in chosen for each in stored(service)]
    }
    return {
        path: releases.as_released(FOLDER, path, _text(document))
        for path, document in sorted(made.items())
    }


def _text(document: Any) -> str:
    return json.dumps(_unwrapped(document), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _unwrapped(document: Any) -> Any:
    """Prose without the line ends of the code it stands in; paragraphs stay."""
    if isinstance(document, list):
        return [_unwrapped(each) for each in document]
    if not isinstance(document, dict):
        return document
    return {
        name: WRAPPED.sub(" ", each)
        if name in ("description", "summary") and isinstance(each, str)
        else _unwrapped(each)
        for name, each in document.items()
    }


def differing(made: dict[str, str], only: str | None = None) -> list[str]:
    """Documents that are not as the code is. What is released stays, also where the code has gone
    on to the next schema.
    """
    own = tuple(f"{folder}/{only}." for folder in ("openapi", "events"))
    may_go = {each for each in releases.removable(FOLDER) if only is None or each.startswith(own)}
    return sorted(
        path for path in made.keys() | may_go if made.get(path) != releases.text(FOLDER, path)
    )


def stored(service: Service) -> list[type[DomainEvent]]:
    """Every event type that may stand in the service's log."""
    kinds = [
        kind
        for aggregate in _descendants(Aggregate)
        if _begins(aggregate)
        for kind in events_of(aggregate)
    ]
    return sorted(
        (
            kind
            for kind in kinds
            if kind.TOPIC.startswith(f"{service.name}.") or kind.TOPIC in KERNEL
        ),
        key=_type,
    )


def _descendants(kind: type[Aggregate]) -> Iterator[type[Aggregate]]:
    for each in kind.__subclasses__():
        yield each
        yield from _descendants(each)


def _begins(kind: type[Aggregate]) -> bool:
    """A base that several share, or that holds one part, stores nothing itself: its events are its
    subclasses' own.
    """
    return any(issubclass(each, Aggregate.Created) for each in events_of(kind))


def _type(kind: type[DomainEvent]) -> str:
    return kind.TOPIC


def _path(kind: type[DomainEvent]) -> str:
    return f"events/{kind.TOPIC}/v{kind.SCHEMA}.schema.json"


def openapi(service: Service) -> dict[str, Any]:
    return app_of(service).openapi()


def _schema(kind: type[DomainEvent]) -> dict[str, Any]:
    """Of the stored bytes: without the stamps, personal data as it is sealed."""
    schema = kind.model_json_schema(mode="serialization")
    for name in STAMPS:
        schema["properties"].pop(name, None)
    return {"$schema": DIALECT, "$id": f"/contracts/{_path(kind)}"} | schema | {"title": kind.TOPIC}


def _asyncapi(services: Iterable[Service]) -> dict[str, Any]:
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for service in services:
        kinds = stored(service)
        messages |= {kind.TOPIC: _message(kind) for kind in kinds}
        channels[service.name] = {
            "address": topic_of(service.name),
            "description": (
                f"The complete log of the service {service.name}: "
                "one partition, in position order, for ever."
            ),
            "messages": {
                kind.TOPIC: {"$ref": f"#/components/messages/{kind.TOPIC}"} for kind in kinds
            },
            "bindings": {
                "kafka": {
                    "partitions": 1,
                    "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1},
                }
            },
        }
        operations[f"{service.name}.tells"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{service.name}"},
        }
        for reader in (each for each in service.readers if each.source != service.name):
            operations[
                reader.name
                if reader.name.startswith(service.name)
                else f"{service.name}.{reader.name}"
            ] = {
                "action": "receive",
                "channel": {"$ref": f"#/channels/{reader.source}"},
                "messages": [
                    {"$ref": f"#/channels/{reader.source}/messages/{kind}"}
                    for kind in sorted(reader.kinds)
                ],
            }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Kaohe",
            "version": "1",
            "description": "Every event of every service, byte for byte as its log holds it.",
        },
        "defaultContentType": "application/json",
        "channels": channels | authority_topics.channels(),
        "operations": operations | authority_topics.operations(),
        "components": {"messages": messages | authority_topics.messages()},
    }


def _message(kind: type[DomainEvent]) -> dict[str, Any]:
    return {
        "name": PREFIX + kind.TOPIC,
        "summary": (kind.__doc__ or "").split("\n\n")[0].strip(),
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "properties": HEADERS,
            "required": [name for name in HEADERS if name not in NOT_ALWAYS],
        },
        "payload": {
            "schemaFormat": f"application/schema+json;version={DIALECT}",
            "schema": {"$ref": f"./{_path(kind)}"},
        },
        "bindings": {
            "kafka": {
                "key": {"type": "string", "format": "uuid", "description": "owner of the stream"}
            }
        },
    }
