"""Texts that stand in tables: they are looked up in the catalogue where they are shown."""


def N_(text: str) -> str:  # noqa: N802
    """Marks a text for the catalogue (gettext's own name for it)."""
    return text


EVENT = "event"  # the context of such a text in the catalogue


def E_(text: str) -> str:  # noqa: N802
    """Marks what an event is called: the English says what was done, where the same words on a
    button say what to do.
    """
    return text
