"""Secrets as files: made once, never overwritten, looked at strictly where it counts."""

import hashlib
import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stackproof.errors import ToolFailed, UserError
from stackproof.model.parts import Because, Proxy, Secret
from stackproof.model.stack import Service, Stack
from stackproof.tools import certificates, secret_files
from tests.prove.fakes import BUILD

WHY = Because("the code reads it")
SECRETS = (
    Secret("redis-password", "password", WHY, generated=True),
    Secret("redis-acl", "redis-acl", WHY, source="redis-password"),
    Secret("redis-exporter", "redis-exporter", WHY, source="redis-password"),
    Secret("twilio-token", "given", WHY, required=False),
    Secret("tls-certificate", "tls-certificate", WHY, generated=True),
    Secret("tls-key", "tls-key", WHY, generated=True),
)
REDIS = Service(
    "redis", "store", "redis:7-alpine", False, ("redis-server",), port=6379, secrets=("redis-acl",), software="redis"
)
PROXY = Proxy("proxy", (), "shop.example.org", 8443, "/health", "api")
DEV = Stack("shop", "dev", (REDIS,), (), (), BUILD, secrets=SECRETS, proxy=PROXY)
PROD = replace(DEV, environment="prod", secrets=tuple(replace(each, generated=False) for each in SECRETS))
GOOD = "mNq8vTz4-Rk2pLw9xYb7"


def given(root: Path, name: str, content: str | bytes, environment: str = "prod") -> Path:
    path = root / "deploy/secrets" / environment / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def files(root: Path, environment: str = "dev") -> dict[str, str]:
    folder = root / "deploy/secrets" / environment
    return {path.name: path.read_text() for path in folder.iterdir() if not path.name.startswith(".")}


def test_dev_makes_everything_by_itself(tmp_path: Path) -> None:
    assert secret_files.prepare(tmp_path, DEV) == ("tls-certificate", "tls-key", "redis-password")
    made = files(tmp_path)
    assert set(made) == {secret.name for secret in SECRETS}
    assert made["twilio-token"] == ""
    assert len(made["redis-password"]) >= 32
    folder = tmp_path / "deploy/secrets/dev"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in made} == {0o444}
    assert (folder / ".gitignore").read_text() == "*\n"


def test_what_is_there_stays(tmp_path: Path) -> None:
    secret_files.prepare(tmp_path, DEV)
    before = files(tmp_path)
    assert secret_files.prepare(tmp_path, DEV) == ()
    assert files(tmp_path) == before


def test_derived_files_follow_the_password(tmp_path: Path) -> None:
    given(tmp_path, "redis-password", 'p"a\\ss $%\n', "dev")
    secret_files.prepare(tmp_path, DEV)
    made = files(tmp_path)
    assert json.loads(made["redis-exporter"]) == {"redis://redis:6379": 'p"a\\ss $%'}
    digest = hashlib.sha256(b'p"a\\ss $%').hexdigest()
    assert made["redis-acl"] == (f"user default on #{digest} ~* &* +@all\nuser probe on nopass -@all +ping resetkeys\n")
    given(tmp_path, "redis-password", "another", "dev")
    secret_files.prepare(tmp_path, DEV)
    assert files(tmp_path)["redis-acl"] != made["redis-acl"]
    assert json.loads(files(tmp_path)["redis-exporter"]) == {"redis://redis:6379": "another"}


def test_a_derived_file_that_says_the_same_is_the_same_file(tmp_path: Path) -> None:
    secret_files.prepare(tmp_path, DEV)
    acl = tmp_path / "deploy/secrets/dev/redis-acl"
    before = acl.stat().st_ino
    secret_files.prepare(tmp_path, DEV)
    assert acl.stat().st_ino == before


def test_prod_refuses_and_names_everything_at_once(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        secret_files.prepare(tmp_path, PROD)
    said = str(refused.value)
    for name in ("redis-password", "tls-certificate", "tls-key"):
        assert f"deploy/secrets/prod/{name}: is missing" in said
    assert "stackproof secrets --env prod" in said
    assert "twilio-token" not in said
    assert "redis-acl" not in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("\n", "is empty"),
        ("short1", "is weak: shorter than 16"),
        ("abababababababababab", "is weak: it is made of 2 different"),
        ("changeme", "looks like a placeholder"),
        ("Change-Me-Please", "looks like a placeholder"),
        ("your-secret-password", "looks like a placeholder"),
        ("<put your password here>", "looks like a placeholder"),
        (f"{GOOD}\r\n", "CRLF"),
        (f"{GOOD}\n{GOOD}\n", "more than one line"),
        (f" {GOOD}", "begins or ends with a space"),
        (f"{GOOD}\x00x", "cannot be printed"),
        (b"\xff\xfe" + GOOD.encode(), "is not UTF-8"),
    ],
)
def test_prod_refuses_what_is_unfit(tmp_path: Path, content: str | bytes, said: str) -> None:
    given(tmp_path, "redis-password", content)
    stack = replace(PROD, secrets=SECRETS[:1])
    with pytest.raises(UserError, match="redis-password") as refused:
        secret_files.check(tmp_path, stack)
    assert said in str(refused.value)
    if isinstance(content, str) and content.strip():
        assert content.strip() not in str(refused.value)


