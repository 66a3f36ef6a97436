"""The topics and the access control list, from their files: topic × principal × operation."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HERE = Path(__file__).parent
Operation = Literal["READ", "WRITE"]  # each implies DESCRIBE


@dataclass(frozen=True, order=True)
class Grant:
    """A principal may do an operation with a topic; `User:` stands before the principal's name on
    the broker.
    """

    topic: str
    principal: str
    operation: str

    def __str__(self) -> str:
        return f"{self.topic}: User:{self.principal} {self.operation}"


def topics() -> dict[str, dict[str, str]]:
    """The settings of each topic, by its name."""
    return dict(json.loads((HERE / "topics.json").read_text()))


def matrix() -> dict[str, dict[str, list[Operation]]]:
    """By topic and principal, those without any operation included."""
    return dict(json.loads((HERE / "acl.json").read_text()))


def grants() -> set[Grant]:
    """Everything that is allowed."""
    return {
        Grant(topic, principal, operation)
        for topic, row in matrix().items()
        for principal, operations in row.items()
        for operation in operations
    }
