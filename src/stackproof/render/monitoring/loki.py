"""Loki as one process that keeps its chunks on its volume for a week."""

from collections.abc import Iterator

import yaml

from stackproof.model.stack import Stack

_HEAD = "# Written by stackproof; change stackproof.toml and render again.\n"
_KEEP = "168h"


def files(stack: Stack) -> Iterator[tuple[str, str]]:
    document = {
        "auth_enabled": False,
        "server": {"http_listen_port": stack.service("loki").port},
        "common": {
            "instance_addr": "127.0.0.1",
            "path_prefix": "/loki",
            "storage": {"filesystem": {"chunks_directory": "/loki/chunks", "rules_directory": "/loki/rules"}},
            "replication_factor": 1,
            "ring": {"kvstore": {"store": "inmemory"}},
        },
        "schema_config": {
            "configs": [
                {
                    "from": "2024-04-01",
                    "store": "tsdb",
                    "object_store": "filesystem",
                    "schema": "v13",
                    "index": {"prefix": "index_", "period": "24h"},
                }
            ]
        },
        "limits_config": {"retention_period": _KEEP, "allow_structured_metadata": True},
        "compactor": {
            "working_directory": "/loki/compactor",
            "retention_enabled": True,
            "delete_request_store": "filesystem",
        },
        "analytics": {"reporting_enabled": False},
    }
    yield "loki.yaml", _HEAD + yaml.safe_dump(document, sort_keys=False, width=120)