@pytest.mark.parametrize("content", [GOOD, f"{GOOD}\n", "a$\"'\\#:@%b$\"'\\#:@%b1", "correct horse battery staple"])
def test_any_printable_letters_are_welcome(tmp_path: Path, content: str) -> None:
    path = given(tmp_path, "redis-password", content)
    secret_files.check(tmp_path, replace(PROD, secrets=SECRETS[:1]))
    assert secret_files.text(path) == content.removesuffix("\n")


def test_dev_takes_a_weak_one_but_no_broken_one(tmp_path: Path) -> None:
    stack = replace(DEV, secrets=SECRETS[:1])
    given(tmp_path, "redis-password", "secret", "dev")
    secret_files.check(tmp_path, stack)
    given(tmp_path, "redis-password", "secret\r\n", "dev")
    with pytest.raises(UserError, match="CRLF"):
        secret_files.check(tmp_path, stack)


def test_asked_for_it_makes_passwords_everywhere_but_nobodys_certificate(tmp_path: Path) -> None:
    assert secret_files.make_asked(tmp_path, PROD) == ("redis-password",)
    assert set(files(tmp_path, "prod")) == {"redis-password", "redis-acl", "redis-exporter", "twilio-token"}
    assert [problem.name for problem in secret_files.problems(tmp_path, PROD)] == ["tls-certificate", "tls-key"]


def test_a_random_password_that_holds_brackets_is_no_placeholder(tmp_path: Path) -> None:
    (secret_files.folder(tmp_path, "prod")).mkdir(parents=True)
    (secret_files.folder(tmp_path, "prod") / "redis-password").write_text(
        "a<$b#c%d@e:f/g?h&i;j!k*l{m|n}o~p^q,r=s+t[u]v(w)>z"
    )
    assert "redis-password" not in {problem.name for problem in secret_files.problems(tmp_path, PROD)}


def test_a_proof_has_all_with_every_awkward_letter(tmp_path: Path) -> None:
    secret_files.make_for_proof(tmp_path, PROD)
    made = files(tmp_path, "prod")
    assert set(made) == {secret.name for secret in SECRETS}
    for name in ("redis-password", "twilio-token"):
        assert len(made[name]) == 64
        assert set("$\"'\\#:@%") <= set(made[name])
        assert made[name].isprintable()
    secret_files.check(tmp_path, PROD)


def test_the_pair_fits_its_server(tmp_path: Path) -> None:
    from cryptography import x509

    secret_files.prepare(tmp_path, DEV)
    found = x509.load_pem_x509_certificate(files(tmp_path)["tls-certificate"].encode())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "shop.example.org"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    assert found.not_valid_after_utc - datetime.now(UTC) < timedelta(days=825)


def test_half_a_pair_is_not_completed(tmp_path: Path) -> None:
    secret_files.prepare(tmp_path, DEV)
    (tmp_path / "deploy/secrets/dev/tls-key").unlink()
    with pytest.raises(UserError, match="remove tls-certificate too"):
        secret_files.prepare(tmp_path, DEV)


def test_a_pair_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    first, second = certificates.self_signed("_"), certificates.self_signed("_")
    given(tmp_path, "tls-certificate", first[0])
    given(tmp_path, "tls-key", second[1])
    given(tmp_path, "redis-password", GOOD)
    with pytest.raises(UserError, match="tls-key: does not belong to the certificate"):
        secret_files.check(tmp_path, PROD)
    given(tmp_path, "tls-certificate", "hello")
    with pytest.raises(UserError, match="tls-certificate: is no certificate in PEM form"):
        secret_files.check(tmp_path, PROD)


def test_certificates_are_looked_at() -> None:
    certificate, key = certificates.self_signed("192.0.2.7", datetime(2020, 1, 1, tzinfo=UTC))
    assert certificates.certificate_problem(certificate.encode()) == "has expired on 2022-04-05"
    assert certificates.certificate_problem(certificate.encode(), datetime(2021, 1, 1, tzinfo=UTC)) == ""
    assert certificates.key_problem(key.encode(), certificate.encode()) == ""
    assert certificates.key_problem(b"hello", certificate.encode()) == "is no private key in PEM form"


def test_a_disk_that_does_not_take_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "deploy").write_text("a file")
    with pytest.raises(ToolFailed, match="could not be written"):
        secret_files.prepare(tmp_path, DEV)


def test_no_secret_no_folder(tmp_path: Path) -> None:
    assert secret_files.prepare(tmp_path, replace(DEV, secrets=())) == ()
    assert list(tmp_path.iterdir()) == []
