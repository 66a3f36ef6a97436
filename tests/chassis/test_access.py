"""Every operation by role by relation: the answer stands in the table or is denied."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from libs.chassis.app import create_app
from libs.chassis.identity.access import ANY, OWN, AccessTableError, allow, public
from libs.chassis.ports.principal import Principal
from tests.chassis.issuer import FakeIssuer
from tests.chassis.ledgers import (
    ACCESS,
    FOREIGN,
    NOBODYS,
    OURS,
    THEIRS,
    USCC,
    Now,
    World,
    app,
    client,
    routes,
)

ROLES = {
    "ENT_CLERK": {"org": USCC},
    "ENT_LEGAL": {"org": USCC},
    "CITY_OFFICER": {"city": "410100"},
    "CITY_LEAD": {"city": "410100"},
    "PROV_OFFICER": {"city": "410000"},
    "PROV_LEAD": {"city": "410000"},
    "EXPERT": {},
    "AUDITOR": {},
    "SYS_ADMIN": {},
    "PUBLIC": {},
}
# own or supervised, foreign, missing
DECLARED = {
    "read_ledger": {
        "ENT_CLERK": (200, 404, 404),
        "CITY_OFFICER": (200, 404, 404),
        "PROV_OFFICER": (200, 200, 404),
        "AUDITOR": (200, 200, 404),
    },
    "change_ledger": {"ENT_CLERK": (200, 404, 404)},
    "open_ledger": {"ENT_CLERK": (201, 201, 201)},
    "list_ledgers": {
        "ENT_CLERK": (200, 200, 200),
        "CITY_OFFICER": (200, 200, 200),
        "AUDITOR": (200, 200, 200),
    },
    "read_results": dict.fromkeys(ROLES, (200, 200, 200)),
}
REQUESTS = {
    "read_ledger": ("GET", "/ledgers/{id}"),
    "change_ledger": ("PUT", "/ledgers/{id}"),
    "open_ledger": ("POST", "/ledgers"),
    "list_ledgers": ("GET", "/ledgers"),
    "read_results": ("GET", "/results"),
}
CELLS = [
    (operation, role, subject, DECLARED[operation].get(role, (403, 403, 403))[place])
    for operation in REQUESTS
    for role in ROLES
    for place, subject in enumerate((OURS, THEIRS, NOBODYS))
]


@pytest.mark.parametrize(("operation", "role", "subject", "status"), CELLS)
async def test_each_cell_of_the_table_answers_as_declared(
    signed_in: Callable[..., httpx.AsyncClient],
    operation: str,
    role: str,
    subject: object,
    status: int,
) -> None:
    method, path = REQUESTS[operation]
    headers = {} if method == "GET" else {"Idempotency-Key": str(uuid4()), "If-Match": '"3"'}
    body = None if method == "GET" else {"text": "a"}
    answer = await signed_in(role, **ROLES[role]).request(
        method, f"/api/v1{path.format(id=subject)}", headers=headers, json=body
    )
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("operation", REQUESTS)
async def test_without_a_token_only_public_operations_answer(
    world: World, issuer: FakeIssuer, operation: str
) -> None:
    method, path = REQUESTS[operation]
    answer = await client(app(world, issuer)).request(method, f"/api/v1{path.format(id=OURS)}")
    assert answer.status_code == (200 if operation == "read_results" else 401)
    assert ("www-authenticate" in answer.headers) == (answer.status_code == 401)


async def test_a_clerk_without_an_organisation_reaches_nothing(
    signed_in: Callable[..., httpx.AsyncClient],
) -> None:
    assert (await signed_in("ENT_CLERK").get(f"/api/v1/ledgers/{OURS}")).status_code == 404


async def test_the_row_that_lets_in_decides_the_view(
    signed_in: Callable[..., httpx.AsyncClient], issuer: FakeIssuer, world: World
) -> None:
    officer, auditor = signed_in("CITY_OFFICER", city="410100"), signed_in("AUDITOR")
    both = client(
        app(world, issuer), issuer.token("ENT_CLERK", "CITY_OFFICER", org=FOREIGN, city="410100")
    )
    views = [
        (await each.get(f"/api/v1/ledgers/{OURS}")).json()["view"]
        for each in (officer, auditor, both)
    ]
    assert views == ["sent", "masked", "sent"]


@pytest.mark.parametrize(("role", "changes"), [("ENT_CLERK", True), ("AUDITOR", False)])
@pytest.mark.parametrize("subject", [OURS, NOBODYS])
async def test_an_answer_says_which_methods_the_callers_role_may_use_at_the_address(
    signed_in: Callable[..., httpx.AsyncClient], role: str, changes: bool, subject: object
) -> None:
    answer = await signed_in(role, **ROLES[role]).get(f"/api/v1/ledgers/{subject}")
    told = set(answer.headers["Allow"].split(", "))
    assert told == {"GET", "HEAD"} | ({"PUT"} if changes else set())


def built(*rows: object) -> None:
    create_app("ledgers", [routes(Now())], rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (ACCESS[:-1], "has no row for the routes read_results$"),
        ([*ACCESS, public("read_nothing")], "rows without a route: read_nothing$"),
        (
            [*ACCESS, allow("change_ledger", ("AUDITOR", "ENT_LEGAL"), ANY)],
            "change_ledger writes; AUDITOR may only read",
        ),
        (
            [*ACCESS, allow("list_ledgers", ("ENT_LEGAL",), OWN, path="id")],
            "list_ledgers has no path parameter id",
        ),
    ],
)
def test_a_table_that_does_not_fit_the_routes_does_not_start(rows: list[object], why: str) -> None:
    built(*ACCESS)
    with pytest.raises(AccessTableError, match=why):
        built(*rows)


@pytest.mark.parametrize(
    ("methods", "starts"), [(["GET", "HEAD"], True), (["GET", "POST"], False), (["PUT"], False)]
)
def test_who_may_only_read_is_given_routes_that_only_read(methods: list[str], starts: bool) -> None:
    more = APIRouter()
    more.api_route("/notices", methods=methods, name="notices")(lambda: None)
    rows = [*ACCESS, public("notices")]
    if starts:
        assert create_app("ledgers", [routes(Now()), more], rows)
    else:
        with pytest.raises(AccessTableError, match="notices writes; PUBLIC may only read"):
            create_app("ledgers", [routes(Now()), more], rows)


async def test_whose_rights_were_all_revoked_is_asked_for_another_token(
    signed_in: Callable[..., httpx.AsyncClient], served: FastAPI
) -> None:
    async def none_left(_: Principal) -> None:
        return None

    clerk, results = signed_in("ENT_CLERK", org=USCC), "/api/v1/results"
    assert (await clerk.get(results)).status_code == 200
    served.state.ports = replace(served.state.ports, left_of=none_left)
    answer = await clerk.get(results)
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_two_routes_of_one_name_do_not_start() -> None:
    twice = APIRouter()
    twice.get("/other", name="read_results")(lambda: None)
    with pytest.raises(AccessTableError, match="share a name"):
        create_app("ledgers", [routes(Now()), twice], ACCESS)
