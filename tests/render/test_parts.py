"""What a Compose file says of secrets, replicas, scratch folders and further ports; what the build makes; backups."""

import os
import shutil
import subprocess
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from stackproof.model.facts import Backend
from stackproof.model.source import Place
from stackproof.model.stack import ENVIRONMENTS, Health, Mount, Service, Stack
from stackproof.render import backup, compose, dockerfile, dockerignore, secrets
from stackproof.render.references import Inside
from tests.plan.small import SHOP, stack

HERE = Place("shop/settings.py", 4)
STORES = (Backend("redis", "REDIS_URL", None, HERE), Backend("postgresql", "DATABASE_URL", None, HERE))
PROD = stack(*SHOP, *STORES)


def document(planned: Stack) -> Any:  # noqa: ANN401  a YAML document
    (artifact,) = compose.render({planned.environment: planned})
    return yaml.safe_load(artifact.text)


def changed(planned: Stack, name: str, **changes: Any) -> Stack:  # noqa: ANN401
    services = tuple(replace(each, **changes) if each.name == name else each for each in planned.services)
    return replace(planned, services=services)


# --- Compose


def test_secrets_are_files_of_the_environment() -> None:
    found = document(PROD)
    assert found["secrets"]["redis-password"] == {"file": "./secrets/prod/redis-password"}
    assert found["services"]["redis"]["secrets"] == ["redis-acl"]
    assert sorted(found["services"]["api"]["secrets"]) == ["postgres-password", "redis-password"]
    assert found["services"]["postgres"]["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/postgres-password"


def test_what_is_revealed_is_filled_in_by_the_launcher() -> None:
    api = document(PROD)["services"]["api"]
    assert api["command"][:4] == ["python", "-I", "-S", "/opt/stackproof/stackproof_start.py"]
    assert api["environment"]["REDIS_URL"] == "redis://:<stackproof-secret:/run/secrets/redis-password>@redis:6379/0"
    dev = document(stack(*SHOP, *STORES, environment="dev"))["services"]["api"]
    assert dev["command"][4:10] == ["python", "-X", "frozen_modules=off", "-m", "debugpy", "--listen"]
    assert dev["command"][10:13] == ["0.0.0.0:5678", "-m", "gunicorn"]


def test_the_debugger_has_a_port_of_its_own() -> None:
    ports = document(stack(*SHOP, environment="dev"))["services"]["api"]["ports"]
    assert [(each["published"], each["target"]) for each in ports] == [("8000", 8000), ("5678", 5678)]


def test_replicas_and_what_a_scheduler_keeps_free() -> None:
    deploy = document(PROD)["services"]["api"]["deploy"]
    assert deploy["replicas"] == 2
    assert deploy["resources"]["reservations"] == {"cpus": "0.25", "memory": "128M"}
    stage = document(stack(*SHOP, environment="stage"))["services"]["api"]["deploy"]
    assert "reservations" not in stage["resources"]
    assert "replicas" not in document(PROD)["services"]["postgres"]["deploy"]


def test_the_head_says_how_to_bring_it_up() -> None:
    def head(planned: Stack) -> str:
        (artifact,) = compose.render({planned.environment: planned})
        return artifact.text.splitlines()[1]

    assert head(PROD).endswith("up -d --wait")
    job = 'jobs.seed.command = ["python", "seed.py"]'
    assert head(stack(*SHOP, said=job)).endswith("up -d")
    assert head(stack(*SHOP, said='services.x.command = ["python", "x.py"]')).endswith("up -d")


def test_what_is_switched_off_is_our_own_check_alone() -> None:
    silent = changed(PROD, "redis", health=None)
    assert "healthcheck" not in document(silent)["services"]["redis"]
    assert document(changed(PROD, "api", health=None))["services"]["api"]["healthcheck"] == {"disable": True}


def test_further_folders_in_memory() -> None:
    folders = document(PROD)["services"]["postgres"]["tmpfs"]
    assert [folder.partition(":")[0] for folder in folders] == ["/tmp", "/var/run/postgresql"]
    assert all("uid=999,gid=999" in folder for folder in folders)


def test_a_path_of_the_host_stands_as_it_is() -> None:
    mounts = (Mount("/engine.sock", source="/run/engine.sock", read_only=True),)
    (found,) = document(changed(PROD, "api", mounts=mounts))["services"]["api"]["volumes"]
    assert found["source"] == "/run/engine.sock"


def test_each_image_is_asked_with_what_it_has() -> None:
    def asked(service: Service, kind: Any) -> list[str]:  # noqa: ANN401
        return Inside(PROD, service).probe(Health(kind, "/ready", 8443))

    nginx = replace(PROD.service("api"), software="nginx")
    assert asked(nginx, "http")[-1].startswith("wget -q -S -T 2 -O /dev/null http://127.0.0.1:8443/ready 2>&1 | awk ")
    assert " --no-check-certificate " in asked(nginx, "https")[-1]
    assert asked(PROD.service("api"), "https")[-3:] == ["https", "8443", "/ready"]
    assert asked(PROD.service("postgres"), "postgres")[0] == "pg_isready"
    assert asked(PROD.service("backup"), "backup")[::2] == ["sh", "fresh"]
    assert asked(PROD.service("redis"), "redis")[4:6] == ["probe", "--pass"]
    assert "probe" not in asked(replace(PROD.service("redis"), secrets=()), "redis")


# --- what the build makes

SAID = (
    'include = ["ml"]\nprepare = [["python", "ml/train.py", "--out", "a b"], ["ls", "model"]]\n'
    'prepared = ["model", "ml/x"]'
)


def text(said: str) -> str:
    (artifact,) = dockerfile.render({name: stack(*SHOP, said=said, environment=name) for name in ENVIRONMENTS})
    return artifact.text


def test_commands_of_the_project_run_with_its_packages() -> None:
    whole = text(SAID)
    assert (
        'RUN export PATH="/app/.venv/bin:$PATH" PYTHONPATH=/app PYTHONDONTWRITEBYTECODE=1 \\\n'
        " && python ml/train.py --out 'a b' \\\n && ls model\n"
    ) in whole
    assert whole.count("COPY --from=application /app/model /app/model") == 2
    assert "/app/ml/x " not in whole  # it lies in a folder that is copied as a whole
    assert "RUN export" not in text("")


def test_what_the_build_makes_is_not_sent_to_it() -> None:
    (artifact,) = dockerignore.render({name: stack(*SHOP, said=SAID, environment=name) for name in ENVIRONMENTS})
    lines = artifact.text.splitlines()
    assert lines.index("!ml") < lines.index("ml/x")
    assert "model" in lines


# --- files


def test_files_are_there_only_where_something_needs_them() -> None:
    bare = stack(*SHOP, said="proxy = false")
    assert [each.path for each in backup.render({"prod": PROD})] == ["deploy/backup/stackproof_backup.sh"]
    assert list(backup.render({"prod": bare})) == []
    assert [each.path for each in secrets.render({"prod": PROD})] == ["deploy/secrets/.gitignore"]
    assert list(secrets.render({"prod": bare})) == []


# --- the script of the backup, with programs that only say what they were asked

_DUMP = """#!/bin/sh
[ ! -e "$FAIL" ] || exit 1
for word; do case $word in --file=*) echo "dump with $PGPASSWORD" > "${word#--file=}" ;; esac; done
"""
_RESTORE = """#!/bin/sh
echo "$*" >> "$ASKED"
"""


@pytest.fixture
def shop(tmp_path: Path) -> dict[str, str]:
    """An environment in which the script finds the two programs."""
    for name, script in (("pg_dump", _DUMP), ("pg_restore", _RESTORE)):
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "password").write_text("a b$c\n")
    (tmp_path / "dumps").mkdir()
    script = files("stackproof.render.backup").joinpath("stackproof_backup.sh").read_text("utf-8")
    (tmp_path / "backup.sh").write_text(script)
    return {
        "PATH": f"{tmp_path}:{os.environ['PATH']}", "PGDATABASE": "shop", "BACKUP_FOLDER": str(tmp_path / "dumps"),
        "BACKUP_PASSWORD_FILE": str(tmp_path / "password"), "BACKUP_KEEP": "2", "BACKUP_EVERY_SECONDS": "3600",
        "ASKED": str(tmp_path / "asked"), "FAIL": str(tmp_path / "fail"), "SCRIPT": str(tmp_path / "backup.sh"),
    }  # fmt: skip


