"""Bad input by service: what is wrong, how it is answered, under which rule, at which place."""

from collections.abc import Iterator
from typing import Any

from libs.chassis.http.pages import encode
from libs.chassis.problems.kinds import (
    FORBIDDEN,
    INVALID,
    MALFORMED,
    NOT_FOUND,
    REFUSED,
    TOO_LARGE,
    VERSION_MISMATCH,
    WRONG_STATE,
)
from tests.http.http_client import CANARY, NUMBER, Wrong
from tests.http.situation import Situation

F = "FORMAT"
# under 1 MiB as sent, over 256 KiB as an event
LARGE = {"history": [{"happened_on": "2001-01-01", "event": "字" * 500}] * 400}
ENTERPRISE, PERSONNEL, ASSESSMENT, REVIEW = "enterprise", "personnel", "assessment", "review"


def enterprise(s: Situation) -> Iterator[Wrong]:
    own, v, waiting = (
        f"/enterprises/{s.own.enterprise.id}",
        s.versions,
        f"/enterprises/{s.waiting.id}",
    )
    page, fresh = f"PUT /enterprises/{s.fresh.id}/information", s.versions["fresh"]
    for field, value in (
        ("affiliation", CANARY),
        ("remark", CANARY * 100),
        ("staff_total", -1),
        ("staff_total", 10**30),
        ("website", "\ud800"),
        ("established_on", "2001-02-30"),
        ("established_on", "9999-12-31"),
        ("province_code", "110000"),
    ):
        body = {"basic": {field: value}}
        yield s.begins(
            f"{field} {str(value)[:9]!r}",
            INVALID,
            ENTERPRISE,
            page,
            (F, f"/basic/{field}"),
            body=body,
            version=fresh,
        )
    assets = {"net_assets": [{"fiscal_year": 999, "net_assets_wan": "1.23456"}]}
    told = ((F, "/net_assets/0/fiscal_year"), (F, "/net_assets/0/net_assets_wan"))
    yield s.begins(
        "numbers out of range", INVALID, ENTERPRISE, page, *told, body=assets, version=fresh
    )
    body = {
        "basic": {"legal_rep_id_type": "1", "legal_rep_id_no": NUMBER, "contact_mobile": CANARY}
    }
    told = (("E12", "/basic/legal_rep_id_no"), ("E13", "/basic/contact_mobile"))
    yield s.begins(
        "numbers that fail their check", REFUSED, ENTERPRISE, page, *told, body=body, version=fresh
    )
    yield s.begins("an event too large", TOO_LARGE, ENTERPRISE, page, body=LARGE, version=fresh)
    yield s.begins("stale version", VERSION_MISMATCH, ENTERPRISE, page, body={}, version=1000)
    yield s.begins(
        "sent incomplete and unsaved",
        WRONG_STATE,
        ENTERPRISE,
        f"POST {s.draft}:send",
        ("E05", "/basic/legal_rep_name"),
        version=fresh,
    )
    yield s.begins(
        "withdrawn unsent",
        WRONG_STATE,
        ENTERPRISE,
        f"POST {s.draft}:withdraw",
        ("E25", ""),
        version=fresh,
    )
    yield s.begins(
        "no 5.0 data",
        WRONG_STATE,
        ENTERPRISE,
        f"POST /enterprises/{s.fresh.id}:import-legacy",
        ("E20", ""),
        version=fresh,
    )
    for what, uscc in (
        ("no credit code", CANARY),
        ("wrong check digit", "91410100MA4444449H"),
        ("a person's number", NUMBER),
    ):
        yield s.wrong(
            what, INVALID, ENTERPRISE, "POST /enterprises", ("E02", "/uscc"), body={"uscc": uscc}
        )
    yield s.wrong(
        "registered twice",
        WRONG_STATE,
        ENTERPRISE,
        "POST /enterprises",
        ("E03", "/uscc"),
        body={"uscc": s.own.uscc},
    )
    yield s.wrong(
        "wrong role",
        FORBIDDEN,
        ENTERPRISE,
        f"POST {own}/filings",
        role="CITY_OFFICER",
        body={"type": "ENT_INIT"},
    )
    yield s.wrong(
        "unknown type",
        INVALID,
        ENTERPRISE,
        f"POST {own}/filings",
        (F, "/type"),
        body={"type": CANARY},
        version=v["own"],
    )
    yield s.wrong(
        "page of a filed enterprise",
        WRONG_STATE,
        ENTERPRISE,
        f"PUT {own}/information",
        ("E04", ""),
        body={},
        version=v["own"],
    )
    begun: dict[str, Any] = {"body": {"type": "ENT_INIT"}}
    yield s.wrong(
        "first filing of a filed one",
        WRONG_STATE,
        ENTERPRISE,
        f"POST {own}/filings",
        ("E22", "/type"),
        **begun,
        version=v["own"],
    )
    yield s.waits(
        "second filing",
        WRONG_STATE,
        ENTERPRISE,
        f"POST {waiting}/filings",
        ("E21", ""),
        **begun,
        version=v["waiting"],
    )
    yield s.waits(
        "sent content",
        WRONG_STATE,
        ENTERPRISE,
        f"PUT {s.sent}/content",
        ("E24", ""),
        body={},
        version=v["waiting"],
    )
    yield s.waits(
        "sent page",
        WRONG_STATE,
        ENTERPRISE,
        f"PUT {waiting}/information",
        ("E24", ""),
        body={},
        version=v["waiting"],
    )
    done = f"{own}/filings/{s.own.filing}"
    for act, rule in (("send", "E24"), ("withdraw", "E25"), ("void", "E24")):
        yield s.wrong(
            f"{act} what is approved",
            WRONG_STATE,
            ENTERPRISE,
            f"POST {done}:{act}",
            (rule, ""),
            version=v["own"],
        )
    yield s.wrong(
        "scan of no type",
        REFUSED,
        ENTERPRISE,
        "POST /uploads",
        (F, "/scan_type"),
        body=upload(scan_type=CANARY[:20]),
    )
    yield s.wrong(
        "scan too large",
        REFUSED,
        ENTERPRISE,
        "POST /uploads",
        ("E19", "/scan_type"),
        body=upload(size=1 << 30),
    )
    yield s.wrong(
        "foreign filing in a packet",
        NOT_FOUND,
        ENTERPRISE,
        f"POST {own}/packets",
        body={"filings": [s.foreign.filing]},
    )


