"""The files of the monitoring: Prometheus with its rules, Grafana's sources and dashboards, Loki, Alloy."""

from collections.abc import Iterator, Mapping

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import EnvironmentName, Stack
from stackproof.render.monitoring import alloy, grafana, loki, prometheus, rules

_OF = (
    ("prometheus", prometheus.files), ("prometheus", rules.files), ("grafana", grafana.files), ("loki", loki.files),
    ("alloy", alloy.files),
)  # fmt: skip


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    for stack in stacks.values():
        for service, files in _OF:
            for name, text in files(stack) if stack.has(service) else ():
                yield Artifact(f"deploy/monitoring/{stack.environment}/{service}/{name}", text)
