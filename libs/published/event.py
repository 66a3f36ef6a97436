"""A published event: the stable part of a service's event that the others may read. It only grows,
each new field with a default.
"""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from libs.events.value import Act


class PublishedEvent(BaseModel):
    """Reads the stored bytes themselves; whatever else stands there is ignored."""

    TOPIC: ClassVar[str]  # stored type: `enterprise.Enterprise.FilingSent`

    model_config = ConfigDict(frozen=True, extra="ignore")

    act: Act