def personnel(s: Situation) -> Iterator[Wrong]:
    person, done, version = (
        f"/people/{s.own.person}",
        f"/filings/{s.own.person_filing}",
        s.versions["person"],
    )
    for field, value in (
        ("education", CANARY),
        ("post", CANARY * 20),
        ("graduated_on", 19920701),
        ("birth_date", "9999-12-31"),
        ("categories", [CANARY]),
    ):
        place = f"/{field}/0" if isinstance(value, list) else f"/{field}"
        yield s.wrong(
            f"{field} {str(value)[:9]}",
            INVALID,
            PERSONNEL,
            "POST /people",
            (F, place),
            body={field: value},
        )
    told = {"name": CANARY, "id_type": "1", "id_no": NUMBER}
    yield s.wrong(
        "no such number",
        REFUSED,
        PERSONNEL,
        "POST /people",
        ("P01", "/name"),
        ("P02", "/id_no"),
        body=told,
    )
    yield s.wrong(
        "stale version", VERSION_MISMATCH, PERSONNEL, f"PUT {person}", body={}, version=1000
    )
    yield s.wrong(
        "stale filing", VERSION_MISMATCH, PERSONNEL, f"PUT {done}/content", body={}, version=1000
    )
    yield s.wrong(
        "saved after approval",
        WRONG_STATE,
        PERSONNEL,
        f"PUT {done}/content",
        ("E24", ""),
        body={},
        version=version,
    )
    yield s.wrong(
        "withdrawn after approval",
        WRONG_STATE,
        PERSONNEL,
        f"POST {done}:withdraw",
        ("E25", ""),
        version=version,
    )
    body: dict[str, Any] = {"type": "PER_INIT", "people": [s.own.person]}
    yield s.wrong(
        "filed twice", WRONG_STATE, PERSONNEL, "POST /filings", ("P28", "/people/0"), body=body
    )
    yield s.wrong(
        "nobody",
        INVALID,
        PERSONNEL,
        "POST /filings",
        (F, "/people"),
        body={"type": "PER_INIT", "people": []},
    )
    yield s.wrong(
        "filing of a foreign person",
        NOT_FOUND,
        PERSONNEL,
        "POST /filings",
        body=body | {"people": [s.foreign.person]},
    )
    yield s.wrong(
        "send a foreign filing",
        NOT_FOUND,
        PERSONNEL,
        "POST /filings:send",
        body={"filings": [s.foreign.person_filing]},
    )
    yield s.wrong("wrong role", FORBIDDEN, PERSONNEL, "POST /people", role="ENT_LEGAL", body={})
    large = {
        "personal_projects": [
            {"project_name": "字" * 100, "scale": "L", "role": "PM", "year": 2019}
        ]
        * 900
    }
    yield s.wrong("an event too large", TOO_LARGE, PERSONNEL, "POST /people", body=large)


