"""Forms on paper: everything that was filed, in Chinese, nothing that was typed ever markup,
document numbers masked.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from multiprocessing import Pipe
from random import Random
from threading import Thread
from uuid import UUID

import pypdfium2
import pytest

from deploy.demo import people, staff
from libs.filing.content.enterprise import Information
from libs.filing.content.person import Person, Release
from libs.filing.content.scan import ScanRef
from libs.papers import typesetting
from libs.papers.archive import File, pack, safe, unpack
from libs.papers.cover import Cover, Enclosure, cover_paper
from libs.papers.filing import Head, filing_paper
from libs.papers.html import html
from libs.papers.paper import Pair, Paper, Section, lines
from libs.papers.pdf import Typesetter
from libs.papers.typesetting import typeset
from tests.packets.given import NAME, RECEIPT, USCC
from tests.patience import PATIENCE

LATIN = "Libertinus Serif"
SENT = datetime(2024, 9, 2, 1, 5, tzinfo=UTC)
SCANS = [
    ScanRef(
        scan=UUID(int=1),
        scan_type="ENT_AUDIT",
        mime="application/pdf",
        size_bytes=2 << 20,
        sha256="0123456789abcdef" * 4,
    )
]
INFORMATION = Information.model_validate(people.information(Random(1), USCC, NAME))
PERSON = Person.model_validate(
    staff.person(Random(2), "赵示范", USCC, ("ARC1", "123456789"), "ARCH")
)


def head(type: str = "ENT_INIT") -> Head:
    return Head(NAME, USCC, type, f"{type}-{RECEIPT}", RECEIPT, 2, SENT, "410100")


def printed(paper: Paper) -> str:
    return html(paper).decode()


def test_a_form_says_whose_it_is_what_it_is_and_when_it_was_sent() -> None:
    text = printed(filing_paper(head(), [("enterprise", INFORMATION)], SCANS))
    for told in (
        "企业信息备案表",
        "企业基本信息",
        NAME,
        RECEIPT,
        "第 2 轮",
        "2024-09-02 09:05",
        "郑州市",
        "法定代表人（签字）：",
    ):
        assert told in text


def test_codes_are_labels_amounts_have_units_and_empty_parts_say_so() -> None:
    text = printed(filing_paper(head(), [("enterprise", INFORMATION)], SCANS))
    for told in (
        "河南省",
        "郑州市",
        "人民币",
        "净资产（万元）",
        "否",
        "工程设计建筑行业（建筑工程）",
        "（无）",
    ):
        assert told in text
    assert "410000" not in text


def test_scans_are_listed_with_size_and_hash() -> None:
    text = printed(filing_paper(head(), [("enterprise", INFORMATION)], SCANS))
    for told in ("审计报告/财务报表(净资产)", "PDF", "2.0 MB", "0123456789abcdef 0123456789abcdef"):
        assert told in text


def test_document_numbers_and_mobiles_are_masked_names_are_not() -> None:
    text = printed(filing_paper(head("PER_INIT"), [("person", PERSON)], []))
    assert PERSON.id_no
    assert PERSON.mobile
    assert PERSON.id_no not in text
    assert f"{PERSON.id_no[:4]}**********{PERSON.id_no[-4:]}" in text
    assert PERSON.mobile not in text
    assert "赵示范" in text
    legal = INFORMATION.basic.legal_rep_id_no
    assert legal
    assert legal not in printed(filing_paper(head(), [("enterprise", INFORMATION)], SCANS))


def test_what_was_typed_is_text_never_markup() -> None:
    evil = PERSON.model_copy(
        update={
            "name": "<script>alert(1)</script>",
            "school": '"><img src=x>',
            "department": "{{ 7 * 7 }}#[*x*]",
        }
    )
    text = printed(filing_paper(head("PER_INIT"), [("person", evil)], []))
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{ 7 * 7 }}#[*x*]" in text


def test_a_page_needs_nothing_from_elsewhere() -> None:
    text = printed(filing_paper(head(), [("enterprise", INFORMATION)], SCANS))
    assert '<meta charset="utf-8">' in text
    assert "size: A4" in text
    assert not any(link in text for link in ("http://", "https://", "src=", "url("))


def test_a_release_says_when_and_why_and_who() -> None:
    release = Release(left_on=date(2024, 8, 31), release_reason="3")
    text = printed(
        filing_paper(head("PER_RELEASE"), [("release", release), ("person", PERSON)], [])
    )
    for told in ("人员离职(调出)备案表", "离职日期", "2024-08-31", "赵示范"):
        assert told in text


def test_rows_of_rows_are_numbered_by_both() -> None:
    certificates = (INFORMATION.certificates[0], INFORMATION.certificates[0])
    paper = filing_paper(
        head(), [("enterprise", INFORMATION.model_copy(update={"certificates": certificates}))], []
    )
    items = next(section for section in paper.sections if section.heading == "资质项目")
    assert [row[0] for row in items.rows] == ["1-1", "2-1"]


def test_long_values_take_the_whole_line() -> None:
    short, long = Pair("甲", "1"), Pair("乙", "长" * 50, wide=True)
    assert lines([short, long, short, short]) == ((short,), (long,), (short, short))


def test_the_cover_lists_every_filing_with_its_receipt_and_what_is_missing() -> None:
    enclosure = Enclosure(
        "PER_INIT",
        "赵示范",
        f"PER_INIT-{RECEIPT}",
        RECEIPT,
        1,
        5,
        "01-人员信息备案",
        ("扫描件/01-毕业证",),
    )
    text = printed(cover_paper(Cover(NAME, USCC, "郑州市", SENT, [enclosure])))
    for told in (
        "备案审核资料",
        "封面",
        "人员信息备案",
        "赵示范",
        RECEIPT,
        "5 件",
        "未能附上的扫描件",
        "扫描件/01-毕业证",
    ):
        assert told in text


@pytest.fixture
def font(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The machine's Chinese font, else one without Chinese that typst has always."""
    monkeypatch.setattr(typesetting, "WANTED", (*typesetting.WANTED, LATIN))
    typesetting.family.cache_clear()
    found = typesetting.family()
    assert found
    yield found
    typesetting.family.cache_clear()


