"""What the enterprise service itself says of certificates."""

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

from libs.filing.content.enterprise import (
    Certificate,
    CertificateFlag,
    CertificateItem,
    Information,
)
from services.enterprise.information.certificates import flagged, identified, is_flagged, lifted

FLAG = CertificateFlag(kind="ABNORMAL", since=date(2024, 3, 1))


def ids() -> Callable[[], UUID]:
    numbers: Iterator[int] = iter(range(100, 200))
    return lambda: UUID(int=next(numbers))


def page(*certificates: Certificate) -> Information:
    return Information(certificates=certificates)


def test_a_new_certificate_and_its_items_are_given_ids_grades_and_standards() -> None:
    typed = Certificate(
        items=(
            CertificateItem(licence="A32101", grade="B"),
            CertificateItem(licence="A32101", grade="A"),
        )
    )
    found = identified(page(typed), (), ids()).certificates[0]
    assert found.id
    assert len({found.id, *(item.id for item in found.items)}) == 3
    assert (found.top_grade, [item.standard_code for item in found.items]) == (
        "A",
        ["SJ-ZY-JZGC-B", "SJ-ZY-JZGC-A"],
    )


def test_ids_that_stood_on_an_earlier_page_stay_and_so_does_the_authority_s_flag() -> None:
    new = ids()
    before = identified(
        page(Certificate(items=(CertificateItem(licence="A32101", grade="B"),))), (), new
    ).certificates[0]
    flagged = before.model_copy(update={"flags": (FLAG,)})
    unflagged = before.model_copy(update={"flags": (), "scope": "更正后的范围"})
    assert identified(page(unflagged), (flagged,), new).certificates[0] == flagged.model_copy(
        update={"scope": "更正后的范围"}
    )


def test_ids_and_flags_that_a_client_made_up_are_not_used() -> None:
    made_up = Certificate(
        id=UUID(int=1),
        flags=(FLAG,),
        items=(CertificateItem(id=UUID(int=2), licence="A32101", grade="B"),),
    )
    found = identified(page(made_up), (), ids()).certificates[0]
    assert UUID(int=1) not in (found.id, found.items[0].id)
    assert UUID(int=2) not in (found.id, found.items[0].id)
    assert found.flags == ()


def test_a_mark_is_set_once_and_lifted_with_its_day() -> None:
    plain = page(Certificate(cert_no="A241000017"))
    marked = flagged(flagged(plain, FLAG), FLAG)
    assert [each.flags for each in marked.certificates] == [(FLAG,)]
    assert is_flagged(marked, "ABNORMAL")
    free = lifted(marked, "ABNORMAL", date(2024, 6, 1))
    assert not is_flagged(free, "ABNORMAL")
    assert free.certificates[0].flags[0].lifted_at == date(2024, 6, 1)
    again = FLAG.model_copy(update={"since": date(2025, 3, 1)})
    assert len(flagged(free, again).certificates[0].flags) == 2
