"""Scans 扫描件: the binary lies in object storage, only this stands in events."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from libs.events.strict import Integer, Moment
from libs.events.value import Value
from libs.filing.content.types import OneOf, Text100, Text200

ScanType = Annotated[str, OneOf("scan_type")]


class ScanRef(Value):
    """A client names the scan and its type; the service fills in the rest from the upload."""

    scan: UUID
    scan_type: ScanType
    page_no: Annotated[Integer, Field(ge=1, le=9999)] | None = None
    file_name: Text200 | None = None
    mime: Text100 | None = None
    size_bytes: Annotated[Integer, Field(ge=0, le=1 << 40)] | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    uploaded_at: Moment | None = None
    uploaded_by: Text100 | None = None
