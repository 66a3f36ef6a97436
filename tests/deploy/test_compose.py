"""deploy/compose.yaml, as Compose reads it: whole, without a secret, with settings that production
takes.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from cryptography import x509

from deploy.embedded.places import SERVICES
from deploy.installation.installation import installation, retention_dsns
from deploy.kafka import manifest
from services.portal.settings import load as load_portal
from tests.deploy.operators import assert_may_back_up, compose, secrets, settings
from tests.servers import ROOT

PROFILES = ("full", "small")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return secrets(tmp_path_factory.mktemp("secrets"))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("role", ["api", "worker"])
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_the_settings_that_production_takes(
    name: str, role: str, profile: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = compose(profile)["services"][f"{name}-{role}"]
    found = settings(name, service["environment"], folder, monkeypatch)
    assert (found.profile, found.role) == ("prod", "all")
    assert service["command"] == [f"services.{name}.main", role]
    assert service["deploy"]["replicas"] == 2
    assert found.kafka.sasl_username in manifest.matrix()[f"kaohe.{name}.v1"]
    assert mounted(service) >= files(service)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_portal_too(profile: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = compose(profile)["services"]["portal"]
    for variable, value in service["environment"].items():
        monkeypatch.setenv(variable, value.replace("/run/secrets", str(folder)))
    assert load_portal().profile == "prod"
    assert mounted(service) >= files(service)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", SERVICES)
def test_the_proxy_leads_to_a_service_where_its_events_say(
    name: str, profile: str, folder: Path
) -> None:
    """By the first label of the host, which its certificate names."""
    said = compose(profile)["services"][f"{name}-api"]["environment"]
    host = said[f"{name.upper()}_HTTP__PUBLIC_URL"].removeprefix("https://")
    proxy = (ROOT / "deploy" / "image" / "haproxy.cfg").read_text()
    (known,) = re.findall(r"use_backend %\[hdr\(host\),field\(1,\.\)\] if .* -m str (.*) \}", proxy)
    assert host.partition(".")[0] == name
    assert name in known.split()
    pem = (folder / "proxy_pem").read_bytes()
    certificate = x509.load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERTIFICATE") :])
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert host in names.get_values_for_type(x509.DNSName)


@pytest.mark.parametrize(
    "path", ["/metrics", "/%6detrics", "/metrics/", "/health/ready", "/%64ocs"]
)
def test_what_is_for_the_inside_is_refused_however_it_is_written(path: str) -> None:
    """Who answers decodes a path before he looks at it, and so does the proxy."""
    proxy = (ROOT / "deploy" / "image" / "haproxy.cfg").read_text()
    (rule,) = re.findall(r"http-request deny deny_status 404 if \{ path(.*) -m (.*) \}", proxy)
    assert rule[0] == ",url_dec"
    kind, *refused = rule[1].split()
    assert kind == "beg"
    assert unquote(path).startswith(tuple(refused))


def mounted(service: dict[str, Any]) -> set[str]:
    return {each["source"] for each in service["secrets"]}


def files(service: dict[str, Any]) -> set[str]:
    """Of secrets that its settings name."""
    values = [value for value in service["environment"].values() if value]
    return {value.rpartition("/")[2] for value in values if value.startswith("/run/secrets/")}


def test_three_brokers_keep_everything_three_times() -> None:
    services = compose("full")["services"]
    brokers = [services[f"kafka{n}"]["environment"] for n in (1, 2, 3)]
    assert {each["KAFKA_REPLICATION"] for each in brokers} == {"3"}
    assert {each["KAFKA_MIN_INSYNC"] for each in brokers} == {"2"}
    assert len({each["KAFKA_NODE"] for each in brokers}) == 3
    assert services["postgres2"]["environment"]["POSTGRES_PRIMARY"] == "postgres1"


def test_one_host_has_one_of_each() -> None:
    services = compose("small")["services"]
    assert {"kafka-alone", "postgres1"} <= services.keys()
    assert not {"kafka1", "postgres2"} & services.keys()


def test_who_backs_up_has_the_settings_of_all_and_of_their_owners(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = compose("jobs")["services"]["backup"]
    for variable, value in job["environment"].items():
        monkeypatch.setenv(variable, value.replace("/run/secrets", str(folder)))
    assert_may_back_up(installation())
    assert mounted(job) >= files(job)


def test_who_forgets_commands_has_the_dsns_for_that_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = compose("jobs")["services"]["retention"]
    for variable, value in job["environment"].items():
        monkeypatch.setenv(variable, value.replace("/run/secrets", str(folder)))
    assert retention_dsns().keys() == set(SERVICES)
    assert mounted(job) == files(job) == {f"{name}_retention_dsn" for name in SERVICES}


@pytest.mark.parametrize("profile", PROFILES)
def test_only_the_migration_step_is_given_the_owners_dsn(profile: str) -> None:
    for name, service in compose(profile)["services"].items():
        if name != "migrate":
            assert not [each for each in service.get("environment", {}) if "OWNER" in each], name


@pytest.mark.parametrize("profile", PROFILES)
def test_every_secret_is_a_file_that_the_first_step_makes(profile: str, folder: Path) -> None:
    found = compose(profile)["secrets"]
    assert {Path(each["file"]).name for each in found.values()} <= {
        path.name for path in folder.iterdir()
    }


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_ours_runs_as_nobody_and_writes_nothing(profile: str) -> None:
    for name, service in compose(profile)["services"].items():
        if service["image"].startswith("kaohe/kaohe"):
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name
        assert "." not in service["image"].partition("/")[0], "a registry is the operator's to say"


def test_every_variable_is_said_to_whoever_runs_it() -> None:
    read = (ROOT / "deploy" / "compose.yaml").read_text()
    page = (ROOT / "docs" / "operations.md").read_text()
    wanted = set(re.findall(r"\$\{(\w+)", read))
    assert {each for each in wanted if f"`{each}" not in page and f" {each}=" not in page} == set()


@pytest.mark.parametrize("profile", PROFILES)
def test_only_the_proxy_and_the_mail_relay_have_a_way_out(profile: str) -> None:
    found = compose(profile)
    assert found["networks"]["inner"]["internal"]
    with_a_way = {
        name for name, each in found["services"].items() if {*each["networks"]} != {"inner"}
    }
    assert with_a_way == {"proxy", "mail"}


def test_who_has_a_password_at_the_brokers_is_who_the_rights_name(folder: Path) -> None:
    users = (folder / "kafka_users").read_text().split("\n")
    named = {each.partition("name=")[2].partition(",")[0] for each in users}
    principals = {name for row in manifest.matrix().values() for name in row}
    assert named == principals - {"authority"} | {"admin"}  # the authority comes by certificate
