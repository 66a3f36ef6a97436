"""`python -m deploy.image.servers NAME`: a server of compose.yaml, in this process's place: kafka,
postgres, s3, keycloak, mail, proxy. Settings come as variables, secrets as files below
/run/secrets; data in /data. `promote` is said in a standby's container.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from deploy.embedded.kafka import java, start_command
from deploy.embedded.postgres import postgres_bin
from deploy.embedded.process import StackError
from deploy.embedded.seaweedfs import executable
from deploy.kafka import manifest

SECRETS, DATA = Path("/run/secrets"), Path("/data")
CLUSTER = Path(manifest.__file__).with_name("cluster.properties.template")
# the wheel's build has no TLS: stunnel stands before it, in the same container
POSTGRES = {
    "listen_addresses": "127.0.0.1",
    "port": "5433",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "500",
    "wal_level": "replica",
    "max_wal_senders": "8",
    "hot_standby": "on",
    "wal_keep_size": "2GB",
    "shared_buffers": "256MB",
}
DOORS = """host replication replication 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""
TUNNELS = """foreground = no
pid =
syslog = no
output = /dev/stderr
cert = /run/secrets/postgres_pem
[server]
accept = 0.0.0.0:5432
connect = 127.0.0.1:5433
protocol = pgsql
"""
# to the primary, whose certificate is looked at
UPSTREAM = """[primary]
client = yes
accept = 127.0.0.1:5434
connect = {primary}:5432
protocol = pgsql
CAfile = /run/secrets/ca
verifyChain = yes
checkHost = {primary}
"""


def kafka() -> list[str]:
    """The broker KAFKA_NODE of KAFKA_VOTERS."""
    for name in ("log", "run"):
        (DATA / name).mkdir(exist_ok=True)
    node = os.environ["KAFKA_NODE"]
    host = os.environ.get("KAFKA_HOST", f"kafka{node}")
    return start_command(
        DATA,
        9092,
        9095,
        CLUSTER,
        (SECRETS / "kafka_users").read_text().split("\n"),
        cluster=os.environ.get("KAFKA_CLUSTER", "kaohe"),
        node=node,
        host=host,
        partner=os.environ.get("KAFKA_PARTNER") or f"{host}:9093",
        voters=os.environ["KAFKA_VOTERS"],
        partner_port=9093,
        internal_port=9094,
        replication=os.environ.get("KAFKA_REPLICATION", "3"),
        min_insync=os.environ.get("KAFKA_MIN_INSYNC", "2"),
        certs=SECRETS,
    )


def postgres() -> list[str]:
    """The primary, or with POSTGRES_PRIMARY=host its standby, which begins with a copy."""
    binaries, data, primary = postgres_bin(), DATA / "pg", os.environ.get("POSTGRES_PRIMARY")
    tunnelled(TUNNELS, primary)
    if not data.exists():
        new = DATA / "pg.new"
        shutil.rmtree(new, ignore_errors=True)  # one that was cut off
        if primary:
            base_backup(binaries, "-D", str(new), "-R")
        else:
            _initialised(binaries, new)
        new.rename(data)
    settings = [part for each in POSTGRES.items() for part in ("-c", "=".join(each))]
    return [str(binaries / "postgres"), "-D", str(data), *settings]


def promote() -> list[str]:
    """In the container of a standby: it is the primary from now on. Its primary must be gone."""
    return [str(postgres_bin() / "pg_ctl"), "promote", "-D", str(DATA / "pg"), "-t", "60"]


def _initialised(binaries: Path, new: Path) -> None:
    checked(
        [
            str(binaries / "initdb"),
            *("-D", str(new), "-U", "kaohe", "-A", "scram-sha-256"),
            f"--pwfile={SECRETS / 'kaohe_password'}",
            *("--data-checksums", "--locale=C.UTF-8", "-E", "UTF8"),
        ]
    )
    (new / "pg_hba.conf").write_text(DOORS)
    roles = {"replication": "REPLICATION", "keycloak": "NOINHERIT"}
    words = {"replication": "replication", "keycloak": "keycloak_database"}
    said = [
        f"CREATE ROLE {role} LOGIN {right} PASSWORD "
        f"'{(SECRETS / words[role]).read_text().strip()}';"
        for role, right in roles.items()
    ]
    said.append("CREATE DATABASE keycloak OWNER keycloak;")
    single = [str(binaries / "postgres"), "--single", "-D", str(new), "postgres"]
    checked(single, "\n".join(said) + "\n")


