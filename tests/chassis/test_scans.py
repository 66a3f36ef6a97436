"""Scans on a real S3 server: ticket, quarantine, check, encryption, and back to the reader."""

import asyncio
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from minio import Minio
from PIL import Image, ImageColor
from pydantic import SecretStr

from libs.chassis.scans.objects import Objects
from libs.chassis.scans.scan import Scan
from libs.events.errors import Lost, NotFound, Unavailable
from tests.chassis.bank import Bank, new_enterprise
from tests.chassis.test_service import LINE, key, opened
from tests.patience import PATIENCE

pytestmark = pytest.mark.servers


def jpeg(colour: str = "white") -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (60, 80), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def colour(data: bytes) -> str:
    """The name of what a JPEG shows."""
    shown = Image.open(BytesIO(data)).convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert isinstance(shown, tuple)
    named = {each: ImageColor.getrgb(each) for each in ("red", "green", "blue", "yellow", "white")}
    return min(
        named, key=lambda each: sum(abs(a - b) for a, b in zip(named[each], shown, strict=True))
    )


def announced(data: bytes, **other: Any) -> dict[str, Any]:
    return {
        "size": len(data),
        "mime": "image/jpeg",
        "sha256": sha256(data).hexdigest(),
        "scan_type": "RECEIPT",
        **other,
    }


async def ticket(clerk: httpx.AsyncClient, data: bytes, **other: Any) -> dict[str, Any]:
    answer = await clerk.post("/api/v1/uploads", json=announced(data, **other), headers=key())
    assert (answer.status_code, answer.headers["location"]) == (
        201,
        f"/api/v1/scans/{answer.json()['scan']}",
    ), answer.text
    return dict(answer.json())


async def put(given: dict[str, Any], data: bytes) -> int:
    async with httpx.AsyncClient(timeout=PATIENCE) as browser:
        return (
            await browser.put(given["upload_url"], content=data, headers=given["headers"])
        ).status_code


async def complete(
    clerk: httpx.AsyncClient, scan: str, once: dict[str, str] | None = None
) -> httpx.Response:
    return await clerk.post(f"/api/v1/uploads/{scan}:complete", headers=once or key())


async def uploaded(clerk: httpx.AsyncClient, data: bytes, **other: Any) -> str:
    given = await ticket(clerk, data, **other)
    assert await put(given, data) == 200
    answer = await complete(clerk, given["scan"])
    assert (answer.status_code, answer.json()["completed"]) == (200, True), answer.text
    return str(given["scan"])


def s3(bank: Bank) -> Minio:
    objects: Minio = bank.runtime.objects._client
    return objects


def stored(bank: Bank) -> dict[str, bytes]:
    """Everything in the service's bucket."""
    client = s3(bank)
    return {
        each.object_name: client.get_object(
            bucket_name=bank.name, object_name=each.object_name
        ).read()
        for each in client.list_objects(bucket_name=bank.name)
    }


def quarantined(bank: Bank) -> dict[str, int]:
    """Sizes by name."""
    return {
        each.object_name: each.size
        for each in s3(bank).list_objects(bucket_name=f"{bank.name}-quarantine")
    }


async def clerk_of(bank: Bank) -> tuple[httpx.AsyncClient, UUID]:
    uscc, enterprise = new_enterprise()
    return await opened(bank, uscc), enterprise


async def test_a_scan_comes_back_as_it_was_and_lies_encrypted(the_bank: Bank) -> None:
    (clerk, enterprise), data = await clerk_of(the_bank), jpeg("red")
    scan = await uploaded(clerk, data)
    answer = await clerk.get(f"/api/v1/scans/{scan}")
    assert (answer.headers["content-type"], answer.headers["x-content-type-options"]) == (
        "image/jpeg",
        "nosniff",
    )
    assert colour(answer.content) == "red"
    assert answer.headers["content-disposition"] == f'attachment; filename="{scan}.jpg"'
    bucket = stored(the_bank)
    plain = (data[20:200], answer.content[20:200])
    assert not any(each in sealed for sealed in bucket.values() for each in plain)
    assert scan not in bucket
    assert quarantined(the_bank)[scan] == 0  # the place stays taken, without a byte
    (read,) = [
        row for row in await the_bank.events("PersonalDataRead") if row["owner"] == enterprise
    ]
    assert scan.encode() in read["data"]


async def test_other_bytes_than_those_announced_are_not_taken(the_bank: Bank) -> None:
    (clerk, _), data = await clerk_of(the_bank), jpeg()
    given = await ticket(clerk, data)
    assert await put(given, bytes([data[0] ^ 1]) + data[1:]) == 400
    assert await put(given, jpeg("blue")) in (400, 403)  # by their hash, or first by their length
    answer = await complete(clerk, given["scan"])
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "FORMAT")
    assert await put(given, data) == 200
    assert (await complete(clerk, given["scan"])).status_code == 200


