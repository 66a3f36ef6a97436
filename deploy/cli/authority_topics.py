"""The three topics by which the authority's systems speak with review, for the AsyncAPI
document.
"""

from typing import Any

from pydantic import BaseModel

from services.review.authority.messages import CHANNELS, DECISIONS
from services.review.authority.signature import HEADER

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SAYS = {
    True: "Written by the authority's systems, signed; read by review alone.",
    False: "Told by review; no content, no personal data.",
}


def channels() -> dict[str, Any]:
    """By name: inbox, decisions, receipts."""
    return {_name(topic): _channel(topic, kinds) for topic, kinds in CHANNELS.items()}


def operations() -> dict[str, Any]:
    acts = {topic: "receive" if topic == DECISIONS else "send" for topic in CHANNELS}
    return {
        f"review.{_name(topic)}": {"action": act, "channel": {"$ref": f"#/channels/{_name(topic)}"}}
        for topic, act in acts.items()
    }


def messages() -> dict[str, Any]:
    return {
        kind.__name__: _message(kind, signed=topic == DECISIONS)
        for topic, kinds in CHANNELS.items()
        for kind in kinds
    }


def _channel(topic: str, kinds: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    return {
        "address": topic,
        "description": SAYS[topic == DECISIONS],
        "messages": {
            kind.__name__: {"$ref": f"#/components/messages/{kind.__name__}"} for kind in kinds
        },
        "bindings": {
            "kafka": {
                "partitions": 1,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1},
            }
        },
    }


def _message(kind: type[BaseModel], *, signed: bool) -> dict[str, Any]:
    signature = {
        HEADER: {
            "type": "string",
            "description": (
                "algorithm; office/key id; signature of the value's exact bytes in base64"
            ),
        }
    }
    headers = (
        {"headers": {"type": "object", "properties": signature, "required": [HEADER]}}
        if signed
        else {}
    )
    definitions = f"#/components/messages/{kind.__name__}/payload/schema/$defs/"
    schema = kind.model_json_schema(mode="serialization", ref_template=definitions + "{model}")
    key = "the case" if signed else "owner of the stream"
    return {
        "name": schema["properties"]["type"].get("const", kind.__name__),
        "summary": (kind.__doc__ or "").split("\n")[0],
        "contentType": "application/json",
        **headers,
        "payload": {"schemaFormat": f"application/schema+json;version={DIALECT}", "schema": schema},
        "bindings": {"kafka": {"key": {"type": "string", "format": "uuid", "description": key}}},
    }


def _name(topic: str) -> str:
    return "authority-" + topic.split(".")[2]
