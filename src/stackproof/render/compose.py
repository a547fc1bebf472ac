"""The stack of each environment as a Compose file that stands alone."""

from collections.abc import Iterator, Mapping

import yaml

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import Assignment, EnvironmentName, Health, Mount, Service, Stack
from stackproof.render import environment, node_compose
from stackproof.render.references import TMP, Inside, seconds

_CONDITIONS = {
    "started": "service_started",
    "healthy": "service_healthy",
    "completed": "service_completed_successfully",
}
_LOGS = {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}}


def path(name: EnvironmentName) -> str:
    return f"deploy/compose.{name}.yaml"


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    for stack in stacks.values():
        yield Artifact(path(stack.environment), _head(stack) + _yaml(_document(stack)))


def _document(stack: Stack) -> dict[str, object]:
    return {
        "name": stack.name,
        "services": {service.name: _service(stack, service) for service in stack.services},
        "networks": {
            network.name: {"name": f"{stack.name}-{network.name}"} | ({"internal": True} if network.internal else {})
            for network in stack.networks
        },
        "volumes": {volume.name: {"name": f"{stack.name}-{volume.name}"} for volume in stack.volumes},
        "secrets": {
            "ca": {"file": "${STACKPROOF_CA_BUNDLE:-/dev/null}"},
            **{each.name: {"file": f"./secrets/{stack.environment}/{each.name}"} for each in stack.secrets},
        },
    }


def _service(stack: Stack, service: Service) -> dict[str, object]:
    inside = Inside(stack, service)
    said: dict[str, object] = {
        "image": service.image,
        # Without it Compose asks the public registry for an image of this name before it builds ours.
        "pull_policy": "never" if service.built else None,
        "build": (node_compose.section(stack, service) or _build(stack)) if service.built else None,
        "profiles": list(service.profiles),
        "command": [_literal(word) for word in inside.command()],
        "environment": {each.name: _value(stack, inside, each) for each in service.environment if _said(each)},
        "secrets": list(service.secrets),
        "user": f"{service.uid}:{service.gid}",
        "ports": _ports(service),
        "depends_on": {need.service: {"condition": _CONDITIONS[need.condition]} for need in service.needs},
        "healthcheck": _healthcheck(inside, service.health),
        "restart": service.restart,
        "stop_grace_period": seconds(service.grace),
        "init": service.init,
        "read_only": service.read_only,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "tmpfs": [_scratch(service, folder) for folder in (TMP, *service.scratch)],
        "volumes": [_mount(mount) for mount in service.mounts],
        "networks": _networks(service),
        "deploy": _deploy(stack, service),
        "logging": _LOGS,
    }
    return {key: value for key, value in said.items() if value}


def _build(stack: Stack) -> dict[str, object]:
    return {"context": "..", "dockerfile": "Dockerfile", "target": stack.build.target, "secrets": ["ca"]}


def _said(assignment: Assignment) -> bool:
    """A fixed one without value is never set: the code gets it as a file."""
    return assignment.settable or assignment.value is not None


def _scratch(service: Service, folder: str) -> str:
    return f"{folder}:size={service.tmpfs_mb}m,uid={service.uid},gid={service.gid},mode=1777"


def _deploy(stack: Stack, service: Service) -> dict[str, object]:
    resources: dict[str, object] = {"limits": _limits(service)}
    if stack.environment == "prod":
        resources["reservations"] = _reservations(service)
    return ({"replicas": service.replicas} if service.replicas > 1 else {}) | {"resources": resources}


def _value(stack: Stack, inside: Inside, assignment: Assignment) -> str | None:
    """Fixed values stand as they are. Others come from the environment's file; null: not set unless it is set there."""
    value = None if assignment.value is None else inside.text(assignment.value)
    if not assignment.settable:
        return _literal(value or "")
    if assignment.required and value is None:
        return f"${{{assignment.name}:?set it in {environment.used(stack.environment)}}}"
    if value is None or not _balanced(value):
        return None
    return f"${{{assignment.name}:-{_literal(value)}}}"


def _balanced(text: str) -> bool:
    """Whether a default can stand between `${NAME:-` and `}`; otherwise the code's own default applies, unsaid."""
    if "\n" in text:
        return False
    depth = 0
    for letter in text:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth < 0:
            return False
    return depth == 0


def _literal(text: str) -> str:
    """Compose reads `$` as the begin of a variable."""
    return text.replace("$", "$$")


def _ports(service: Service) -> list[dict[str, object]]:
    published = [*((service.publish,) if service.publish else ()), *service.more]
    return [
        {"host_ip": each.address, "published": str(each.port), "target": each.target or service.port}
        for each in published
    ]


def _healthcheck(inside: Inside, health: Health | None) -> dict[str, object]:
    if health is None:  # our own images have a check that must not be inherited; the others have none
        return {"disable": True} if inside.service.built else {}
    return {
        "test": ["CMD", *(_literal(word) for word in inside.probe(health))],
        "interval": seconds(health.interval),
        "timeout": seconds(health.timeout),
        "retries": health.retries,
        "start_period": seconds(health.start_period),
        "start_interval": seconds(health.start_interval),
    }


def _networks(service: Service) -> object:
    if not service.aliases:
        return list(service.networks)
    return {name: {"aliases": list(service.aliases)} for name in service.networks}


def _mount(mount: Mount) -> dict[str, object]:
    if mount.volume:
        said: dict[str, object] = {"type": "volume", "source": mount.volume, "target": mount.path}
    else:
        source = mount.source or ""  # an absolute path is the host's own
        said = {"type": "bind", "source": source if source.startswith("/") else f"../{source}", "target": mount.path}
    return said | ({"read_only": True} if mount.read_only else {})


def _limits(service: Service) -> dict[str, object]:
    limits = service.limits
    return {"cpus": f"{limits.cpus:g}", "memory": f"{limits.memory_mb}M", "pids": limits.pids}


def _reservations(service: Service) -> dict[str, object]:
    """What a scheduler keeps free for it: a quarter of what it may take."""
    limits = service.limits
    return {"cpus": f"{limits.cpus / 4:g}", "memory": f"{limits.memory_mb // 4}M"}


def _head(stack: Stack) -> str:
    file, wait = path(stack.environment), " --wait" if all(_awaitable(each) for each in stack.active()) else ""
    return (
        "# Written by stackproof; change stackproof.toml and render again.\n"
        f"# docker compose -f {file} --env-file {environment.used(stack.environment)} up -d{wait}\n"
    )


def _awaitable(service: Service) -> bool:
    """`--wait` takes a job that has ended, and a check that is switched off, for a failure."""
    return not service.one_shot and (service.health is not None or not service.built)


def _yaml(document: dict[str, object]) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)


class _Dumper(yaml.SafeDumper):
    """Repeats what is the same in several services instead of pointing at it: every service reads on its own."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True
