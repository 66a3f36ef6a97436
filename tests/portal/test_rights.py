"""What a page offers to do comes from what the services answer, never from the name of a role."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from libs.filing import reference
from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory
from tests.portal.test_records_review import sent_record

TEMPLATES = Path(__file__).parents[2] / "services" / "portal" / "templates"
ROLES = reference.codes("role")
BEGINNINGS = {f"{each.partition('_')[0]}_" for each in ROLES if "_" in each}
MINE = {"role", "face"}  # of whoever visits


def conditions(template: nodes.Template) -> Iterator[nodes.Node]:
    for statement in template.find_all(nodes.If):
        yield statement.test
    for choice in template.find_all(nodes.CondExpr):
        yield choice.test


def asks_for_a_role(condition: nodes.Node) -> bool:
    """Whether it looks at the visitor's role, or at a role's name; what a case's level is, or who
    did something, are facts of their own.
    """
    own = (each for each in found(condition, nodes.Getattr) if each.attr in MINE)
    if any(isinstance(each.node, nodes.Name) and each.node.name == "user" for each in own):
        return True
    facts = {
        id(operand.expr)
        for each in found(condition, nodes.Compare)
        if isinstance(each.expr, nodes.Getattr) and each.expr.attr in ("level", "role")
        for operand in each.ops
    }
    named = (each for each in found(condition, nodes.Const) if each.value in ROLES | BEGINNINGS)
    return any(id(each) not in facts for each in named)


def found(node: nodes.Node, kind: type) -> list:  # type: ignore[type-arg]
    """Of this kind, the node itself among them."""
    return [*([node] if isinstance(node, kind) else []), *node.find_all(kind)]


def test_no_template_decides_by_a_role() -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"])
    deciding = [
        f"{path.relative_to(TEMPLATES)}:{each.lineno}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for each in conditions(environment.parse(path.read_text()))
        if asks_for_a_role(each)
    ]
    assert deciding == []


@pytest.mark.parametrize(
    ("condition", "decides"),
    [
        ('user.role.startswith("PROV_")', True),
        ('user.face != "expert"', True),
        ('may and "CITY_LEAD" in roles', True),
        ("item.assignee", False),
        ('item.level == "EXPERT" and item.comment', False),
    ],
)
def test_a_role_in_a_condition_is_found(condition: str, decides: bool) -> None:
    [test] = conditions(Environment().parse(f"{{% if {condition} %}}{{% endif %}}"))
    assert asks_for_a_role(test) is decides


@pytest.mark.servers
@pytest.mark.parametrize(("role", "publishes"), [("CITY_LEAD", False), ("PROV_OFFICER", True)])
def test_whoever_may_publish_is_offered_it(
    portal: PortalInMemory, role: str, publishes: bool
) -> None:
    sent = sent_record(portal)
    sent.passed_by_city()
    sent.passed_by_province()
    sent.concluded("PASS")
    officer = sent.one(role)
    officer.open("/publicities")
    assert bool(officer.all('//a[normalize-space(.)="选择结论公示"]')) is publishes
    officer.open("/conclusions?state=CONCLUDED")
    assert sent.firm.enterprise.name in officer.text
    assert bool(officer.all('//button[normalize-space(.)="公示所选结论"]')) is publishes
    assert bool(officer.all('//input[@name="record"]')) is publishes


@pytest.mark.servers
@pytest.mark.parametrize(("role", "plans"), [("CITY_OFFICER", False), ("PROV_OFFICER", True)])
def test_whoever_may_plan_a_campaign_is_offered_it_and_sees_who_is_due(
    portal: PortalInMemory, role: str, plans: bool
) -> None:
    Firm(portal.services).file()
    campaign = open_campaign(portal.services)
    officer = portal.visitor(role, city="410000" if plans else "410100")
    officer.open("/campaigns")
    assert bool(officer.all('//a[@href="/campaigns/new"]')) is plans
    officer.open(f"/campaigns/{campaign}")
    assert bool(officer.all('//button[@value="close"]')) is plans
    assert ("应考核企业名单" in officer.text) is plans


@pytest.mark.servers
@pytest.mark.parametrize(("role", "changes"), [("AUDITOR", False), ("SYS_ADMIN", True)])
@pytest.mark.parametrize("is_changed", [False, True])
def test_whoever_may_change_reference_data_is_offered_it(
    portal: PortalInMemory, role: str, changes: bool, is_changed: bool
) -> None:
    if is_changed:
        operator = portal.visitor("SYS_ADMIN")
        operator.open("/reference/reporting_unit/410100")
        operator.press("保存", {"packet/mailbox": "zz@example.invalid"})
        assert operator.status == 200
    visitor = portal.visitor(role)
    visitor.open("/reference/reporting_unit")
    assert bool(visitor.all('//a[@href="/reference/reporting_unit/new"]')) is changes
    visitor.open("/reference/reporting_unit/410100")
    assert bool(visitor.all("//button[@data-save]")) is changes