def run(shop: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = ("sh", shop["SCRIPT"], *words)
    return subprocess.run(command, env=shop, capture_output=True, text=True, check=False, timeout=60)


def dumps(shop: dict[str, str]) -> list[Path]:
    return sorted(Path(shop["BACKUP_FOLDER"]).iterdir())


def test_a_dump_has_its_name_when_it_is_whole(shop: dict[str, str]) -> None:
    done = run(shop, "once")
    (made,) = dumps(shop)
    assert (done.returncode, done.stderr) == (0, "")
    assert made.name.startswith("shop-2")
    assert made.suffix == ".dump"
    assert made.read_text() == "dump with a b$c\n"
    assert made.stat().st_mode & 0o077 == 0


def test_the_oldest_dumps_go(shop: dict[str, str]) -> None:
    for day in (1, 2, 3):
        Path(shop["BACKUP_FOLDER"], f"shop-2000010{day}T000000Z.dump").touch()
    assert run(shop, "once").returncode == 0
    first, second = dumps(shop)
    assert first.name == "shop-20000103T000000Z.dump"
    assert second.name > first.name


def test_a_failed_dump_leaves_nothing_and_is_said(shop: dict[str, str]) -> None:
    Path(shop["FAIL"]).touch()
    done = run(shop, "once")
    assert (done.returncode, dumps(shop)) == (1, [])
    assert "failed: no dump was made" in done.stdout


def test_a_backup_is_healthy_while_its_newest_dump_is_young(shop: dict[str, str]) -> None:
    assert (run(shop, "fresh").returncode, run(shop, "fresh").stdout) == (1, "backup: no dump yet\n")
    run(shop, "once")
    assert (run(shop, "fresh").returncode, run(shop, "fresh").stdout) == (0, "")
    (made,) = dumps(shop)
    os.utime(made, (0, 0))
    assert "the newest dump is" in run(shop, "fresh").stdout


def test_restore_is_all_or_nothing(shop: dict[str, str]) -> None:
    assert run(shop, "restore", "monday.dump").returncode == 0
    asked = Path(shop["ASKED"]).read_text()
    assert asked.rstrip().endswith(f"{shop['BACKUP_FOLDER']}/monday.dump")
    assert "--single-transaction" in asked
    assert run(shop, "restore", "/elsewhere/x.dump").returncode == 0
    assert "/elsewhere/x.dump" in Path(shop["ASKED"]).read_text()


@pytest.mark.parametrize("words", [(), ("now",), ("restore",), ("once", "more")])
def test_other_words_are_refused(shop: dict[str, str], words: tuple[str, ...]) -> None:
    done = run(shop, *words)
    assert (done.returncode, done.stderr) == (64, "backup: say loop, once, fresh or restore FILE\n")


def test_the_script_is_posix_shell() -> None:
    shell = shutil.which("dash") or shutil.which("sh") or "sh"
    script = str(files("stackproof.render.backup").joinpath("stackproof_backup.sh"))
    assert subprocess.run((shell, "-n", script), capture_output=True, check=False).returncode == 0
