"""deploy/kubernetes, overlay `small`, on a node of this machine, beside servers of compose; by
command, as root, with an engine that has kaohe/kaohe and kaohe/servers (tests/compose says how):

    tests/node/cluster.sh FOLDER .venv/bin/python -m tests.node

Secrets are made by secrets.sh; the migration step ends well, every service's `api` and `worker`,
and the portal, become ready, a new version of one takes the place of the old; backup, the backup of
the keys and the retention of commands run as jobs of their CronJobs. Status 1, and what is not so,
otherwise.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import yaml

from deploy.embedded.places import SERVICES
from deploy.installation.places import ROOT
from tests.compose.installation import DOMAIN, PROJECT, CheckFailed, Installation

SERVERS = ("postgres1", "kafka-alone", "s3", "keycloak", "mail", "proxy", "provision")
STEPS = ("topics-alone",)
NAMESPACE, BRIDGE = "kaohe", "kaohe-node"
PAUSE = "kaohe/pause:1"
PATIENCE = "300s"
VOLUME = """
apiVersion: v1
kind: PersistentVolume
metadata: {{name: backup}}
spec:
  capacity: {{storage: 100Gi}}
  accessModes: [ReadWriteOnce]
  hostPath: {{path: {path}}}
  claimRef: {{namespace: kaohe, name: backup}}
"""


def said(*command: str, given: str = "") -> str:
    """What it says. Raises CheckFailed with what it complains of."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CheckFailed(f"{' '.join(command)[:300]}:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def kubectl(*arguments: str, given: str = "") -> str:
    return said("kubectl", "--namespace", NAMESPACE, *arguments, given=given)


def docker(*arguments: str) -> str:
    return said(os.environ.get("DOCKER", "docker"), *arguments)


@contextmanager
def reached() -> Iterator[None]:
    """Pods reach the engine's networks, by the node's own address there."""
    rules = [["DOCKER-USER", way, BRIDGE, "-j", "ACCEPT"] for way in ("-i", "-o")]
    for rule in rules:
        said("iptables", "-I", *rule)
    try:
        yield
    finally:
        for rule in rules:
            said("iptables", "-D", *rule)


def addresses() -> dict[str, list[str]]:
    """Of servers in the engine, and the names by which pods ask for them."""
    names = {
        "postgres1": ["postgres1"],
        "kafka-alone": ["kafka1"],
        "mail": ["mail"],
        "proxy": [f"{each}.{DOMAIN}" for each in ("portal", "id", "s3")],
    }
    found = {}
    for server, each in names.items():
        networks = json.loads(docker("inspect", f"{PROJECT}-{server}-1"))[0]["NetworkSettings"]
        found[networks["Networks"][f"{PROJECT}_inner"]["IPAddress"]] = each
    return found


def overlay(folder: Path, hosts: Mapping[str, list[str]]) -> Path:
    """`small`, with this installation's names as an operator writes his into a copy."""
    aliases = [{"ip": address, "hostnames": names} for address, names in hosts.items()]
    places = {
        "Deployment": "/spec/template/spec/hostAliases",
        "Job": "/spec/template/spec/hostAliases",
        "CronJob": "/spec/jobTemplate/spec/template/spec/hostAliases",
    }
    made = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": NAMESPACE,
        "resources": ["small"],
        "configMapGenerator": [
            {
                "name": "kaohe",
                "behavior": "merge",
                "literals": ["kafka=kafka1:9092", "mail-host=mail"],
            }
        ],
        "patches": [
            {
                "target": {"kind": kind},
                "patch": json.dumps([{"op": "add", "path": path, "value": aliases}]),
            }
            for kind, path in places.items()
        ],
    }
    said("cp", "-r", "deploy/kubernetes/base", "deploy/kubernetes/overlays", str(folder))
    (folder / "overlays" / "kustomization.yaml").write_text(yaml.safe_dump(made))
    return folder / "overlays"


def images_given() -> None:
    """To the node, from the engine."""
    engine = os.environ.get("DOCKER", "docker")
    built = Path(os.environ["KUBECONFIG"]).parents[1]
    pause = f"""import -c 'ENTRYPOINT ["/pause"]' - {PAUSE}"""
    said("sh", "-c", f"tar -C {built} -c pause | {engine} {pause}")
    node = f"ctr --address {os.environ['CONTAINERD']} --namespace k8s.io images import -"
    said("sh", "-c", f"{engine} save {PAUSE} kaohe/kaohe:latest | {node}")


def job(name: str) -> None:
    """Run now, as its CronJob has it."""
    kubectl("create", "job", f"{name}-now", f"--from=cronjob/{name}")
    ended(f"{name}-now")


def ended(name: str) -> None:
    try:
        kubectl("wait", "--for=condition=Complete", f"job/{name}", f"--timeout={PATIENCE}")
    except CheckFailed as failed:
        told = kubectl("describe", "pods", "-l", f"job-name={name}")[-2000:]
        raise CheckFailed(f"{failed}\n{told}") from failed


def checked(installation: Installation, folder: Path) -> None:
    began = time.monotonic()

    def told(what: str) -> None:
        print(f"{time.monotonic() - began:5.0f} s  {what}", flush=True)

    installation.compose("up", "-d", *SERVERS, *STEPS)
    installation.becomes_well()
    told("servers are well")
    images_given()
    kubectl("create", "namespace", NAMESPACE)
    said("deploy/kubernetes/secrets.sh", str(installation.secrets), NAMESPACE)
    kept = folder / "kept"
    kept.mkdir()
    os.chown(kept, 10001, 10001)
    kubectl("apply", "-f", "-", given=VOLUME.format(path=kept))
    kubectl("apply", "--server-side", "-k", str(overlay(folder, addresses())))
    told("the node has the image, the namespace its secrets and objects")
    ended("migrate")
    told("the migration step ended well")
    started = [f"{service}-{role}" for service in SERVICES for role in ("api", "worker")]
    for name in (*started, "portal"):
        kubectl("rollout", "status", f"deployment/{name}", f"--timeout={PATIENCE}")
    told("api and worker of every service are ready, and the portal")
    kubectl("set", "env", "deployment/review-api", "KAOHE_BUILD=another")
    kubectl("rollout", "status", "deployment/review-api", f"--timeout={PATIENCE}")
    told("another version of one took the place of the old")
    for name in ("backup", "backup-keys", "retention"):
        job(name)
        told(f"the job {name} ended well")
    manifests = list(kept.glob("*/manifest.json"))
    if len(manifests) != 1:
        raise CheckFailed(f"of the backup there is {manifests}")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="kaohe-") as place:
        folder = Path(place)
        folder.chmod(0o711)
        installation = Installation(folder / "secrets", "small")
        try:
            with reached():
                checked(installation, folder)
        except CheckFailed as failed:
            print(f"FAILED {failed}")
            return 1
        finally:
            installation.compose("down", "--volumes", "--timeout", "5")
    return 0


if __name__ == "__main__":
    sys.exit(main())
