"""Hostile PDF."""

import zlib
from collections.abc import Iterator

from libs.chassis.scans.parser.limits import Fault
from tests.chassis.hostile.made import (
    PDF,
    TAKEN,
    Hostile,
    honest_pdf,
    hostile,
    page,
    pdf,
    progressive,
    stream,
)

TOO_MUCH = (Fault.MEMORY, Fault.TIME, Fault.INFLATED)
OPERATORS = {
    "states": b"q ",
    "texts": b"BT ET ",
    "lines": b"0 0 m 1 1 l S ",
    "matrices": b"1 0 0 1 0 0 cm ",
    "forms": b"/X Do ",
    "arrays": b"[ ",
    "dictionaries": b"<< ",
    "strings": b"(",
    "clips": b"0 0 9 9 re W n ",
}
LOCK = b"<</Filter/Standard/V %d/R %d/Length %d/P -4/O<%b>/U<%b>>>"
ACTIONS = {
    "script": b"<</S/JavaScript/JS(app.alert\\(1\\))>>",
    "hidden script": b"<</S/J#61vaScript/#4aS(app.alert\\(1\\))>>",
    "program": b"<</S/Launch/F(cmd.exe)>>",
    "address": b"<</S/URI/URI(http://example.org)>>",
    "form": b"<</S/SubmitForm/F(http://example.org)>>",
    "import": b"<</S/ImportData/F(a.fdf)>>",
    "elsewhere": b"<</S/GoToR/F(//host/share/a.pdf)/D[0/Fit]>>",
    "film": b"<</S/Rendition/JS(app.alert\\(1\\))>>",
}


LEAF = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
ONE_FORM = b"/XObject<</X 5 0 R>>"
GREY = b"/Subtype/Image/BitsPerComponent 1/ColorSpace/DeviceGray/Width 99999/Height 99999/Filter"
COLOURED = b"/Subtype/Image/BitsPerComponent 8/ColorSpace/DeviceRGB/Width 64/Height 64/Filter"
GLYPHS = (
    b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 97"
    b"/LastChar 97/Widths[9]/CharProcs<</a 6 0 R>>/Encoding<</Differences[97/a]>>"
    b"/Resources<</Font<</F 5 0 R>>>>>>"
)


def all_documents() -> Iterator[Hostile]:
    yield from _operators()
    yield from _layers()
    yield from _boxes()
    yield from _tables()
    yield from _trees()
    yield from _recursions()
    yield from _pictures()
    yield from _locked()
    yield from _active()


