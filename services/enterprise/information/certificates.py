"""What the service itself says of certificates: ids, the highest grade, standards, flags. Whatever
a client sends there is not used.
"""

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

from libs.filing import reference
from libs.filing.content.enterprise import (
    Certificate,
    CertificateFlag,
    CertificateItem,
    Information,
)

NewId = Callable[[], UUID]
Flags = tuple[CertificateFlag, ...]


def identified(page: Information, known: Iterable[Certificate], new_id: NewId) -> Information:
    """The page with ids that stand in `known` kept, all others made new; flags are those of the
    known certificate.
    """
    before = {each.id: each for each in known if each.id}
    items = {item.id for each in before.values() for item in each.items if item.id}
    certificates = tuple(
        _certificate(each, before.get(each.id) if each.id else None, items, new_id)
        for each in page.certificates
    )
    return page.model_copy(update={"certificates": certificates}) if certificates else page


def flagged(page: Information, flag: CertificateFlag) -> Information:
    """With the authority's mark on every certificate that does not bear it already. A flagged
    licence stays in force.
    """
    return _marked(
        page,
        lambda flags: flags if any(_stands(each, flag.kind) for each in flags) else (*flags, flag),
    )


def lifted(page: Information, kind: str, on: date) -> Information:
    return _marked(
        page,
        lambda flags: tuple(
            each.model_copy(update={"lifted_at": on}) if _stands(each, kind) else each
            for each in flags
        ),
    )


def is_flagged(page: Information, kind: str) -> bool:
    return any(_stands(flag, kind) for each in page.certificates for flag in each.flags)


def _stands(flag: CertificateFlag, kind: str) -> bool:
    return flag.kind == kind and flag.lifted_at is None


def _marked(page: Information, mark: Callable[[Flags], Flags]) -> Information:
    certificates = tuple(
        each.model_copy(update={"flags": mark(each.flags)}) for each in page.certificates
    )
    return page.model_copy(update={"certificates": certificates})


def _certificate(
    given: Certificate, before: Certificate | None, items: set[UUID], new_id: NewId
) -> Certificate:
    changes = {
        "id": before.id if before else new_id(),
        "flags": before.flags if before else (),
        "top_grade": _highest(given.items),
        "items": tuple(_item(each, items, new_id) for each in given.items),
    }
    return given.model_copy(update=changes)


def _item(given: CertificateItem, known: set[UUID], new_id: NewId) -> CertificateItem:
    standard = reference.standard_of(given.licence, given.grade)
    id = given.id if given.id in known else new_id()
    return given.model_copy(update={"id": id, "standard_code": standard.code if standard else None})


def _highest(items: Iterable[CertificateItem]) -> str | None:
    """In the order of the list: grade A first."""
    held = {each.grade for each in items}
    return next(
        (
            each.code
            for each in reference.code_list("qualification_grade").items
            if each.code in held
        ),
        None,
    )