def assessment(s: Situation) -> Iterator[Wrong]:
    record, version, campaign = (
        f"/records/{s.own.record.id}",
        s.versions["record"],
        f"/campaigns/{s.own.campaign}",
    )
    province: dict[str, Any] = {"role": "PROV_LEAD"}
    yield s.wrong(
        "second record",
        WRONG_STATE,
        ASSESSMENT,
        "POST /records",
        ("A09", ""),
        body={"campaign": s.own.campaign},
    )
    yield s.begins(
        "nothing filed",
        REFUSED,
        ASSESSMENT,
        "POST /records",
        ("A02", ""),
        body={"campaign": s.own.campaign},
    )
    yield s.wrong(
        "no such campaign",
        NOT_FOUND,
        ASSESSMENT,
        "POST /records",
        body={"campaign": s.own.record.id},
    )
    for act, rule in (("generate", "A16"), ("send", "E24"), ("withdraw", "E25")):
        yield s.wrong(
            f"{act} what is announced",
            WRONG_STATE,
            ASSESSMENT,
            f"POST {record}:{act}",
            (rule, ""),
            version=version,
        )
    step = f"PUT {record}/steps/people"
    yield s.wrong(
        "step of what is announced",
        WRONG_STATE,
        ASSESSMENT,
        step,
        ("E24", ""),
        body={"persons": []},
        version=version,
    )
    yield s.wrong(
        "stale version", VERSION_MISMATCH, ASSESSMENT, step, body={"persons": []}, version=1000
    )
    yield s.wrong(
        "no step", MALFORMED, ASSESSMENT, f"GET {record}/choices/{CANARY}", (F, "/path/step")
    )
    yield s.wrong("no generation", NOT_FOUND, ASSESSMENT, f"GET {record}/diff?from=1&to={10**30}")
    body = {
        "year": 999,
        "title": CANARY * 50,
        "submission_window": ["2024-12-31", "2024-01-01"],
        "si_months": ["2024-13"],
    }
    told = ((F, "/year"), (F, "/title"), (F, "/submission_window"), (F, "/si_months/0"))
    yield s.wrong(
        "no campaign", INVALID, ASSESSMENT, "POST /campaigns", *told, body=body, **province
    )
    body = {"year": 2024, "title": "动态考核"}
    changed = s.versions["campaign"]
    yield s.wrong(
        "open campaign",
        WRONG_STATE,
        ASSESSMENT,
        f"PUT {campaign}",
        ("STATE", ""),
        body=body,
        version=changed,
        **province,
    )
    yield s.wrong(
        "no year",
        MALFORMED,
        ASSESSMENT,
        f"GET /campaigns?year={10**11}",
        (F, "/query/year"),
        **province,
    )
    cursor = encode((str(10**12), s.own.campaign))
    yield s.wrong(
        "cursor too far",
        MALFORMED,
        ASSESSMENT,
        f"GET /campaigns?cursor={cursor}",
        (F, "/query/cursor"),
        **province,
    )
    yield s.wrong("wrong role", FORBIDDEN, ASSESSMENT, f"POST {campaign}:close", version=changed)


