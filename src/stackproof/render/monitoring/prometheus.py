"""What Prometheus asks, and how it finds every replica: by the names of the stack's network."""

from collections.abc import Iterator

import yaml

from stackproof.model.stack import Service, Stack

_HEAD = "# Written by stackproof; change stackproof.toml and render again.\n"


def files(stack: Stack) -> Iterator[tuple[str, str]]:
    yield "prometheus.yml", _HEAD + yaml.safe_dump(_document(stack), sort_keys=False, width=120)


def scraped(stack: Stack) -> tuple[Service, ...]:
    return tuple(service for service in stack.services if service.metrics)


def _document(stack: Stack) -> dict[str, object]:
    return {
        "global": {
            "scrape_interval": "15s",
            "evaluation_interval": "15s",
            "external_labels": {"stack": stack.name, "environment": stack.environment},
        },
        "rule_files": ["/etc/prometheus/stackproof/rules.yml"],
        "scrape_configs": [_job(service) for service in scraped(stack)],
    }


def _job(service: Service) -> dict[str, object]:
    """A name of the network has one address for each replica."""
    job: dict[str, object] = {"job_name": service.name, "metrics_path": service.metrics}
    if service.software == "prometheus":
        return {**job, "static_configs": [{"targets": [f"localhost:{service.port}"]}]}
    found = {"names": [service.name], "type": "A", "port": service.port, "refresh_interval": "10s"}
    return {**job, "dns_sd_configs": [found]}
