"""`settings`: every setting of whoever runs, from the classes that read them, as docs/operations.md
shows it.
"""

import inspect
import re
import types
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, Union, get_args, get_origin

from cyclopts import App
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from deploy.installation.places import ROOT
from libs.chassis.process.settings import MigrationSettings, ServiceSettings
from services.portal.settings import PortalSettings

PAGE = ROOT / "docs" / "operations.md"
BEGIN, END = "<!-- settings: ./kaohe settings --write -->", "<!-- end of settings -->"
# of a class, how its variables begin, and who reads them
READERS: tuple[tuple[type[BaseModel], str, str], ...] = (
    (ServiceSettings, "<SERVICE>_", "A service: `ENTERPRISE_`, `PERSONNEL_` and so on"),
    (PortalSettings, "PORTAL_", "The portal"),
    (MigrationSettings, "<SERVICE>_", "The migration step, for services and `PORTAL_`"),
)
MUST = "must be set"
GIVEN = frozenset({"service"})  # by the process itself


@dataclass(frozen=True)
class Setting:
    name: str
    kind: str
    default: str
    words: str

    @property
    def row(self) -> str:
        return f"| `{self.name}` | {self.kind} | {self.default} | {self.words} |"


def register(app: App) -> None:
    app.command(settings)


def settings(*, write: bool = False, check: bool = False) -> int:
    """Every setting: its variable, what it takes, its default. `--write` puts them into
    docs/operations.md, `--check` says whether they stand there.
    """
    page = PAGE.read_text()
    now = written(page)
    if write:
        PAGE.write_text(now)
    elif not check:
        print(tables())
    elif now != page:
        print("docs/operations.md 已过时：./kaohe settings --write / is stale")
        return 1
    return 0


def written(page: str) -> str:
    """The page with the settings as they are now."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{rest.partition(END)[2]}"


def tables() -> str:
    return "\n".join(_table(*each) for each in READERS)


def _table(model: type[BaseModel], prefix: str, who: str) -> str:
    rows = "\n".join(each.row for each in of(model, prefix))
    return f"**{who}**\n\n| variable | takes | default | |\n|---|---|---|---|\n{rows}\n"


def of(model: type[BaseModel], prefix: str) -> Iterator[Setting]:
    """Every setting of the class, and of its parts."""
    words = _words(model)
    for name, field in model.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        if name in GIVEN:
            continue
        if part := _part(field.annotation):
            optional = types.NoneType in _alternatives(field.annotation)
            for each in of(part, f"{variable}__"):
                yield _if_used(each) if optional else each
        else:
            yield Setting(variable, _kind(field), _default(field), words.get(name, ""))


def _if_used(setting: Setting) -> Setting:
    """Of a part that may be left out whole."""
    needed = setting.default == MUST
    return replace(setting, default="if the part is used" if needed else setting.default)


def _part(annotation: Any) -> type[BaseModel] | None:
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each
    return None


def _kind(field: FieldInfo) -> str:
    alternatives = _alternatives(field.annotation)
    if SecretStr in alternatives:
        return "secret; `…_FILE` names a file"
    found = [each for each in alternatives if each is not types.NoneType]
    if get_origin(found[0]) is Literal:
        return ", ".join(f"`{each}`" for each in get_args(found[0]))
    if get_origin(found[0]) is tuple:
        return "list (JSON)"
    names = {"str": "text", "int": "number", "float": "number", "Path": "file", "bool": "yes or no"}
    return names[found[0].__name__]


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(part for each in get_args(annotation) for part in _alternatives(each))
    if hasattr(annotation, "__metadata__"):
        return _alternatives(get_args(annotation)[0])
    return (annotation,)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return MUST
    value = field.default
    return "" if value is None or value == () else f"`{value}`"


def _words(model: type[BaseModel]) -> dict[str, str]:
    """What the comments beside and above its fields say."""
    found: dict[str, str] = {}
    above: list[str] = []
    for base in reversed(model.__mro__):
        if base is BaseModel or not issubclass(base, BaseModel):
            continue
        for line in inspect.getsource(base).splitlines():
            if comment := re.match(r"    # ?(.*)", line):
                above.append(comment[1])
                continue
            if field := re.match(r"    (\w+): [^#]*(?:  # (.*))?$", line):
                found[field[1]] = " ".join([*above, field[2] or ""]).strip()
            above = []
    return found
