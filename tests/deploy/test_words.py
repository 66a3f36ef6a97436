"""Every refusal has words of its own: a case that the messages have not would be told as "not
possible now"; and every event has a name, by which histories tell it.
"""

import ast
from collections.abc import Iterator

from libs.filing.catalogue import FORMAT, STATE, messages
from services.portal.render.event_names import EVENT_NAMES
from tests.servers import ROOT

KINDS = {"FORMAT": FORMAT, "STATE": STATE}


def cases(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Of each `finding(STATE, case="…")`: the kind and the case."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Name(id="finding"), args=[ast.Name(id="FORMAT" | "STATE" as kind), *_]
            ):
                for each in node.keywords:
                    if each.arg == "case" and isinstance(each.value, ast.Constant):
                        yield kind, str(each.value.value)


def test_every_case_of_a_refusal_has_its_words() -> None:
    found = [
        (path.relative_to(ROOT), kind, case)
        for folder in ("libs", "services")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "case=" in (text := path.read_text())
        for kind, case in cases(ast.parse(text))
    ]
    assert len(found) > 15
    silent = [
        f"{path}: give {kind} the case {case} in libs/filing/data/messages.json"
        for path, kind, case in found
        if case not in messages()[KINDS[kind]]
    ]
    assert not silent, "\n".join(silent)


def test_a_case_is_found_where_it_is_written() -> None:
    source = 'x = finding(STATE, "/name", case="on_hold") if y else finding("E24")'
    assert list(cases(ast.parse(source))) == [("STATE", "on_hold")]


def test_every_event_has_a_name_in_histories() -> None:
    kinds = {path.name.split(".")[2] for path in (ROOT / "contracts/events").iterdir()}
    silent = sorted(kinds - EVENT_NAMES.keys())
    assert not silent, f"no name in services/portal/render/event_names.py: {', '.join(silent)}"
