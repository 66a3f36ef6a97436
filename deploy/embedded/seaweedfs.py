"""SeaweedFS (S3) for the embedded stack."""

import asyncio
import importlib.util
import json
import os
import shutil
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded.process import Server, StackError, write_private


def executable(package: str, inside: str, name: str) -> str:
    spec = importlib.util.find_spec(package) if package else None
    places = [
        f"{spec.submodule_search_locations[0]}/{inside}"
        if spec and spec.submodule_search_locations
        else "",
        f"{os.path.dirname(sys.executable)}/{name}",
        shutil.which(name) or "",
    ]
    for place in places:
        if place and os.access(place, os.X_OK):
            return place
    raise StackError(
        f"没有安装 {name}（本平台可能没有软件包）：请用 KAOHE_S3 指定外部服务",
        f"{name} is not installed (no wheel for this platform?). Point KAOHE_S3 at an "
        f"outside server",
    )


async def http_ok(port: int, path: str) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        line = await asyncio.wait_for(reader.readline(), 10)
        writer.close()
        return b" 200 " in bytes(line)
    except (OSError, TimeoutError):
        return False


async def start_s3(home: Path, ports: Mapping[str, int], secret: Mapping[str, str]) -> Server:
    server = Server(home, "seaweedfs", signal.SIGTERM, 8.0)
    data = home / "s3"
    data.mkdir(exist_ok=True, mode=0o700)
    (data / "mini.options").unlink(missing_ok=True)  # it would bring back the ports of last time
    identity = {
        "name": "kaohe",
        "credentials": [{"accessKey": secret["s3_access"], "secretKey": secret["s3_secret"]}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    write_private(home / "run" / "s3.json", json.dumps({"identities": [identity]}))
    command = [
        executable("", "", "weed"),
        "mini",
        f"-dir={data}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-s3.config={home / 'run' / 's3.json'}",
        "-master.telemetry=false",
        "-webdav=false",
        "-admin.ui=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.allowDeleteBucketNotEmpty=false",
        "-s3.autoCreateBucket=false",
        "-filer.encryptVolumeData=true",  # what is deleted stays on disk (decision 25)
        "-s3.encryptVolumeData=true",
    ]
    # every part named: an unnamed one takes its fixed default, and port+10000
    for part in ("master", "volume", "filer", "s3", "admin"):
        command += [f"-{part}.port={ports[part]}", f"-{part}.port.grpc={ports[part + '.grpc']}"]
    env = dict(os.environ) | {"GOMEMLIMIT": "384MiB", "GOGC": "50", "HOME": str(home)}
    # without them the filer's port is open and ignores object locks
    for name in ("FILER_SIGNING", "FILER_SIGNING_READ", "SIGNING"):
        env[f"WEED_JWT_{name}_KEY"] = secret["weed"]
    await server.start(command, env, lambda: http_ok(ports["s3"], "/healthz"))
    return server
