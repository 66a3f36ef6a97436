"""Every failure as application/problem+json, the framework's own included (decision 33)."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from libs.chassis.ports.ports import Catalogue, ports_of
from libs.chassis.problems import formats
from libs.chassis.problems.addresses import allowed
from libs.chassis.problems.kinds import (
    BY_STATUS,
    INTERNAL,
    INVALID,
    KEY_REUSED,
    MALFORMED,
    METHOD,
    NOT_FOUND,
    REFUSED,
    STORAGE,
    TOO_LARGE,
    UNAVAILABLE,
    VERSION_MISMATCH,
    VERSION_REQUIRED,
    WRONG_STATE,
    ProblemKind,
)
from libs.chassis.problems.problem import MEDIA_TYPE, Problem, ProblemItem, Stopped, language
from libs.chassis.process import trace
from libs.chassis.process.redact import redact
from libs.events.errors import (
    Conflict,
    KernelError,
    KeyReused,
    Lost,
    NotFound,
    TooLarge,
    Unavailable,
    VersionMismatch,
    VersionRequired,
)
from libs.events.pools import CONNECTION_ERRORS
from libs.events.refusal import Finding, Refused

LOST_FOR = "3600"  # seconds: until somebody has restored it
log = structlog.get_logger("http")
KERNEL: Mapping[type[KernelError], ProblemKind] = {
    NotFound: NOT_FOUND,
    VersionMismatch: VERSION_MISMATCH,
    VersionRequired: VERSION_REQUIRED,
    KeyReused: KEY_REUSED,
    TooLarge: TOO_LARGE,
}


class FindingItem(ProblemItem):
    """What `:check` answers for one rule."""

    acknowledged: bool = False


def finding_items(
    findings: Iterable[Finding], texts: Catalogue, acknowledged: Iterable[str] = ()
) -> list[FindingItem]:
    """Findings as answers show them: in both languages, with what was acknowledged before."""
    known = frozenset(acknowledged)
    return [
        FindingItem(**_item(f, texts).model_dump(), acknowledged=f.rule in known) for f in findings
    ]


def warnings(
    findings: Iterable[Finding], texts: Catalogue, acknowledged: Iterable[str] = ()
) -> list[FindingItem]:
    """What an act that succeeded says besides: the findings that do not block."""
    standing = [each for each in findings if not each.severity.blocks]
    return finding_items(standing, texts, acknowledged)


def problem(
    request: Request,
    kind: ProblemKind,
    items: Iterable[ProblemItem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The problem document in the language asked for; it has at least one item, always
    bilingual.
    """
    asked = language(request.headers.get("accept-language", ""))
    chosen = 0 if asked == "zh" else 1
    document = Problem(
        type=kind.type,
        title=kind.title[chosen],
        status=kind.status,
        detail=kind.detail[chosen],
        instance=quote(redact(request.url.path), safe="/:"),
        trace_id=trace.current.get().trace_id,
        errors=list(items)
        or [
            ProblemItem(rule=kind.rule, pointer=kind.pointer, zh=kind.detail[0], en=kind.detail[1])
        ],
    )
    said = {"Content-Language": asked, "Vary": "Accept-Language", **(headers or {})}
    return Response(document.model_dump_json(), kind.status, said, MEDIA_TYPE)


def internal(request: Request) -> Response:
    return problem(request, INTERNAL)


def add_problem_handlers(app: FastAPI) -> None:
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Stopped, _stopped)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(KernelError, _kernel)
    for kind in CONNECTION_ERRORS:
        app.add_exception_handler(kind, _gone)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = error.errors()
    return problem(
        request,
        MALFORMED if formats.is_malformed(errors) else INVALID,
        formats.items(errors, error.body),
    )


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = BY_STATUS.get(error.status_code) or (MALFORMED if error.status_code < 500 else INTERNAL)
    # the framework's own 400 is for bodies alone
    unread = [formats.item(*formats.TEXTS["json_invalid"])] if kind is MALFORMED else []
    headers = {"Allow": allowed(request)} if kind is METHOD else error.headers
    return problem(request, kind, unread, headers)


def _stopped(request: Request, error: Exception) -> Response:
    assert isinstance(error, Stopped)
    return problem(request, error.kind, error.items, error.headers)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    ports = ports_of(request)
    about_state = any(finding.rule in ports.state_rules for finding in error.findings)
    return problem(
        request,
        WRONG_STATE if about_state else REFUSED,
        [_item(finding, ports.texts) for finding in error.findings],
    )


def _kernel(request: Request, error: Exception) -> Response:
    if isinstance(error, Unavailable):
        return unavailable(request, error)
    if isinstance(error, Conflict):  # after many tries; the same request may succeed
        return unavailable(request, Unavailable("log", "a stream that others went on changing"))
    if isinstance(error, Lost):
        log.error("lost", object=str(error), exc_info=error)
        return problem(request, STORAGE, headers={"Retry-After": LOST_FOR})
    kind = next((kind for cls, kind in KERNEL.items() if isinstance(error, cls)), INTERNAL)
    current = {"ETag": f'"{error.current}"'} if isinstance(error, VersionMismatch) else {}
    return problem(request, kind, headers=current)


def _gone(request: Request, error: Exception) -> Response:
    """Of a read model's query; the log's own reads raise Unavailable."""
    waited_for = f"a read model ({type(error).__name__})"
    return unavailable(request, Unavailable("database", waited_for))


def unavailable(request: Request, why: Unavailable) -> Response:
    """503; which dependency waited for what is for the log."""
    operation = getattr(request.scope.get("route"), "name", "-")
    log.warning(
        "unavailable", operation=operation, dependency=why.dependency, waited_for=why.waited_for
    )
    return problem(request, UNAVAILABLE, headers={"Retry-After": str(why.seconds)})


def _item(finding: Finding, texts: Catalogue) -> ProblemItem:
    words = texts(finding)
    return ProblemItem(
        rule=finding.rule,
        severity=finding.severity.value,
        pointer=finding.pointer,
        zh=words.zh,
        en=words.en,
    )