@pytest.mark.parametrize("more", [b"\0", b"\0" * 5_000_000])
async def test_more_bytes_than_announced_are_not_taken(the_bank: Bank, more: bytes) -> None:
    """By their length, before they are read to their end."""
    (clerk, _), data = await clerk_of(the_bank), jpeg("red")
    given = await ticket(clerk, data)
    assert [await put(given, each) for each in (data + more, data[:-1])] == [403, 403]
    assert given["scan"] not in quarantined(the_bank)
    assert await put(given, data) == 200


async def test_a_ticket_is_used_once(the_bank: Bank) -> None:
    """Before its upload is completed, and after: its place stays taken while it is valid."""
    (clerk, _), data = await clerk_of(the_bank), jpeg("red")
    given = await ticket(clerk, data)
    assert given["headers"]["If-None-Match"] == "*"
    assert [await put(given, data) for _ in range(2)] == [200, 412]
    assert (await complete(clerk, given["scan"])).status_code == 200
    assert await put(given, data) == 412
    assert quarantined(the_bank)[given["scan"]] == 0
    unsaid = given | {"headers": {"Content-Type": "image/jpeg"}}
    assert await put(unsaid, data) == 403


async def test_a_ticket_whose_file_was_refused_is_used(the_bank: Bank) -> None:
    clerk, data = (await clerk_of(the_bank))[0], jpeg()[:200]
    given = await ticket(clerk, data)
    assert await put(given, data) == 200
    assert (await complete(clerk, given["scan"])).status_code == 422
    assert await put(given, data) == 412


async def test_of_a_ticket_used_many_times_at_once_the_announced_bytes_arrive(
    the_bank: Bank,
) -> None:
    (clerk, _), data = await clerk_of(the_bank), jpeg("green")
    given = await ticket(clerk, data)
    other = bytes([data[0] ^ 1]) + data[1:]
    answers = await asyncio.gather(*(put(given, each) for each in [data, other] * 10))
    assert answers.count(200) >= 1
    assert set(answers[1::2]) <= {400, 412}
    assert (await complete(clerk, given["scan"])).status_code == 200
    assert colour((await clerk.get(f"/api/v1/scans/{given['scan']}")).content) == "green"


async def test_what_nobody_completes_is_forgotten_by_rule(the_bank: Bank) -> None:
    rules = s3(the_bank).get_bucket_lifecycle(bucket_name=f"{the_bank.name}-quarantine")
    assert rules
    assert [each.expiration.days for each in rules.rules if each.expiration] == [1]


async def test_a_ticket_opens_one_place_in_quarantine_and_no_other(the_bank: Bank) -> None:
    (clerk, _), data = await clerk_of(the_bank), jpeg()
    given, other = await ticket(clerk, data), uuid4()
    moved = given | {"upload_url": given["upload_url"].replace(given["scan"], str(other))}
    elsewhere = given | {
        "upload_url": given["upload_url"].replace(
            f"/{the_bank.name}-quarantine/", f"/{the_bank.name}/"
        )
    }
    assert elsewhere["upload_url"] != given["upload_url"]
    assert [await put(each, data) for each in (moved, elsewhere)] == [403, 403]


@pytest.mark.parametrize(
    ("data", "other"),
    [
        (b"GIF89a" + bytes(100), {}),
        (jpeg(), {"mime": "application/pdf"}),
        (jpeg()[:200], {}),
        (jpeg(), {"size": 99}),
        (b"", {"size": 1}),
    ],
)
async def test_what_no_parser_of_its_format_can_read_is_refused_and_not_kept(
    the_bank: Bank, data: bytes, other: dict[str, Any]
) -> None:
    clerk, enterprise = await clerk_of(the_bank)
    given = await ticket(clerk, data, **other)
    assert await put(given, data) == (403 if "size" in other else 200)
    answer = await complete(clerk, given["scan"])
    assert answer.status_code == 422, answer.text
    assert not quarantined(the_bank).get(given["scan"])
    assert not [
        row for row in await the_bank.events("UploadCompleted") if row["owner"] == enterprise
    ]
    assert (await clerk.get(f"/api/v1/scans/{given['scan']}")).status_code == 404


@pytest.mark.parametrize(
    ("other", "pointer"),
    [
        ({"size": 0}, "/size"),
        ({"size": "many"}, "/size"),
        ({"mime": "text/html"}, "/mime"),
        ({"sha256": "A" * 64}, "/sha256"),
        ({"scan_type": "PORTRAIT"}, "/scan_type"),
        ({"size": 100_001}, "/scan_type"),
        ({"subject": "me"}, "/subject"),
        ({"url": "x"}, "/url"),
    ],
)
async def test_what_cannot_be_uploaded_is_refused_before(
    the_bank: Bank, other: dict[str, Any], pointer: str
) -> None:
    clerk, enterprise = await clerk_of(the_bank)
    answer = await clerk.post("/api/v1/uploads", json=announced(jpeg(), **other), headers=key())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert not [
        row for row in await the_bank.events("UploadRequested") if row["owner"] == enterprise
    ]


