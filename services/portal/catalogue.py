"""`python -m services.portal.catalogue`: brings locale/en.po up to date with the texts that
templates and pages use, and says which still lack English.
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from services.portal import HERE
from services.portal.render.words import EVENT

ENGLISH = HERE / "locale" / "en.po"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "visit": None, "pgettext": ((1, "c"), 2)}
EVENTS = {"E_": None}
BESIDE = "\x04"  # between a context and its text
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}


def used() -> set[str]:
    """The texts that are said somewhere; those of events with their context, as gettext has it."""
    return {*_used(KEYWORDS), *(f"{EVENT}{BESIDE}{text}" for text in _used(EVENTS))}


def _used(keywords: Mapping[str, Any]) -> Iterator[str]:
    for _, _, text, _, context in extract_from_dir(HERE, METHODS, OPTIONS, keywords):
        if isinstance(text, str) and not text.isascii():
            yield f"{context}{BESIDE}{text}" if context else text


def english() -> dict[str, str]:
    """The catalogue: Chinese → English."""
    with ENGLISH.open("rb") as file:
        catalogue = read_po(file, locale="en")
    return {_key(each): str(each.string) for each in catalogue if each.id}


def _key(message: Message) -> str:
    return BESIDE.join(filter(None, (message.context, str(message.id))))


def main() -> int:
    known = english() if ENGLISH.exists() else {}
    catalogue = Catalog(locale="en", header_comment="# English of the portal's own texts.")
    for text in sorted(used()):
        context, _, words = text.rpartition(BESIDE)
        catalogue.add(words, known.get(text, ""), context=context or None)
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, width=100, omit_header=True, sort_output=True)
    missing = [text for text in sorted(used()) if not known.get(text)]
    sys.stdout.write("".join(f"{text}\n" for text in missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