def _operators() -> Iterator[Hostile]:
    for name, operator in OPERATORS.items():
        for count in (20_000, 1_500_000, 30_000_000 // len(operator)):
            yield hostile(
                f"{count} {name}",
                PDF,
                lambda operator=operator, count=count: page(stream(operator * count)),
                *((TAKEN, *TOO_MUCH) if count < 2_000_000 else TOO_MUCH),
            )


def _layers() -> Iterator[Hostile]:
    for layers in range(2, 7):
        yield hostile(f"{layers} layers of Flate", PDF, lambda layers=layers: _layered(layers))
    for count in (1_000, 60_000, 300_000):
        yield hostile(
            f"{count} objects in a stream", PDF, lambda count=count: _object_stream(count)
        )
    yield hostile(
        "60,000 objects", PDF, lambda: page(stream(b"q Q"), *[b"null"] * 60_000), Fault.OBJECTS
    )
    for size in (33, 200):
        zeros = f"{size} MB of zeros"
        yield hostile(zeros, PDF, lambda size=size: page(stream(bytes(size << 20))), Fault.INFLATED)
    two = stream(bytes(2 << 20))
    yield hostile(
        "60 streams of 2 MB", PDF, lambda: page(stream(b"q Q"), *[two] * 60), Fault.INFLATED
    )


def _layered(layers: int) -> bytes:
    data = b"q " * 20_000_000
    for _ in range(layers):
        data = zlib.compress(data, 9)
    filters = b"/Filter[%b]" % (b"/FlateDecode" * layers)
    return page(stream(data, filters, pack=False))


def _object_stream(count: int) -> bytes:
    numbers = b" ".join(b"%d %d" % (10 + n, 5 * n) for n in range(count)) + b" "
    body = numbers + b"null " * count
    head = b"/Type/ObjStm/N %d/First %d/Extends 5 0 R" % (count, len(numbers))
    return page(stream(b"q Q"), stream(body, head))


def _boxes() -> Iterator[Hostile]:
    for box in (
        b"0 0 14401 10",
        b"0 0 10 1000000",
        b"0 0 1e9 1e9",
        b"0 0 99999999999 99999999999",
        b"-1000000 -1000000 1000000 1000000",
    ):
        yield hostile(
            f"a page of {box.decode()}",
            PDF,
            lambda box=box: page(stream(b""), box=box),
            Fault.BOX,
            TAKEN,
        )
    for box in (
        b"0 0 0 0",
        b"600 800 0 0",
        b"0 0 600",
        b"/a /b /c /d",
        b"5 5 5 5",
        b"0 0 .0001 .0001",
    ):
        yield hostile(f"a page of {box.decode()}", PDF, lambda box=box: page(stream(b""), box=box))
    yield hostile("units of 1000 km", PDF, lambda: page(stream(b""), entries=b"/UserUnit 1e9"))


def _tables() -> Iterator[Hostile]:
    plain = page(stream(b"q Q"))
    at = plain.index(b"xref")
    for size in (99_999, 4_194_304, 2_147_483_647, 99_999_999_999, -1):
        yield hostile(
            f"a table of {size}",
            PDF,
            lambda size=size: page(stream(b""), trailer=b"/Size %d" % size),
        )
        table = b"xref\n0 %d\n" % size
        yield hostile(
            f"a section of {size}", PDF, lambda table=table: plain[:at] + table + plain[at + 9 :]
        )
    yield hostile("a table before itself", PDF, lambda: page(stream(b""), trailer=b"/Prev %d" % at))
    for prev in (0, 1 << 31, 1 << 62, -5):
        yield hostile(
            f"a table before at {prev}",
            PDF,
            lambda prev=prev: page(stream(b""), trailer=b"/Prev %d" % prev),
        )
    for widths in (b"8 8 8", b"99 99 99", b"-1 2 2", b"0 0 0", b"2147483647 2 2"):
        head = b"/Type/XRef/W[%b]/Index[0 9999999]/Size 9999999/Root 1 0 R" % widths
        yield hostile(
            f"a table of widths {widths.decode()}",
            PDF,
            lambda head=head: (
                page(stream(b""), stream(bytes(1000), head)) + b"\nstartxref\n500\n%%EOF"
            ),
        )


def _trees() -> Iterator[Hostile]:
    catalogue = b"<</Type/Catalog/Pages 2 0 R>>"
    for count in (1_000_000_000, -1, 2_147_483_648):
        tree = b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % count
        yield hostile(f"{count} pages, it says", PDF, lambda tree=tree: pdf(catalogue, tree, LEAF))
    yield hostile(
        "pages that are their own",
        PDF,
        lambda: pdf(catalogue, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"),
    )
    for depth in (100, 1_000, 20_000):
        nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 3) for n in range(depth)]
        yield hostile(f"pages {depth} deep", PDF, lambda nodes=nodes: pdf(catalogue, *nodes, LEAF))
    for pages in (501, 2_000, 20_000):
        kids = b"<</Type/Pages/Kids[%b]/Count %d>>" % (b"3 0 R " * pages, pages)
        yield hostile(
            f"{pages} pages",
            PDF,
            lambda kids=kids: pdf(catalogue, kids, LEAF),
            Fault.PAGES,
            Fault.OBJECTS,
        )
    yield hostile(
        "no page", PDF, lambda: pdf(catalogue, b"<</Type/Pages/Kids[]/Count 0>>"), Fault.UNREADABLE
    )
    yield hostile("no catalogue", PDF, lambda: pdf(b"null"), Fault.UNREADABLE)


def _recursions() -> Iterator[Hostile]:
    for calls in (1, 2, 10):
        form = stream(
            b"/X Do " * calls, b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
        )
        yield hostile(
            f"a form that calls itself {calls} times",
            PDF,
            lambda form=form: page(stream(b"/X Do"), form, resources=ONE_FORM),
        )
    for width, depth in ((2, 12), (2, 40), (10, 10), (1, 3_000)):
        yield hostile(
            f"forms {width} wide, {depth} deep", PDF, lambda w=width, d=depth: _forms(w, d)
        )
    for depth in (500, 50_000, 1_000_000):
        yield hostile(
            f"arrays {depth} deep",
            PDF,
            lambda d=depth: page(stream(b""), b"[" * d + b"]" * d, resources=b"/A 5 0 R"),
        )
        yield hostile(
            f"dictionaries {depth} deep",
            PDF,
            lambda d=depth: page(stream(b""), b"<</A" * d + b">>" * d, resources=b"/A 5 0 R"),
        )
    yield hostile(
        "objects that are each other",
        PDF,
        lambda: page(stream(b""), b"6 0 R", b"5 0 R", resources=b"/A 5 0 R"),
    )
    glyph = stream(b"BT /F 9 Tf (a) Tj ET")
    yield hostile(
        "a letter made of itself",
        PDF,
        lambda: page(
            stream(b"BT /F 9 Tf (aaaa) Tj ET"), GLYPHS, glyph, resources=b"/Font<</F 5 0 R>>"
        ),
    )


