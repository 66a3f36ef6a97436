"""`python -m services.portal.catalogue`: brings locale/en.po up to date with the texts that
templates and pages use, and says which still lack English.
"""

import sys
from collections.abc import Iterator

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from services.portal import HERE

ENGLISH = HERE / "locale" / "en.po"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "visit": None}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}


def used() -> set[str]:
    """The texts that are said somewhere."""
    return set(_used())


def _used() -> Iterator[str]:
    for _, _, text, _, _ in extract_from_dir(HERE, METHODS, OPTIONS, KEYWORDS):
        if isinstance(text, str) and not text.isascii():
            yield text


def english() -> dict[str, str]:
    """The catalogue: Chinese → English."""
    with ENGLISH.open("rb") as file:
        catalogue = read_po(file, locale="en")
    return {str(each.id): str(each.string) for each in catalogue if each.id}


def main() -> int:
    known = english() if ENGLISH.exists() else {}
    catalogue = Catalog(locale="en", header_comment="# English of the portal's own texts.")
    for text in sorted(used()):
        catalogue.add(text, known.get(text, ""))
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, width=100, omit_header=True, sort_output=True)
    missing = [text for text in sorted(used()) if not known.get(text)]
    sys.stdout.write("".join(f"{text}\n" for text in missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
