"""Scans made when they are needed: marked DEMO, different for every subject, within the limits of
their type.
"""

from io import BytesIO

from PIL import Image, ImageDraw

PAGE = (620, 877)  # A4 at 75 dpi


def jpeg(title: str, whose: str) -> bytes:
    return _saved(_page(title, whose, 1), "JPEG", quality=70)


def pdf(title: str, whose: str, pages: int = 2) -> bytes:
    first, *rest = [_page(title, whose, number) for number in range(1, pages + 1)]
    return _saved(first, "PDF", save_all=True, append_images=rest)


def _page(title: str, whose: str, number: int) -> Image.Image:
    page = Image.new("RGB", PAGE, "white")
    draw = ImageDraw.Draw(page)
    draw.rectangle((20, 20, PAGE[0] - 20, PAGE[1] - 20), outline="black", width=2)
    for line, text in enumerate(("DEMO", title, *whose.split(), f"page {number}")):
        draw.text((60, 80 + 60 * line), text, fill="black", font_size=32)
    return page


def _saved(page: Image.Image, format: str, **options: object) -> bytes:
    buffer = BytesIO()
    page.save(buffer, format, **options)
    return buffer.getvalue()
