"""Every container's log, shipped by Grafana Alloy and kept by Loki."""

from collections.abc import Iterator
from dataclasses import replace

from stackproof.model.stack import Because, Mount
from stackproof.plan import knowledge
from stackproof.plan.observe.servers import FOLDER
from stackproof.plan.observe.watching import Found, Watching, after, configured, healthy, keeping, with_room

SOCKET = "/var/run/docker.sock"


def shipping(watching: Watching) -> Iterator[Found]:
    yield _loki(watching)
    yield _alloy(watching)


def _loki(watching: Watching) -> Found:
    why = Because("keeps the log lines of every container for a week")
    words = ("-config.file=/etc/loki/stackproof/loki.yaml",)
    found = watching.service("loki", "loki", knowledge.LOKI_IMAGE, 3100, 10001, words, why)
    here = configured(
        with_room(found, 512, 0.5, watching.given),
        f"{FOLDER}/{watching.given.environment}/loki",
        "/etc/loki/stackproof",
    )
    return keeping(here, "/loki", "log lines")


def _alloy(watching: Watching) -> Found:
    """Root without a capability: the engine's socket is root's, and its group has another number on each host."""
    why = Because("reads the logs that the engine keeps, over its socket, and sends them to Loki")
    words = (
        "run",
        "--server.http.listen-addr=0.0.0.0:12345",
        "--storage.path=/var/lib/alloy/data",
        "/etc/alloy/stackproof/config.alloy",
    )
    found = watching.service("alloy", "alloy", knowledge.ALLOY_IMAGE, 12345, 0, words, why)
    here = configured(
        with_room(after(found, "loki"), 256, 0.25, watching.given),
        f"{FOLDER}/{watching.given.environment}/alloy", "/etc/alloy/stackproof",
    )  # fmt: skip
    listening = replace(here, mounts=(*here.mounts, Mount(SOCKET, source=SOCKET, read_only=True)))
    return keeping(healthy(listening, "/-/ready"), "/var/lib/alloy/data", "how far each log was read")
