"""Which forms a service takes drafts of, and which operations are their 保存.

drafts={"person": {"add_person": NEW, "save_person": "{id}", "save_filing": "{filing}"}}
"""

from collections.abc import Iterator, Mapping
from uuid import UUID

from libs.chassis.drafts.drafts import Place

NEW = "new"  # the draft's id where a form adds an item
# by form: operations that save it, each with the draft's id in terms of its path parameters
DraftForms = Mapping[str, Mapping[str, str]]


def saved_by(
    forms: DraftForms, operation: str, parameters: Mapping[str, object], enterprise: UUID
) -> Iterator[Place]:
    """The drafts that this operation has made superfluous; none if it is no 保存."""
    for form, operations in forms.items():
        if operation in operations:
            yield Place(enterprise, form, operations[operation].format(**parameters))
