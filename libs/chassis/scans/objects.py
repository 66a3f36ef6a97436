"""Object storage (S3): a quarantine that clients write to, and the service's own bucket, which
holds nothing unencrypted.
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO, ParamSpec, TypeVar
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from libs.chassis.process.settings import ObjectStore
from libs.chassis.scans.tickets import presigned_put
from libs.events.errors import Lost, NotFound, Unavailable

TICKET = timedelta(minutes=15)
SILENCE = 2.0  # seconds in which the store must go on with what it was asked (decision 24)
TURN = 2.0  # seconds in which one's turn comes, if the store answers at all
AT_ONCE = 16  # calls; the others wait for their turn
# the last: there is an object, without a single byte
MISSING = ("NoSuchKey", "NoSuchObject", "NoSuchVersion", "InvalidRange")
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class LyingObject:
    name: str
    version: str
    size_bytes: int
    stored_at: datetime  # by the store's clock


class Objects:
    def __init__(self, settings: ObjectStore) -> None:
        url = urlsplit(settings.endpoint)
        pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=SILENCE, read=SILENCE),
            maxsize=AT_ONCE,
            retries=False,
        )
        self._client = Minio(
            endpoint=url.netloc,
            access_key=settings.access_key.get_secret_value(),
            secret_key=settings.secret_key.get_secret_value(),
            secure=url.scheme == "https",
            region=settings.region,
            http_client=pool,
        )
        # threads of its own: whoever waits for the store keeps nobody else from one
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="store")
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._bucket, self._quarantine = settings.bucket, settings.quarantine
        self._endpoint, self._region = f"{url.scheme}://{url.netloc}", settings.region
        keys = (settings.access_key, settings.secret_key)
        self._credentials = (keys[0].get_secret_value(), keys[1].get_secret_value())

    async def ready(self) -> None:
        """Raises Unavailable unless both buckets can be reached."""
        for bucket in (self._bucket, self._quarantine):
            if not await self._call(self._client.bucket_exists, bucket_name=bucket):
                raise Unavailable("object storage", f"bucket {bucket}")

    def ticket(self, name: str, sha256: bytes, size: int) -> str:
        """Where a client may put exactly the bytes with this hash, that many, into quarantine, for
        15 minutes and once.
        """
        return presigned_put(
            f"{self._endpoint}/{self._quarantine}/{name}",
            self._credentials,
            self._region,
            size=size,
            lasts=TICKET,
            query={"x-amz-checksum-sha256": b64encode(sha256).decode()},
            now=datetime.now(UTC),
        )

    async def arrived(self, name: str, limit: int) -> bytes:
        """What a client put into quarantine, at most `limit` + 1 bytes of it. Raises NotFound."""
        return await self._call(self._read, self._quarantine, name, None, limit + 1)

    async def spend(self, name: str) -> None:
        """What is in quarantine under this name goes; its place stays taken, without a byte, so
        that its ticket is not used again.
        """
        await self._call(self._write, self._quarantine, name, b"")

    async def discard(self, name: str) -> None:
        """Whatever is in quarantine under this name goes; it may be gone already."""
        await self._call(self._client.remove_object, bucket_name=self._quarantine, object_name=name)

    async def put(self, name: str, data: bytes) -> str:
        """Puts encrypted bytes into the service's bucket; answers their version, or nothing if the
        bucket keeps none.
        """
        return await self._call(self._write, self._bucket, name, data)

    async def put_file(self, name: str, file: BinaryIO, size: int) -> str:
        """As `put`, of a file with encrypted bytes, piece by piece from where it stands."""
        return await self._call(self._write_file, self._bucket, name, file, size)

    async def get(self, name: str, version: str, bucket: str = "") -> bytes:
        """Of the service's bucket, or of the neighbour's that its event names. What a restore put
        back has another version, and is read by its name, which no other object ever gets: whoever
        opens the bytes sees whether they are those that were sealed. Raises Lost.
        """
        bucket = bucket or self._bucket
        try:
            if version:
                with suppress(NotFound):
                    return await self._call(self._read, bucket, name, version, 0)
            return await self._call(self._read, bucket, name, None, 0)
        except NotFound as error:
            raise Lost(name) from error

    async def remove(self, name: str, version: str) -> None:
        """Of the service's bucket: what no event names."""
        await self._call(
            self._client.remove_object,
            bucket_name=self._bucket,
            object_name=name,
            version_id=version or None,
        )

    async def lying(self, after: str, most: int, *, quarantine: bool) -> list[LyingObject]:
        """What lies in the service's bucket or in quarantine, by name from there on."""
        bucket = self._quarantine if quarantine else self._bucket
        return await self._call(self._list, bucket, after, most)

    def _list(self, bucket: str, after: str, most: int) -> list[LyingObject]:
        found = self._client.list_objects(bucket_name=bucket, start_after=after or None)
        return [
            LyingObject(each.object_name, each.version_id or "", each.size, each.last_modified)
            for each in islice(found, most)
            if each.object_name and each.size is not None and each.last_modified
        ]

    def _read(self, bucket: str, name: str, version: str | None, most: int) -> bytes:
        answer = self._client.get_object(
            bucket_name=bucket, object_name=name, version_id=version, offset=0, length=most
        )
        try:
            return bytes(answer.read())
        finally:
            answer.close()
            answer.release_conn()

    def _write(self, bucket: str, name: str, data: bytes) -> str:
        return self._write_file(bucket, name, BytesIO(data), len(data))

    def _write_file(self, bucket: str, name: str, file: BinaryIO, size: int) -> str:
        written = self._client.put_object(
            bucket_name=bucket, object_name=name, data=file, length=size
        )
        return written.version_id or ""

    async def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            async with asyncio.timeout(TURN):
                await self._turns.acquire()
        except TimeoutError as error:
            raise _unavailable(function, error) from error
        try:
            called = partial(function, *args, **kwargs)
            return await asyncio.get_running_loop().run_in_executor(self._threads, called)
        except S3Error as error:
            if error.code in MISSING:
                raise NotFound from error
            raise _unavailable(function, error) from error
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _unavailable(function, error) from error
        finally:
            self._turns.release()


def _unavailable(function: Callable[..., Any], error: Exception) -> Unavailable:
    name = getattr(function, "__name__", "an answer")
    return Unavailable("object storage", f"{name} ({type(error).__name__})")
