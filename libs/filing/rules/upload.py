"""Rules about single scans (E19)."""

from libs.events.refusal import Finding
from libs.filing import reference
from libs.filing.catalogue import finding

FORMATS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


def e19(scan_type: str, mime: str, size_bytes: int, *, fault: str | None = None) -> list[Finding]:
    """`fault`: why nobody could read it, a case of E19; else its format and size are looked at."""
    slot = reference.scan_types().get(scan_type)
    if slot is None:
        return [finding("FORMAT", "/scan_type", case="unknown_code", lists="scan_type")]
    is_known, is_large = FORMATS.get(mime) in slot.formats, size_bytes > slot.max_kb * 1024
    fits = is_known and size_bytes > 0 and not is_large
    if fits and fault is None:
        return []
    case = fault or "" if fits else "too_large" if is_known and is_large else ""
    size = f"{slot.max_kb} KB" if slot.max_kb < 1024 else f"{slot.max_kb // 1024} MB"
    facts = {"file": slot.zh, "file_en": slot.en, "formats": slot.formats, "size": size}
    return [finding("E19", "/scan_type", case=case, **facts)]
