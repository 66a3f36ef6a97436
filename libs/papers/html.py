"""A paper as one HTML file that needs nothing else: UTF-8, its style inside, laid out for A4."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from libs.papers.paper import Paper


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("paper.html")


def html(paper: Paper) -> bytes:
    """Whatever was typed is text, never markup."""
    return _template().render(paper.plain()).encode()