def review(s: Situation) -> Iterator[Wrong]:
    case, done = f"/cases/{s.case['id']}", f"/cases/{s.own.ids['review', 'cases']['id']}"
    opinion = {"decision": "RETURN", "round": s.case["round"], "reviewed": s.case["reviewed"]}
    officer: dict[str, Any] = {"role": "CITY_OFFICER"}
    yield s.wrong(
        "stale round",
        WRONG_STATE,
        REVIEW,
        f"POST {case}:decide",
        ("V04", ""),
        body=opinion | {"round": 2},
        **officer,
    )
    other = s.case["reviewed"] | {"data_sha256": "0" * 64}
    yield s.wrong(
        "another content",
        WRONG_STATE,
        REVIEW,
        f"POST {case}:decide",
        ("V04", ""),
        body=opinion | {"reviewed": other},
        **officer,
    )
    yield s.wrong(
        "returned without a word",
        REFUSED,
        REVIEW,
        f"POST {case}:decide",
        ("V03", "/items"),
        body=opinion,
        **officer,
    )
    bad = {
        "decision": CANARY,
        "round": 0,
        "items": [{"pointer": "basic", "reason": CANARY, "text": CANARY * 200}],
    }
    places = ("/decision", "/round", "/items/0/pointer", "/items/0/reason", "/items/0/text")
    told = [(F, place) for place in places]
    yield s.wrong(
        "no opinion", INVALID, REVIEW, f"POST {case}:decide", *told, body=opinion | bad, **officer
    )
    yield s.wrong(
        "another level's case",
        REFUSED,
        REVIEW,
        f"POST {case}:open",
        ("V01", ""),
        role="PROV_OFFICER",
    )
    yield s.wrong(
        "opened after its decision",
        WRONG_STATE,
        REVIEW,
        f"POST {done}:open",
        ("STATE", ""),
        **officer,
    )
    yield s.wrong("wrong role", FORBIDDEN, REVIEW, f"POST {case}:open")
    record, rectification = (
        s.own.record.id,
        f"/rectifications/{s.own.ids['review', 'rectifications']['id']}",
    )
    lead: dict[str, Any] = {"role": "PROV_LEAD"}
    yield s.wrong(
        "approved twice",
        WRONG_STATE,
        REVIEW,
        f"POST /conclusions/{record}:approve",
        ("STATE", ""),
        If_Match="",
        **lead,
    )
    yield s.wrong(
        "published twice",
        WRONG_STATE,
        REVIEW,
        "POST /publicities",
        ("STATE", "/records/0"),
        body={"records": [record]},
        **lead,
    )
    order = {
        "record": record,
        "notice_date": "2024-09-02",
        "deadline": "2024-12-03",
        "shortfalls": [{"item": "甲", "need": "", "have": ""}],
    }
    late = (F, "/deadline")
    yield s.wrong(
        "no day",
        INVALID,
        REVIEW,
        "POST /rectifications",
        late,
        body=order | {"deadline": "9999-12-31"},
        **lead,
    )
    yield s.wrong(
        "ordered twice",
        WRONG_STATE,
        REVIEW,
        "POST /rectifications",
        ("STATE", ""),
        body=order,
        **lead,
    )
    settle: dict[str, Any] = {"body": {"withdrawn": True}, "If_Match": ""}
    yield s.wrong(
        "settled without a proposal",
        WRONG_STATE,
        REVIEW,
        f"POST {rectification}:settle",
        ("STATE", ""),
        **settle,
        **lead,
    )
    report: dict[str, Any] = {
        "body": {"text": CANARY, "scans": [s.own.enterprise.id]},
        "If_Match": "",
    }
    yield s.wrong(
        "scans that are none", REFUSED, REVIEW, f"POST {rectification}:report", (F, ""), **report
    )
    admin: dict[str, Any] = {"role": "SYS_ADMIN"}
    yield s.wrong(
        "no list",
        NOT_FOUND,
        REVIEW,
        "PUT /reference/nonsense",
        body={"items": [{"code": "1"}]},
        **admin,
    )
    yield s.wrong(
        "no name of a list",
        MALFORMED,
        REVIEW,
        f"PUT /reference/{CANARY}",
        (F, "/path/kind"),
        body={"items": [{"code": "1"}]},
        **admin,
    )
    for what, value in (
        ("half a number", 1.5),
        ("too large a number", 10**30),
        ("half a character", "\ud800"),
        ("no end", _deep(150)),
    ):
        body = {"items": [{"code": "1", "rank": value}]}
        yield s.wrong(
            what, INVALID, REVIEW, "PUT /reference/sex", (F, "/items/0"), body=body, **admin
        )
    large = {"items": [{"code": str(n), "zh": "字" * 300} for n in range(1000)]}
    yield s.wrong(
        "an event too large", TOO_LARGE, REVIEW, "PUT /reference/sex", body=large, **admin
    )
    yield s.wrong(
        "no time",
        INVALID,
        REVIEW,
        "PUT /reference/clock",
        (F, "/offset_seconds"),
        body={"offset_seconds": 10**18},
        **admin,
    )


def _deep(levels: int) -> Any:
    return [_deep(levels - 1)] if levels else 1


def upload(**changes: Any) -> dict[str, Any]:
    return {
        "size": 1000,
        "mime": "image/jpeg",
        "sha256": "0" * 64,
        "scan_type": "ENT_LICENSE",
    } | changes