def text_of(made: bytes | None) -> str:
    assert made
    return "".join(
        "".join(page.get_textpage().get_text_range().split())
        for page in pypdfium2.PdfDocument(made)
    )


def test_the_same_paper_is_the_same_pdf(font: str) -> None:
    paper = filing_paper(head(), [("enterprise", INFORMATION)], SCANS)
    made = typeset(paper.plain())
    assert made == typeset(paper.plain())
    assert made
    assert b"CreationDate" not in made
    told = text_of(made)
    assert RECEIPT in told
    assert font == LATIN or all(each in told for each in ("企业信息备案表", NAME, "第1页共"))


def test_markup_of_the_typesetter_is_text_too(font: str) -> None:
    told = text_of(
        typeset(
            Paper(
                '#panic("x")', "$x$", (Section("*h*", lines([Pair("@a", '#read("/etc/passwd")')])),)
            ).plain()
        )
    )
    assert all(each in told for each in ('#panic("x")', "$x$", "*h*", "@a", '#read("/etc/passwd")'))


def test_without_a_chinese_font_there_is_no_pdf_and_no_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(typesetting, "WANTED", ())
    typesetting.family.cache_clear()
    try:
        assert typeset(Paper("题", "", ()).plain()) == b""
    finally:
        typesetting.family.cache_clear()


def test_a_paper_is_typeset_by_a_process_of_its_own_and_by_another_when_that_has_ended() -> None:
    typesetter = Typesetter()
    paper = Paper("题", "", (Section("节", lines([Pair("名称", NAME)])),))
    first = typesetter.pdf(paper)
    assert first == (typeset(paper.plain()) or None)
    assert typesetter.process
    typesetter.process.kill()
    typesetter.process.wait()
    assert typesetter.pdf(paper) == first


def test_the_process_that_typesets_ends_when_no_paper_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(typesetting, "IDLE", 0.0)
    service, its = Pipe()
    with service:
        Thread(target=typesetting.serve, args=(its,), daemon=True).start()
        assert service.poll(PATIENCE)
        with pytest.raises(EOFError):
            service.recv_bytes()


def test_an_archive_is_the_same_bytes_for_the_same_files() -> None:
    files = [
        File("扫描件/01-身份证.jpg", "image/jpeg", b"x"),
        File("备案表.html", "text/html", b"y" * 1000),
    ]
    assert pack(files) == pack(files)
    assert unpack(pack(files)) == {each.name: each.data for each in files}


def test_a_label_with_slashes_is_one_name() -> None:
    assert safe("审计报告/财务报表(净资产)") == "审计报告、财务报表(净资产)"
    assert safe("../x") == "、x"
