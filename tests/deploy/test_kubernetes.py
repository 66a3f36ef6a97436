"""deploy/kubernetes, as kubectl puts it together: right by Kubernetes' own schemas, and each part
as an operator is promised it. Against a real API server: tests/deploy/dry_run.sh.
"""

import os
import re
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest

from deploy.embedded.places import SERVICES
from deploy.installation.installation import installation
from services.portal.settings import load as load_portal
from tests.deploy.operators import (
    assert_may_back_up,
    compose,
    container,
    objects,
    of_kind,
    pods,
    secrets,
    settings,
    variables,
)
from tests.servers import ROOT

OVERLAYS = ("small", "province")
VERSION = "1.34"
NAMESPACED = {
    "ConfigMap",
    "CronJob",
    "Deployment",
    "HorizontalPodAutoscaler",
    "Ingress",
    "Job",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "Service",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return secrets(tmp_path_factory.mktemp("secrets"))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_is_as_the_schema_says(overlay: str) -> None:
    for each in objects(overlay):
        kubernetes_validate.validate(each, VERSION, strict=True)


def test_a_field_that_does_not_exist_is_refused() -> None:
    deployment = of_kind("small", "Deployment")[0]
    wrong = deployment | {"spec": deployment["spec"] | {"replica": 1}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSION, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nothing_needs_a_right_beyond_the_namespace(overlay: str) -> None:
    assert {each["kind"] for each in objects(overlay)} <= NAMESPACED
    assert {each["metadata"]["namespace"] for each in objects(overlay)} == {"kaohe"}


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("role", ["api", "worker"])
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_the_settings_that_production_takes(
    name: str, role: str, overlay: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = container(overlay, f"{name}-{role}")
    given = variables(overlay, found)
    assert settings(name, given, folder, monkeypatch).profile == "prod"
    assert found["args"] == [f"services.{name}.main", role]
    assert not [each for each in given if "OWNER" in each]


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("part", [*(f"{name}-api" for name in SERVICES), "portal"])
def test_nothing_that_compose_says_is_left_unsaid(part: str, overlay: str) -> None:
    """What only an operator can know is asked of him on both."""
    said = compose("full")["services"][part]["environment"]
    assert {*said} - {*variables(overlay, container(overlay, part))} == set()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_portal_too(overlay: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in variables(overlay, container(overlay, "portal")).items():
        monkeypatch.setenv(variable, value.replace("/run/secrets/kaohe", str(folder)))
    assert load_portal().profile == "prod"


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("job", ["backup", "backup-keys"])
def test_who_backs_up_has_the_settings_of_all_and_of_their_owners(
    job: str, overlay: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = container(overlay, job)
    assert found["args"][:4] == ["deploy.cli", "backup", "/backup", "--keep"]
    for variable, value in variables(overlay, found).items():
        monkeypatch.setenv(variable, value.replace("/run/secrets/kaohe", str(folder)))
    assert_may_back_up(installation())


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_whatever_runs_runs_as_nobody_and_writes_nothing(overlay: str) -> None:
    for name, pod in pods(overlay):
        assert pod["securityContext"]["runAsNonRoot"], name
        assert not pod["automountServiceAccountToken"], name
        for each in pod["containers"]:
            assert each["securityContext"]["readOnlyRootFilesystem"], name
            assert each["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_image_that_the_node_has_is_fetched_from_nowhere(overlay: str) -> None:
    """It need not be in a registry: nobody but the operator builds it."""
    for name, pod in pods(overlay):
        for each in pod["containers"]:
            assert each["imagePullPolicy"] == "IfNotPresent", name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_deployment_is_probed_spread_and_bounded(overlay: str) -> None:
    budgets = {each["metadata"]["name"] for each in of_kind(overlay, "PodDisruptionBudget")}
    for each in of_kind(overlay, "Deployment"):
        pod = each["spec"]["template"]["spec"]
        probes = {"startupProbe", "livenessProbe", "readinessProbe"}
        assert probes <= pod["containers"][0].keys()
        assert len(pod["topologySpreadConstraints"]) == 2
        assert each["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert budgets == {each["metadata"]["name"] for each in of_kind(overlay, "Deployment")}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_only_what_answers_grows_by_itself(overlay: str) -> None:
    grown = of_kind(overlay, "HorizontalPodAutoscaler")
    assert {each["spec"]["scaleTargetRef"]["name"] for each in grown} == {
        f"{name}-api" for name in SERVICES
    }


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nobody_is_reached_by_whom_no_policy_names(overlay: str) -> None:
    (nobody,) = [
        each for each in of_kind(overlay, "NetworkPolicy") if each["metadata"]["name"] == "nobody"
    ]
    assert nobody["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_ports_that_are_let_out_are_said_to_whoever_writes_the_hosts(overlay: str) -> None:
    policies = {
        each["metadata"]["name"]: each["spec"] for each in of_kind(overlay, "NetworkPolicy")
    }
    out = {
        port["port"]
        for name in ("servers", "names")
        for port in policies[name]["egress"][0]["ports"]
    }
    (said,) = re.findall(r"at the ports (.*?) alone", page("operations.md").replace("\n", " "))
    assert {int(each) for each in re.findall(r"\b\d+\b", said)} == out


@pytest.mark.parametrize("name", ["operations.md", "runbook.md"])
def test_every_command_that_is_told_names_the_namespace(name: str) -> None:
    """An overlay names it itself."""
    told = re.findall(r"\bkubectl [^|`\n]*", page(name))
    itself = ("kubectl create namespace kaohe", "kubectl apply -k", "kubectl kustomize")
    assert told
    assert [each for each in told if " -n kaohe " not in each and not each.startswith(itself)] == []


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_reached_where_its_events_say(name: str, overlay: str) -> None:
    """Its API and schemas are; its figures are not."""
    said = variables(overlay, container(overlay, f"{name}-api"))[f"{name.upper()}_HTTP__PUBLIC_URL"]
    ways = ways_in(overlay, said.removeprefix("https://"))
    assert ways == dict.fromkeys(["/api", "/contracts", "/version"], f"{name}-api")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_portal_is_reached_where_it_says_and_its_figures_are_not(overlay: str) -> None:
    said = variables(overlay, container(overlay, "portal"))["PORTAL_URL"]
    ways = ways_in(overlay, said.removeprefix("https://"))
    assert ways == {"/": "portal", "/metrics": "nobody"}
    services = {each["metadata"]["name"]: each["spec"] for each in of_kind(overlay, "Service")}
    assert "selector" not in services["nobody"]  # leads nowhere


def ways_in(overlay: str, host: str) -> dict[str, str]:
    """At a host, by path: the Service that is asked."""
    (spec,) = [
        each["spec"]
        for each in of_kind(overlay, "Ingress")
        if [each["host"] for each in each["spec"]["rules"]] == [host]
    ]
    assert spec["tls"][0]["hosts"] == [host]
    paths = spec["rules"][0]["http"]["paths"]
    return {each["path"]: each["backend"]["service"]["name"] for each in paths}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_each_pod_finds_what_its_settings_name_in_its_own_secret(
    overlay: str, tmp_path: Path
) -> None:
    held = made_secrets(tmp_path)
    for name, pod in pods(overlay):
        (mounted,) = [each["secret"]["secretName"] for each in pod["volumes"] if "secret" in each]
        values = variables(overlay, pod["containers"][0]).values()
        wanted = {value.rpartition("/")[2] for value in values if value.startswith("/run/secrets/")}
        assert wanted <= held[mounted], name


def made_secrets(folder: Path) -> dict[str, set[str]]:
    """Files by secret, as secrets.sh asks kubectl for them."""
    kubectl, told = folder / "kubectl", folder / "told"
    kubectl.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> {told}\n')
    kubectl.chmod(0o755)
    subprocess.run(
        ["sh", "deploy/kubernetes/secrets.sh", "folder", "kaohe"],
        cwd=ROOT,
        env=os.environ | {"KUBECTL": str(kubectl)},
        check=True,
    )
    asked = [line for line in told.read_text().splitlines() if "create secret" in line]
    return {line.split()[5]: set(re.findall(r"--from-file=(\w+)=", line)) for line in asked}
