"""Project: saved on a contract; its stages with who took part make it selectable."""

from typing import Any
from uuid import UUID

import pytest

from libs.events.errors import NotFound
from libs.events.testing import given
from libs.filing.content.performance import Project as Content
from libs.filing.content.performance import Stage
from services.projects.projects.domain import Project
from tests.filing import performance as made
from tests.given import ENTERPRISE, clerk, id_of

PROJECT, OTHER, STAGE = id_of("project"), id_of("other contract"), id_of("stage")
DATA, ON, HERE = made.project(), made.contract(), made.here()
NOTHING_NEW = Content(contract=made.CONTRACT, name="暂无业绩")

added = Project.ProjectAdded(
    act=clerk(), project=PROJECT, enterprise=ENTERPRISE, contract=made.CONTRACT
)
saved = Project.ProjectSaved(act=clerk(), contract=made.CONTRACT, content=DATA)
removed = Project.StageRemoved(act=clerk(), stage=STAGE)


def staged(stage: UUID = STAGE, content: Stage | None = None) -> Project.StageSaved:
    return Project.StageSaved(act=clerk(), stage=stage, content=content or made.stage())


def reasons(*past: Any) -> list[str]:
    return [each.rule for each in given(Project, *past).aggregate.reasons]


def test_a_complete_project_can_be_saved_on_its_contract() -> None:
    given(Project, added).when(Project.save, clerk(), DATA, ON).then(saved)


def test_a_project_needs_a_saved_contract() -> None:
    given(Project, added).when(Project.save, clerk(), DATA, None).then_refused("J01")


def test_a_project_can_move_to_another_contract() -> None:
    moved = DATA.model_copy(update={"contract": OTHER})
    scenario = given(Project, added, saved).when(Project.save, clerk(), moved, ON)
    scenario.then(Project.ProjectSaved(act=clerk(), contract=OTHER, content=moved))
    assert scenario.aggregate.contract == OTHER


def test_an_incomplete_project_is_not_saved() -> None:
    content = DATA.model_copy(update={"scale": None, "project_code": "12"})
    given(Project, added).when(Project.save, clerk(), content, ON).then_refused("E05", "J02")


def test_the_project_of_the_placeholder_needs_its_name_only() -> None:
    given(Project, added).when(Project.save, clerk(), NOTHING_NEW, made.placeholder()).then(
        Project.ProjectSaved(act=clerk(), contract=made.CONTRACT, content=NOTHING_NEW)
    )
    given(Project, added).when(Project.save, clerk(), NOTHING_NEW, ON).then_refused(*["E05"] * 8)


def test_a_stage_with_its_participants_can_be_saved() -> None:
    given(Project, added, saved).when(
        Project.save_stage, clerk(), STAGE, made.stage(), ON, HERE
    ).then(staged())


def test_a_saved_stage_can_be_changed() -> None:
    changed = made.stage(deliverable_no="SJ-01")
    given(Project, added, saved, staged()).when(
        Project.save_stage, clerk(), STAGE, changed, ON, HERE
    ).then(staged(content=changed))


def test_the_project_is_filled_in_before_its_stages() -> None:
    given(Project, added).when(
        Project.save_stage, clerk(), STAGE, made.stage(), ON, HERE
    ).then_refused("STATE")


def test_a_stage_is_entered_once() -> None:
    given(Project, added, saved, staged()).when(
        Project.save_stage, clerk(), OTHER, made.stage(), ON, HERE
    ).then_refused("J06")


def test_participants_are_persons_of_the_enterprise() -> None:
    given(Project, added, saved).when(
        Project.save_stage, clerk(), STAGE, made.stage(), ON, {}
    ).then_refused(*["J10a"] * 6)


def test_participants_who_are_not_filed_yet_are_a_warning() -> None:
    given(Project, added, saved).when(
        Project.save_stage, clerk(), STAGE, made.stage(), ON, made.here(filed=False)
    ).then(staged())


def test_a_stage_of_the_placeholder_needs_nothing() -> None:
    bare = Stage(stage="S1")
    given(Project, added, saved).when(
        Project.save_stage, clerk(), STAGE, bare, made.placeholder(), {}
    ).then(staged(content=bare))


@pytest.mark.parametrize(
    ("past", "why"),
    [
        ((added,), ["STATE", "J03"]),
        ((added, saved), ["J03"]),
        ((added, saved, staged()), []),
        ((added, saved, staged(), staged(OTHER, made.stage("D1")), removed), []),
        ((added, saved, staged(), removed), ["J03"]),
    ],
    ids=["added", "saved", "with a stage", "one of two removed", "the last one removed"],
)
def test_a_project_is_selectable_as_soon_as_it_and_one_stage_are_saved(
    past: tuple[Any, ...], why: list[str]
) -> None:
    assert reasons(*past) == why


def test_a_stage_that_is_not_there_is_not_removed() -> None:
    with pytest.raises(NotFound):
        given(Project, added, saved).aggregate.remove_stage(clerk(), STAGE)


def test_a_deleted_project_takes_its_stages_with_it() -> None:
    given(Project, added, saved, staged()).when(Project.delete, clerk()).then(
        removed, Project.ProjectDeleted(act=clerk())
    )