def tunnelled(server: str, primary: str | None) -> None:
    """TLS to and from PostgreSQL. Raises StackError."""
    path = Path("/tmp/stunnel.conf")
    path.write_text(server + (UPSTREAM.format(primary=primary) if primary else ""))
    # not by `checked`: the tunnel keeps the ends of its pipes, and says itself what is wrong
    if subprocess.run(["/usr/bin/stunnel4", str(path)], check=False).returncode:
        raise StackError("stunnel 没有启动", "stunnel did not start")


def base_backup(binaries: Path, *how: str) -> None:
    """A copy of what runs behind the tunnel, as the role `replication`. Raises StackError."""
    os.environ["PGPASSWORD"] = (SECRETS / "replication").read_text().strip()
    source = "host=127.0.0.1 port=5434 user=replication"  # no command line has the password
    try:
        checked(
            [
                str(binaries / "pg_basebackup"),
                *("-d", source, "-X", "stream", "-c", "fast"),
                *how,
            ]
        )
    finally:
        del os.environ["PGPASSWORD"]


def s3() -> list[str]:
    """SeaweedFS, one node; an installation that has an S3 names that."""
    word = (SECRETS / "weed").read_text().strip()
    for name in ("FILER_SIGNING", "FILER_SIGNING_READ", "SIGNING"):
        os.environ[f"WEED_JWT_{name}_KEY"] = word
    data = DATA / "s3"
    data.mkdir(exist_ok=True)
    (data / "mini.options").unlink(missing_ok=True)
    return [
        executable("", "", "weed"),
        *("mini", f"-dir={data}", "-ip.bind=0.0.0.0", "-s3.port=8333"),
        f"-s3.config={SECRETS / 's3_identities'}",
        *("-master.telemetry=false", "-webdav=false", "-admin.ui=false"),
        *("-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false"),
        *("-s3.allowDeleteBucketNotEmpty=false", "-filer.encryptVolumeData=true"),
        "-s3.encryptVolumeData=true",
    ]


def checked(command: list[str], said: str = "") -> None:
    """Raises StackError with what the command told."""
    done = subprocess.run(command, input=said, capture_output=True, text=True, check=False)
    if done.returncode:
        name, told = Path(command[0]).name, (done.stdout + done.stderr)[-1500:]
        raise StackError(f"{name} 失败", f"{name} failed:\n{told}")


def keycloak() -> list[str]:
    """With the realm of deploy/keycloak, brought in at the first start."""
    home = Path("/opt/keycloak")
    imported = home / "data" / "import"
    imported.mkdir(parents=True, exist_ok=True)
    realm = (home / "realm.json").read_text()
    url = os.environ["KAOHE_PORTAL_URL"]
    (imported / "realm.json").write_text(realm.replace("${KAOHE_PORTAL_URL}", url))
    os.environ["JAVA_HOME"] = str(Path(java()).resolve().parents[1])
    for name, file in {
        "KC_BOOTSTRAP_ADMIN_PASSWORD": "keycloak_admin",
        "KC_DB_PASSWORD": "keycloak_database",
    }.items():
        os.environ[name] = (SECRETS / file).read_text().strip()
    return ["/bin/sh", str(home / "bin" / "kc.sh"), "start", "--import-realm"]


def mail() -> list[str]:
    """The relay, by /etc/exim4/exim4.conf; what it logs is told on standard output."""
    logs = Path("/tmp/mail")
    logs.mkdir(exist_ok=True)
    if not (pipe := logs / "main").exists():
        os.mkfifo(pipe)
        (logs / "panic").symlink_to(pipe)
    # held open both ways: nobody waits for another end, and none ends it
    subprocess.Popen(["/bin/cat"], stdin=os.open(pipe, os.O_RDWR))
    listens = os.environ.get("MAIL_LISTENS", "0.0.0.0.587")
    return ["/usr/sbin/exim4", "-bdf", "-q1m", "-oX", listens]


def proxy() -> list[str]:
    return ["/usr/sbin/haproxy", "-W", "-db", "-f", "/etc/haproxy/haproxy.cfg"]


SERVERS: dict[str, Callable[[], list[str]]] = {
    "kafka": kafka,
    "keycloak": keycloak,
    "mail": mail,
    "postgres": postgres,
    "promote": promote,
    "proxy": proxy,
    "s3": s3,
}


def main() -> int:
    os.umask(0o077)
    os.environ.setdefault("HOME", str(DATA))
    try:
        command = SERVERS[sys.argv[1]]()
    except StackError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return os.execv(command[0], command)  # in this process's place: signals are the server's


if __name__ == "__main__":
    sys.exit(main())
