"""`python -m deploy.image.material`: what an operator is given, and what it does not make."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from deploy.embedded.process import StackError
from deploy.image import material
from tests.deploy.operators import compose, container, secrets, variables

OF_THE_AUTHORITY = ("ca", "trusted")


def certificate(folder: Path, name: str) -> x509.Certificate:
    pem = (folder / name).read_bytes()
    return x509.load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERTIFICATE") :])


def certificates(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*_pem")}


def ran(patch: pytest.MonkeyPatch, *arguments: str) -> int:
    patch.setattr(sys, "argv", ["material", *arguments])
    return material.main()


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_whoever_names_no_folder_is_told_how_it_is_used(
    arguments: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ran(monkeypatch, *arguments) == 2
    assert "FOLDER" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_authority_without_its_key_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another key would sign what the certificate does not vouch for."""
    other = secrets(tmp_path / "other")
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "ca").write_bytes((other / "ca").read_bytes())
    assert ran(monkeypatch, str(folder)) == 1
    assert "without its ca_key" in capsys.readouterr().err
    assert {path.name for path in folder.iterdir()} == {"ca"}


def test_an_authority_with_the_key_of_another_is_refused(tmp_path: Path) -> None:
    folder, other = secrets(tmp_path / "own"), secrets(tmp_path / "other")
    (folder / "ca").chmod(0o600)
    (folder / "ca").write_bytes((other / "ca").read_bytes())
    (folder / "mail_pem").unlink()
    with pytest.raises(StackError, match="no certificate of ca_key"):
        secrets(folder)
    assert "mail_pem" not in certificates(folder)


def test_the_key_of_the_authority_may_be_kept_elsewhere(tmp_path: Path) -> None:
    folder = secrets(tmp_path)
    (folder / "ca_key").unlink()
    secrets(folder)
    assert not (folder / "ca_key").exists()


def test_an_authority_that_the_operator_has_signs_in_its_own_name(tmp_path: Path) -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Province")])
    key = ec.generate_private_key(ec.SECP384R1())
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    draft = x509.CertificateBuilder(name, name, key.public_key(), 7, begun, begun.replace(2036))
    given = draft.sign(key, hashes.SHA256())
    (tmp_path / "ca").write_bytes(given.public_bytes(Encoding.PEM))
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "ca_key").write_bytes(key.private_bytes(*form))
    secrets(tmp_path)
    for each in certificates(tmp_path):
        certificate(tmp_path, each).verify_directly_issued_by(given)


def test_certificates_that_end_are_made_anew_and_old_ones_hold_beside_them(
    tmp_path: Path,
) -> None:
    """Whoever was not started anew yet is believed by whoever was, and believes him."""
    folder = secrets(tmp_path)
    names = certificates(folder)
    before = {name: certificate(folder, name) for name in (*names, "ca")}
    for name in (*names, *OF_THE_AUTHORITY):
        (folder / name).unlink()
    secrets(folder)
    for name in names:
        assert certificate(folder, name) != before[name]
        certificate(folder, name).verify_directly_issued_by(before["ca"])
        before[name].verify_directly_issued_by(certificate(folder, "ca"))


def test_whoever_vouches_for_a_proxy_of_ones_own_is_believed_by_services_alone(
    tmp_path: Path,
) -> None:
    """Brokers let in whomever `ca` vouches for."""
    folder = secrets(tmp_path)
    assert (folder / "trusted").read_text() == (folder / "ca").read_text()
    said = compose("full")["services"]["enterprise-api"]["environment"]
    assert said["SSL_CERT_FILE"] == "/run/secrets/trusted"
    assert said["ENTERPRISE_KAFKA__CA_PEM"] == "/run/secrets/ca"
    pod = variables("province", container("province", "enterprise-api"))
    assert pod["SSL_CERT_FILE"] == "/run/secrets/kaohe/trusted"
    assert pod["ENTERPRISE_KAFKA__CA_PEM"] == "/run/secrets/kaohe/ca"
