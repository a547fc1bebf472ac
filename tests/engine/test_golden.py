"""The rendered files of every example, before the programs that will read them: Compose, nginx and Prometheus."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from stackproof.model.stack import ENVIRONMENTS
from stackproof.tools.certificates import self_signed
from tests.engine.containers import Said, once
from tests.render.golden import FOLDER, NAMES

pytestmark = pytest.mark.engine
_EACH = [(name, environment) for name in NAMES for environment in ENVIRONMENTS]
_REQUIRED = re.compile(r"\$\{(\w+):\?")
_RULES = "/etc/rules"


def service(name: str, environment: str, wanted: str) -> Any:  # noqa: ANN401  a YAML document
    document = yaml.safe_load((FOLDER / name / "deploy" / f"compose.{environment}.yaml").read_text())
    return document["services"].get(wanted)


def readable(given: Path, folder: Path) -> Path:
    """A copy that any user may read, whatever the checkout's umask was."""
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    for file in given.iterdir():
        (folder / file.name).write_text(file.read_text())
    for file in folder.iterdir():
        file.chmod(0o644)
    return folder


def mount(source: Path, target: str) -> tuple[str, str]:
    return ("--mount", f"type=bind,source={source},target={target},readonly")


def asked(wanted: Any, *words: str, options: tuple[str, ...]) -> Said:  # noqa: ANN401
    """A container of a service's image, as its user, without any network."""
    return once(wanted["image"], *words, options=("--user", wanted["user"], "--network", "none", *options))


@pytest.mark.parametrize(("name", "environment"), _EACH)
def test_compose_reads_each(name: str, environment: str, tmp_path: Path) -> None:
    file = FOLDER / name / "deploy" / f"compose.{environment}.yaml"
    example = FOLDER / name / "deploy" / "env" / f"{environment}.env.example"
    required = "".join(f"{each}=made-up\n" for each in sorted(set(_REQUIRED.findall(file.read_text()))))
    settings = tmp_path / "its.env"
    settings.write_text(f"{example.read_text()}\n{required}")
    words = ("docker", "compose", "-f", str(file), "--env-file", str(settings), "--profile", "*", "config", "--quiet")
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=240)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(("name", "environment"), _EACH)
def test_nginx_reads_each(name: str, environment: str, tmp_path: Path) -> None:
    proxy = service(name, environment, "proxy")
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o755)
    for secret, text in zip(("tls-certificate", "tls-key"), self_signed("localhost"), strict=True):
        (secrets / secret).write_text(text)
    configuration = readable(FOLDER / name / "deploy" / "nginx" / environment, tmp_path / "nginx")
    options = (
        *mount(configuration, "/etc/nginx/stackproof"),
        *mount(readable(secrets, tmp_path / "readable"), "/run/secrets"),
    )
    said = asked(proxy, *proxy["command"], "-t", options=options)
    assert (said.code, "test is successful" in said.errors) == (0, True), said
    assert not re.search(r"\[(warn|error|emerg)\]", said.errors), said


@pytest.mark.parametrize(("name", "environment"), [each for each in _EACH if service(*each, "prometheus")])
def test_prometheus_reads_each(name: str, environment: str, tmp_path: Path) -> None:
    """Its configuration and rules, and the expressions of the dashboard as if they were rules."""
    given = FOLDER / name / "deploy" / "monitoring" / environment
    folder = readable(given / "prometheus", tmp_path / "prometheus")
    panels = dashboard_rules(given / "grafana" / "dashboards" / "stack.json", tmp_path / "panels")
    promtool = ("--entrypoint", "promtool")
    prometheus = service(name, environment, "prometheus")
    target = "/etc/prometheus/stackproof"
    options = (*promtool, *mount(folder, target), *mount(panels, _RULES))
    configuration = asked(prometheus, "check", "config", f"{target}/prometheus.yml", options=options)
    assert (configuration.code, "FAILED" in configuration.output) == (0, False), configuration
    rules = asked(prometheus, "check", "rules", f"{target}/rules.yml", f"{_RULES}/panels.yml", options=options)
    assert (rules.code, rules.output.count("SUCCESS")) == (0, 2), rules


def dashboard_rules(file: Path, folder: Path) -> Path:
    board = json.loads(file.read_text())
    said = [
        target["expr"]
        for panel in board["panels"]
        for target in panel["targets"]
        if target["datasource"]["type"] == "prometheus"
    ]
    assert said
    rules = [{"record": f"panel:{number}", "expr": expr} for number, expr in enumerate(said)]
    folder.mkdir(mode=0o755)
    (folder / "panels.yml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    return readable(folder, folder.with_name("panels-readable"))
