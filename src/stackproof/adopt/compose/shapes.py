"""What a Compose file may say: each key with the kind of its value, by the Compose specification.

A kind is the name of a scalar (`units.SCALARS`) or of a form (`canonical.FORMS`); a mapping of kinds is closed but
for `x-` keys; `{"*": kind}` takes any name; `[kind]` is a list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

Kind = Union[str, "list[Kind]", "Mapping[str, Kind]", "Nullable"]


@dataclass(frozen=True)
class Nullable:
    """May be there without a value."""

    kind: Kind


_UPDATE: Kind = {
    "parallelism": "whole", "delay": "duration", "failure_action": "word", "monitor": "duration",
    "max_failure_ratio": "number", "order": "word",
}  # fmt: skip
_DEVICE: Kind = {
    "capabilities": ["word"], "count": "count", "device_ids": ["word"], "driver": "word", "options": "pairs",
}  # fmt: skip
_HOOK: Kind = {
    "command": "command", "user": "word", "privileged": "truth", "working_dir": "word", "environment": "variables",
}  # fmt: skip
_BLOCK_RATE: Kind = [{"path": "word", "rate": "size"}]
_SHARED: Mapping[str, Kind] = {"name": "word", "external": "external", "labels": "pairs"}
_OPTIONS: Kind = {"*": "loose"}

GRANT: Kind = {"source": "word", "target": "word", "uid": "word", "gid": "word", "mode": "whole"}
PORT: Kind = {
    "name": "word", "mode": "word", "host_ip": "word", "target": "whole", "published": "loose", "protocol": "word",
    "app_protocol": "word",
}  # fmt: skip
MOUNT: Kind = {
    "type": "word", "source": "word", "target": "word", "read_only": "truth", "consistency": "word",
    "bind": {"propagation": "word", "create_host_path": "truth", "recursive": "word", "selinux": "word"},
    "volume": {"nocopy": "truth", "subpath": "word"}, "tmpfs": {"size": "size", "mode": "whole"},
    "image": {"subpath": "word"},
}  # fmt: skip
DEVICE: Kind = {"source": "word", "target": "word", "permissions": "word"}
ENV_FILE: Kind = {"path": "word", "format": "word", "required": "truth"}
DEPENDENCY: Kind = {"condition": "word", "required": "truth", "restart": "truth"}
ATTACHMENT: Kind = {
    "aliases": ["word"], "ipv4_address": "word", "ipv6_address": "word", "link_local_ips": ["word"],
    "mac_address": "word", "driver_opts": _OPTIONS, "priority": "number", "gw_priority": "number",
    "interface_name": "word",
}  # fmt: skip
BUILD: Kind = {
    "context": "word", "dockerfile": "word", "dockerfile_inline": "word", "entitlements": ["word"],
    "args": "arguments", "ssh": "ssh", "labels": "pairs", "cache_from": ["word"], "cache_to": ["word"],
    "no_cache": "truth", "no_cache_filter": "words", "additional_contexts": "pairs", "network": "word",
    "pull": "truth", "target": "word", "shm_size": "size", "extra_hosts": "hosts", "isolation": "word",
    "privileged": "truth", "secrets": "grants", "tags": ["word"], "ulimits": {"*": "ulimit"}, "platforms": ["word"],
    "provenance": "any", "sbom": "any",
}  # fmt: skip
HEALTH: Kind = {
    "disable": "truth", "interval": "duration", "retries": "whole", "test": "test", "timeout": "duration",
    "start_period": "duration", "start_interval": "duration",
}  # fmt: skip
DEPLOY: Kind = {
    "mode": "word", "endpoint_mode": "word", "replicas": "whole", "labels": "pairs", "rollback_config": _UPDATE,
    "update_config": _UPDATE,
    "resources": {
        "limits": {"cpus": "number", "memory": "size", "pids": "whole"},
        "reservations": {
            "cpus": "number", "memory": "size", "devices": [_DEVICE],
            "generic_resources": [{"discrete_resource_spec": {"kind": "word", "value": "number"}}],
        },
    },
    "restart_policy": {"condition": "word", "delay": "duration", "max_attempts": "whole", "window": "duration"},
    "placement": {
        "constraints": ["word"], "preferences": [{"spread": "word"}], "max_replicas_per_node": "whole",
    },
}  # fmt: skip
SERVICE: Mapping[str, Kind] = {
    "develop": Nullable({"watch": [{
        "ignore": "words", "include": "words", "path": "word", "action": "word", "target": "word", "exec": _HOOK,
        "initial_sync": "truth",
    }]}),
    "deploy": Nullable(DEPLOY), "annotations": "pairs", "attach": "truth", "build": "build",
    "blkio_config": {
        "device_read_bps": _BLOCK_RATE, "device_read_iops": _BLOCK_RATE, "device_write_bps": _BLOCK_RATE,
        "device_write_iops": _BLOCK_RATE, "weight": "whole", "weight_device": [{"path": "word", "weight": "whole"}],
    },
    "cap_add": ["word"], "cap_drop": ["word"], "cgroup": "word", "cgroup_parent": "word", "command": "command",
    "configs": "grants", "container_name": "word", "cpu_count": "whole", "cpu_percent": "number",
    "cpu_shares": "number", "cpu_quota": "number", "cpu_period": "number", "cpu_rt_period": "number",
    "cpu_rt_runtime": "number", "cpus": "number", "cpuset": "word",
    "credential_spec": {"config": "word", "file": "word", "registry": "word"}, "depends_on": "dependencies",
    "device_cgroup_rules": "once", "devices": "devices", "dns": "words", "dns_opt": ["word"],
    "dns_search": "words", "domainname": "word", "entrypoint": "command", "env_file": "env_files",
    "label_file": "words", "environment": "variables", "expose": ["loose"], "extends": "extends",
    "external_links": "once", "extra_hosts": "hosts", "gpus": "any", "group_add": "once",
    "healthcheck": HEALTH, "hostname": "word", "image": "word", "init": "truth", "ipc": "word",
    "isolation": "word", "labels": "pairs", "links": ["word"],
    "logging": {"driver": "word", "options": {"*": "option"}},
    "mac_address": "word", "mem_limit": "size", "mem_reservation": "size", "mem_swappiness": "size",
    "memswap_limit": "swap", "models": "any", "network_mode": "word", "networks": "attachments",
    "oom_kill_disable": "truth", "oom_score_adj": "whole", "pid": "word", "pids_limit": "whole", "platform": "word",
    "ports": "ports", "post_start": [_HOOK], "pre_stop": [_HOOK], "pre_start": [_HOOK], "privileged": "truth",
    "profiles": ["word"], "provider": "any", "pull_policy": "word", "pull_refresh_after": "word",
    "read_only": "truth", "restart": "word", "runtime": "word", "scale": "whole", "security_opt": "once",
    "shm_size": "size", "secrets": "grants", "sysctls": "pairs", "stdin_open": "truth",
    "stop_grace_period": "duration", "stop_signal": "word", "storage_opt": {"*": "any_text"}, "tmpfs": "words",
    "tty": "truth", "ulimits": {"*": "ulimit"}, "use_api_socket": "truth", "user": "word", "uts": "word",
    "userns_mode": "word", "volumes": "mounts", "volumes_from": "once", "working_dir": "word",
}  # fmt: skip
NETWORK: Kind = {
    **_SHARED, "driver": "word", "driver_opts": _OPTIONS, "internal": "truth", "enable_ipv4": "truth",
    "enable_ipv6": "truth", "attachable": "truth",
    "ipam": {
        "driver": "word", "options": {"*": "word"},
        "config": [{"subnet": "word", "ip_range": "word", "gateway": "word", "aux_addresses": {"*": "word"}}],
    },
}  # fmt: skip
VOLUME: Kind = {**_SHARED, "driver": "word", "driver_opts": _OPTIONS}
SECRET: Kind = {
    **_SHARED, "environment": "word", "file": "word", "driver": "word", "driver_opts": _OPTIONS,
    "template_driver": "word",
}  # fmt: skip
CONFIG: Kind = {
    **_SHARED, "content": "word", "environment": "word", "file": "word", "template_driver": "word",
}  # fmt: skip
FILE: Mapping[str, Kind] = {
    "version": "word", "name": "word", "include": Nullable("includes"), "services": {"*": SERVICE},
    "networks": {"*": Nullable(NETWORK)},
    "volumes": {"*": Nullable(VOLUME)}, "secrets": {"*": SECRET}, "configs": {"*": CONFIG}, "models": "any",
}  # fmt: skip
REQUIRED: Mapping[str, tuple[str, ...]] = {"ports": ("target",), "mounts": ("type", "target"), "extends": ("service",)}