def _forms(width: int, depth: int) -> bytes:
    forms = [
        stream(
            b"/X Do " * width,
            b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (6 + n),
        )
        for n in range(depth)
    ]
    return page(stream(b"/X Do"), *forms, stream(b"0 0 m"), resources=ONE_FORM)


def _pictures() -> Iterator[Hostile]:
    for name, filters, data in (
        ("Flate", b"/FlateDecode", zlib.compress(bytes(1 << 20), 9)),
        ("fax", b"/CCITTFaxDecode/DecodeParms<</K -1/Columns 99999/Rows 99999>>", bytes(99)),
        ("JBIG2", b"/JBIG2Decode", bytes(99)),
        ("JPEG 2000", b"/JPXDecode", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(99)),
    ):
        head = GREY + filters
        yield hostile(
            f"a picture of 10,000 million pixels as {name}",
            PDF,
            lambda h=head, d=data: _picture(h, d),
            Fault.PIXELS,
        )
    for scans in (31, 3_000):
        head = COLOURED + b"/DCTDecode"
        yield hostile(
            f"a picture of {scans} passes",
            PDF,
            lambda h=head, n=scans: _picture(h, progressive(n)),
            Fault.SCANS,
        )


def _picture(head: bytes, data: bytes) -> bytes:
    return page(
        stream(b"600 0 0 800 0 0 cm /X Do"),
        stream(data, head, pack=False),
        resources=ONE_FORM,
    )


def _locked() -> Iterator[Hostile]:
    for version, revision, length in ((1, 2, 40), (2, 3, 128), (1, 3, 40)):
        lock = LOCK % (version, revision, length, b"41" * 32, b"42" * 32)
        yield hostile(
            f"locked, version {version}.{revision}",
            PDF,
            lambda lock=lock: page(stream(b""), lock, trailer=b"/Encrypt 5 0 R/ID[<41><41>]"),
            Fault.PASSWORD,
        )
    yield hostile(
        "locked by nobody knows what",
        PDF,
        lambda: page(stream(b""), b"<</Filter/Own/V 9>>", trailer=b"/Encrypt 5 0 R"),
        Fault.UNREADABLE,
        Fault.PASSWORD,
    )


def _active() -> Iterator[Hostile]:
    for name, action in ACTIONS.items():
        yield hostile(
            f"{name} when it opens",
            PDF,
            lambda a=action: page(stream(b""), catalogue=b"/OpenAction" + a),
            TAKEN,
        )
        yield hostile(
            f"{name} when a page opens",
            PDF,
            lambda a=action: page(stream(b""), entries=b"/AA<</O%b>>" % a),
            TAKEN,
        )
        link = b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 600 800]/A%b>>]" % action
        yield hostile(
            f"{name} behind a link", PDF, lambda link=link: page(stream(b""), entries=link), TAKEN
        )
        yield hostile(
            f"{name} among what a page uses",
            PDF,
            lambda a=action: page(stream(b""), resources=b"/Own" + a),
            TAKEN,
            Fault.ACTIVE,
        )
    file = stream(b"MZ" + bytes(99), b"/Type/EmbeddedFile")
    files = b"/Names<</EmbeddedFiles<</Names[(a.exe)<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>]>>>>"
    yield hostile("a program inside", PDF, lambda: page(stream(b""), file, catalogue=files), TAKEN)
    pinned = (
        b"/Annots[<</Subtype/FileAttachment/Rect[0 0 9 9]/FS<</Type/Filespec/EF<</F 5 0 R>>>>>>]"
    )
    yield hostile(
        "a program pinned to a page", PDF, lambda: page(stream(b""), file, entries=pinned), TAKEN
    )
    form = b"/AcroForm<</XFA 5 0 R/Fields[]>>"
    yield hostile(
        "a form of XML", PDF, lambda: page(stream(b""), stream(b"<xdp/>"), catalogue=form), TAKEN
    )
    yield hostile("two pages in good faith", PDF, honest_pdf, TAKEN)
