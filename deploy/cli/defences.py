"""docs/security.md, made of docs/security.toml: threat → defence → test → result."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

HEAD = """# What is defended, how, and what shows it

Threats are numbered as in reliability.md, section 2. Each attack stays as a test that failed before
its defence was there. Made of `docs/security.toml` by `./kaohe contracts`.

"""

Told = dict[str, Any]


def read(root: Path) -> Told:
    return tomllib.loads((root / "docs" / "security.toml").read_text())


def drawn(told: Told) -> str:
    """The page."""
    defences = [
        (each["threat"], each["defence"], _shown_by(each), each["result"])
        for each in told["defences"]
    ]
    still_open = [(each["threat"], each["missing"]) for each in told["open"]]
    return "".join(
        [
            HEAD,
            *_table(("threat", "defence", "test", "result"), defences),
            "\n## What is open\n\n",
            *_table(("threat", "what is missing"), still_open),
        ]
    )


def missing(told: Told, root: Path) -> list[str]:
    """Tests that it names and that are not there, and defences that nothing shows."""
    unshown = [each["threat"] for each in told["defences"] if not each["tests"]]
    named = [name for each in told["defences"] for name in each["tests"]]
    return [*unshown, *(name for name in named if not _is_there(name, root))]


def _is_there(name: str, root: Path) -> bool:
    file, _, function = name.partition("::")
    if not (root / file).is_file():
        return False
    defined = re.search(rf"^(async )?def {re.escape(function)}\(", (root / file).read_text(), re.M)
    return not function or defined is not None


def _shown_by(defence: Told) -> str:
    tests = ", ".join(f"`{name}`" for name in defence["tests"])
    return f"{tests}: {defence['note']}" if "note" in defence else tests


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |\n"