async def test_a_completion_cut_off_before_its_event_can_be_repeated(the_bank: Bank) -> None:
    (clerk, _), data = await clerk_of(the_bank), jpeg("green")
    given, once = await ticket(clerk, data), key()
    await put(given, data)
    await the_bank.runtime.log.close("a test")
    try:
        assert (await complete(clerk, given["scan"], once)).status_code == 503
    finally:
        await the_bank.runtime.log.reopen("a test")
    assert (await complete(clerk, given["scan"], once)).status_code == 200
    assert colour((await clerk.get(f"/api/v1/scans/{given['scan']}")).content) == "green"


async def test_many_completions_at_once_keep_one_copy(the_bank: Bank) -> None:
    (clerk, enterprise), data = await clerk_of(the_bank), jpeg("yellow")
    given, before = await ticket(clerk, data), stored(the_bank).keys()
    await put(given, data)
    answers = await asyncio.gather(*(complete(clerk, given["scan"]) for _ in range(5)))
    assert {a.status_code for a in answers} <= {200, 422}  # too late to find it in quarantine
    assert (
        len([row for row in await the_bank.events("UploadCompleted") if row["owner"] == enterprise])
        == 1
    )
    assert len(stored(the_bank).keys() - before) == 2  # what it shows, and the evidence
    assert colour((await clerk.get(f"/api/v1/scans/{given['scan']}")).content) == "yellow"


async def test_a_scan_of_another_enterprise_is_not_found(the_bank: Bank) -> None:
    clerk, _ = await clerk_of(the_bank)
    scan = await uploaded(clerk, jpeg())
    stranger, _ = await clerk_of(the_bank)
    expert = the_bank.sign_in("EXPERT")
    assert [
        (await each.get(f"/api/v1/scans/{scan}")).status_code for each in (stranger, expert)
    ] == [404, 403]
    assert [(await complete(stranger, each)).status_code for each in (scan, str(uuid4()))] == [
        404,
        404,
    ]
    assert (await stranger.get("/api/v1/scans/none")).status_code == 400


async def test_contents_refer_only_to_complete_scans_of_their_own_and_of_the_right_type(
    the_bank: Bank,
) -> None:
    clerk, enterprise = await clerk_of(the_bank)
    stranger, _ = await clerk_of(the_bank)
    own, foreign, pending = (
        await uploaded(clerk, jpeg()),
        await uploaded(stranger, jpeg()),
        (await ticket(clerk, jpeg()))["scan"],
    )
    path = f"/api/v1/books/{enterprise}/lines"

    async def written(scan: str) -> int:
        return (
            await clerk.post(path, json=LINE | {"scan": scan}, headers=key() | {"If-Match": '"1"'})
        ).status_code

    assert [
        await written(each) for each in (foreign, pending, str(uuid4()), str(enterprise), own)
    ] == [422, 422, 422, 422, 200]


async def test_a_scan_whose_bytes_are_gone_or_changed_is_not_shown(the_bank: Bank) -> None:
    clerk, _ = await clerk_of(the_bank)
    before = stored(the_bank).keys()
    scan = await uploaded(clerk, jpeg())
    found = await the_bank.runtime.application.read(Scan, UUID(scan))
    assert found.stored
    name = found.stored.object
    assert name in stored(the_bank).keys() - before
    s3(the_bank).put_object(
        bucket_name=the_bank.name, object_name=name, data=BytesIO(jpeg()), length=len(jpeg())
    )
    assert (await clerk.get(f"/api/v1/scans/{scan}")).status_code == 503
    s3(the_bank).remove_object(bucket_name=the_bank.name, object_name=name)
    assert (await clerk.get(f"/api/v1/scans/{scan}")).status_code == 503


async def test_objects_say_what_is_missing(the_bank: Bank) -> None:
    objects, settings = the_bank.runtime.objects, the_bank.runtime.settings.s3
    await objects.ready()
    with pytest.raises(NotFound):
        await objects.arrived("nothing", 10)
    with pytest.raises(Lost):
        await objects.get("nothing", "")
    for wrong in (
        {"bucket": "no-such-bucket"},
        {"quarantine": "no-such-bucket"},
        {"endpoint": "http://127.0.0.1:1"},
        {"secret_key": SecretStr("wrong")},
    ):
        with pytest.raises(Unavailable):
            await Objects(settings.model_copy(update=wrong)).ready()
