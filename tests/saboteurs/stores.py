"""What breaks the promises about stores, shared state and what must survive, one at a time."""

from dataclasses import replace

import yaml

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import Service
from tests.saboteurs import Saboteur
from tests.saboteurs.edits import DOCKER, compose, service, source
from tests.saboteurs.images import rendered

_ASSISTANT = "personal-assistant"
_NOTES, _METRICS = "src/apps/fastapi_app/routes/notes.py", "src/apps/fastapi_app/middleware/request_context.py"
_SECOND = "migrations/versions/0002_memories_and_events.py"
_PROMETHEUS = "deploy/monitoring/prod/prometheus/prometheus.yml"
_TEXT, _ALL = "s/^user probe .*/user probe on nopass ~* +@all/", "probe.acl"


def _all_powerful(one: Service) -> Service:
    """The health check's user still answers it, and every application still logs in: nothing else shows it."""
    acl = next(word for word in one.command if word.startswith("@{secret."))
    words = " ".join(f"'{word}'" for word in one.command)
    changed = words.replace(acl, f"/tmp/{_ALL}")
    return replace(one, command=("sh", "-c", f"sed '{_TEXT}' {acl} > /tmp/{_ALL} && exec {changed}"))


def _on_the_stores_network(said: dict[str, object]) -> dict[str, object]:
    networks = said["networks"]
    assert isinstance(networks, list)
    return {**said, "networks": [*networks, "back"]}


def _leading_out(artifacts: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
    def opened(text: str) -> str:
        document = yaml.safe_load(text)
        assert document["networks"]["back"].pop("internal") is True
        return yaml.safe_dump(document, sort_keys=False)

    return rendered("deploy/compose.prod.yaml", opened)(artifacts)


def _for_forty(one: Service) -> Service:
    words = tuple("max_connections=40" if word.startswith("max_connections=") else word for word in one.command)
    assert words != one.command
    return replace(one, command=words)


def _swapped(text: str) -> str:
    document = yaml.safe_load(text)
    document["secrets"]["agent-token"]["file"] = document["secrets"]["jwt-secret"]["file"]
    return yaml.safe_dump(document, sort_keys=False)


def _elsewhere(text: str) -> str:
    document = yaml.safe_load(text)
    for job in document["scrape_configs"]:
        for found in job.get("dns_sd_configs", []):
            found["port"] = 8999 if job["job_name"] == "api" else found["port"]
    return yaml.safe_dump(document, sort_keys=False)


def _in_memory(one: Service) -> Service:
    """A file system in memory at the very place where the volume was."""
    (mount,) = one.mounts
    return replace(one, mounts=(), scratch=(*one.scratch, mount.path), tmpfs_mb=512)


def _schema_alone(text: str) -> str:
    assert "pg_dump --format=custom" in text
    return text.replace("pg_dump --format=custom", "pg_dump --schema-only --format=custom")


STORES: tuple[Saboteur, ...] = (
    Saboteur(
        "SP315-redis-refuses",
        "the user of the health check, who has no password, may do everything",
        "redis answers GET stackproof as the user of the health check",
        stack=service("redis", _all_powerful),
        on=DOCKER,
    ),
    Saboteur(
        "SP316-networks-apart",
        "the rendered file puts the proxy on the stores' network, too",
        "proxy can connect to redis, although they share no network",
        artifacts=compose("proxy", _on_the_stores_network),
        on=DOCKER,
    ),
    Saboteur(
        "SP316-networks-apart",
        "the stores' network is not internal in the rendered file",
        "redis gets out of the stack",
        artifacts=_leading_out,
        on=DOCKER,
    ),
    Saboteur(
        "SP317-pools-fit",
        "the server is started with room for 40 connections",
        "the server takes 37 connections, and the pools may open",
        stack=service("postgres", _for_forty),
        example=_ASSISTANT,
    ),
    Saboteur(
        "SP318-migrations",
        "the way down of the second migration does nothing",
        "down: `alembic -c alembic.ini downgrade base` ended with code 1",
        tree=source(_SECOND, '    op.drop_table("events")\n    op.drop_table("memories")\n', "    pass\n"),
        example=_ASSISTANT,
    ),
    Saboteur(
        "SP319-state-shared",
        "notes are kept in the memory of the process that took them",
        "what POST /api/v1/notes wrote: ",
        tree=lambda tree: source(
            _NOTES, "    row = await run(lambda session: owned.get(session, me.user_id, Note, row_id))\n    if row",
            "    row = _KEPT.get(row_id)\n    if row",
        )(source(
            _NOTES, "    await run(lambda session: session.add(row))\n    return answer\n",
            "    _KEPT[row.id] = row\n    return answer\n\n\n_KEPT: dict[str, Note] = {}\n",
        )(tree)),
        example=_ASSISTANT,
    ),
    Saboteur(
        "SP320-metrics-sum",
        "every request is counted twice",
        "http_requests_total grew by 120 while 60 requests were answered",
        tree=source(_METRICS, "metrics.REQUESTS.labels(method, route, str(status)).inc()",
                    "metrics.REQUESTS.labels(method, route, str(status)).inc(2)"),
        example=_ASSISTANT,
    ),
    Saboteur(
        "SP321-targets-up",
        "Prometheus asks the API on a port where nobody listens",
        "api at http://",
        artifacts=rendered(_PROMETHEUS, _elsewhere),
        on=DOCKER,
        example=_ASSISTANT,
    ),
    Saboteur(
        "SP322-secrets-arrive",
        "the rendered file mounts another secret under the name of one",
        "AGENT_TOKEN_FILE (a file) holds of agent-token: another text than its file on the host",
        artifacts=rendered("deploy/compose.prod.yaml", _swapped),
        on=DOCKER,
        example=_ASSISTANT,
    ),
    Saboteur(
        "SP323-data-survives",
        "the database writes to memory where its volume should be",
        "is gone after the stack was taken down and brought up",
        stack=service("postgres", _in_memory),
        on=DOCKER,
        example=_ASSISTANT,
    ),
    Saboteur(
        "SP406-backup-restores",
        "the script dumps the schema without any rows",
        "rows, and 0 after it was restored",
        artifacts=rendered("deploy/backup/stackproof_backup.sh", _schema_alone),
        on=DOCKER,
        example=_ASSISTANT,
    ),
)  # fmt: skip
