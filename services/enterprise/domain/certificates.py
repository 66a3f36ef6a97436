"""What the service itself says of certificates: ids, the highest grade, standards, flags. Whatever a client sends there is not used."""

from collections.abc import Callable, Iterable
from uuid import UUID

from libs.filing import reference
from libs.filing.content.enterprise import Certificate, CertificateItem, Information

NewId = Callable[[], UUID]


def identified(page: Information, known: Iterable[Certificate], new_id: NewId) -> Information:
    """The page with ids that stand in `known` kept, all others made new; flags are those of the known certificate."""
    before = {each.id: each for each in known if each.id}
    items = {item.id for each in before.values() for item in each.items if item.id}
    certificates = tuple(_certificate(each, before.get(each.id), items, new_id) for each in page.certificates)
    return page.model_copy(update={"certificates": certificates}) if certificates else page


def _certificate(given: Certificate, before: Certificate | None, items: set[UUID], new_id: NewId) -> Certificate:
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
    return next((each.code for each in reference.code_list("qualification_grade").items if each.code in held), None)
