"""Files of the monitoring: they name what is there and nothing else."""

import json
from dataclasses import replace
from typing import Any

import yaml

from stackproof.model.stack import Stack
from stackproof.render import load, monitoring
from tests.plan.small import SHOP, stack
from tests.plan.test_observe import METRICS, TRACES, bare, watched


def files(planned: Stack) -> dict[str, str]:
    start = f"deploy/monitoring/{planned.environment}/"
    return {each.path.removeprefix(start): each.text for each in monitoring.render({planned.environment: planned})}


def document(planned: Stack, name: str) -> Any:  # noqa: ANN401  a YAML document
    return yaml.safe_load(files(planned)[name])


def test_no_monitoring_no_file() -> None:
    assert not files(bare())


def test_every_replica_of_every_service_with_metrics_is_asked() -> None:
    jobs = {each["job_name"]: each for each in document(watched(), "prometheus/prometheus.yml")["scrape_configs"]}
    assert set(jobs) == {"api", "redis-exporter", "cache-exporter", "postgres-exporter", "nginx-exporter", "prometheus"}
    assert jobs["api"]["dns_sd_configs"][0]["port"] == 8000
    assert jobs["prometheus"]["static_configs"] == [{"targets": ["localhost:9090"]}]


def test_alerts_are_about_what_is_there() -> None:
    (group,) = document(watched(), "prometheus/rules.yml")["groups"]
    names = [rule["alert"] for rule in group["rules"]]
    assert {"TargetDown", "ProxyDown", "RedisDown", "QueueGrows", "PostgresConnections"} <= set(names)
    small = replace(watched(), services=tuple(each for each in watched().services if "exporter" not in each.name))
    (group,) = document(small, "prometheus/rules.yml")["groups"]
    assert [rule["alert"] for rule in group["rules"]] == ["TargetDown"]


def test_grafana_has_a_source_for_each_server_and_panels_for_each_service() -> None:
    sources = document(watched(TRACES), "grafana/provisioning/datasources/stack.yaml")["datasources"]
    assert [each["name"] for each in sources] == ["Prometheus", "Loki", "Jaeger"]
    board = json.loads(files(watched())["grafana/dashboards/stack.json"])
    titles = [panel["title"] for panel in board["panels"]]
    assert {"Up", "Redis memory", "Tasks that wait", "PostgreSQL commits", "Logs"} <= set(titles)
    assert len({panel["id"] for panel in board["panels"]}) == len(titles)
    small = replace(watched(), services=(watched().service("grafana"),))
    board = json.loads(files(small)["grafana/dashboards/stack.json"])
    assert [panel["title"] for panel in board["panels"]] == ["Up"]


def test_logs_are_of_this_stack_alone_and_kept_a_week() -> None:
    assert "com.docker.compose.project=shop-prod" in files(watched())["alloy/config.alloy"]
    assert document(watched(), "loki/loki.yaml")["limits_config"]["retention_period"] == "168h"


def test_the_load_script_is_there_where_stage_can_use_it() -> None:
    (script,) = load.render({"stage": stack(*SHOP, METRICS, environment="stage")})
    assert script.path == "deploy/load/stackproof_load.py"
    assert not list(load.render({"prod": stack(*SHOP)}))
