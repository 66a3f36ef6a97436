"""The portal's two languages. Chinese texts are the keys; English is a catalogue, locale/en.po."""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from fastapi import Request

from services.portal import HERE

LANGUAGES = ("zh", "en")
COOKIE = "lang"


def language_of(request: Request) -> str:
    """As the visitor chose it; else as the browser asks; else Chinese."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    asked = request.headers.get("accept-language", "").lower()
    return "en" if asked.startswith("en") else "zh"


@cache
def translations(language: str) -> NullTranslations:
    """Chinese needs none."""
    if language == "zh":
        return NullTranslations()
    compiled = BytesIO()
    with (HERE / "locale" / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def say(language: str, text: Mapping[str, Any] | str | None) -> str:
    """A text of the services in this language: they come as `{zh, en}`."""
    if text is None or isinstance(text, str):
        return text or ""
    return str(text.get(language) or text.get("zh") or "")
