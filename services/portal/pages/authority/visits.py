"""登记核查记录: who was there, when, and what they found (domain book 4.5, 5.2; rule V10)."""

from typing import Any

from services.portal.web.visit import Posted

INSPECTORS = range(4)  # lines for them


def minutes(posted: Posted) -> dict[str, Any]:
    """As the command takes them."""
    people = [
        {"name": posted.one(f"name-{n}"), "certificate_no": posted.one(f"certificate-{n}")}
        for n in INSPECTORS
        if posted.one(f"name-{n}") or posted.one(f"certificate-{n}")
    ]
    said = {name: posted.one(name) for name in ("date", "place", "minutes")}
    return {**said, "inspectors": people}
