"""A stack of two services, small enough to be brought up many times: Redis and twenty lines of Python that need it."""

import json
from dataclasses import replace
from pathlib import Path

import yaml

from stackproof.model.running import Site
from stackproof.model.stack import (
    Because,
    Build,
    Health,
    Install,
    Limits,
    Mount,
    Need,
    Network,
    Publish,
    Service,
    Stack,
    Volume,
)

IMAGE = "stackproof-tiny:test"

APP = """
import http.server, os, signal, socket, sys, threading, time
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            with socket.create_connection(("redis", 6379), 1) as redis:
                redis.sendall(b"PING\\r\\n")
                well = redis.recv(16).startswith(b"+PONG") and os.path.exists("/data/file.db")
        except OSError:
            well = False
        self.send_response(200 if well else 503)
        self.end_headers()
        self.wfile.write(b"pong" if well else b"no")
print("listening", flush=True)
os.makedirs("/data", exist_ok=True)
open("/data/file.db", "a").close()
server = http.server.ThreadingHTTPServer(("0.0.0.0", 8000), Answer)
def stop(*_):
    time.sleep(float(os.environ.get("SLOW_STOP", "0")))
    os._exit(0)
signal.signal(signal.SIGTERM, stop)
server.serve_forever()
"""

DOCKERFILE = """
FROM python:3.11-slim-bookworm AS builder
RUN --mount=type=cache,target=/cache date +%s%N > /cache/stamp-$$ && ls /cache | wc -l > /warm
RUN mkdir -p /app /data && chown 10001:10001 /data

FROM python:3.11-slim-bookworm AS runtime
ENV PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY --from=builder /warm /warm
COPY --from=builder --chown=10001:10001 /data /data
RUN printf 'deleted-in-the-next-layer' > /app/gone.txt
RUN rm /app/gone.txt
ARG FLAVOUR=plain
RUN printf '%s' "$FLAVOUR" > /app/flavour
COPY app.py /app/app.py
USER 10001:10001
LABEL tiny=yes
CMD ["python", "/app/app.py"]
"""

_PROBE = "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=7); c.request('GET', '/'); "
_PROBE += "raise SystemExit(c.getresponse().status != 200)"


def stack(name: str, port: int) -> Stack:
    """`name` is the project; the engine sees `<name>-dev`."""
    health = Health("redis", "", interval=1.0, timeout=8.0, retries=2, start_period=60.0)
    because = Because("it needs it")
    redis = Service(
        "redis", "store", "redis:7-alpine", built=False, command=("redis-server",), port=6379, uid=999, gid=1000,
        health=health, limits=Limits(64, 0.5, 64), networks=("back",), grace=5.0,
    )  # fmt: skip
    web = Service(
        "web", "web", IMAGE, built=True, command=("python", "/app/app.py"), port=8000,
        publish=Publish("127.0.0.1", port),
        health=replace(health, kind="http", target="/", port=8000), needs=(Need("redis"),), grace=3.0,
        mounts=(Mount("/data", volume="data"),), limits=Limits(128, 0.75, 100), networks=("back", "front"),
    )  # fmt: skip
    install = Install("pip", "requirements.txt", None, None, ())
    build = Build("3.11", "", "python:3.11-slim-bookworm", "0.13.9", install, ("app.py",), ("",), "runtime")
    return Stack(
        name, "dev", (redis, web), (Volume("data", because),), (Network("back", True), Network("front", False)), build
    )


def compose(stack: Stack, **changes: dict[str, object]) -> str:
    """The Compose file as text; `changes` are laid over the services by name."""
    services = {service.name: {**_service(service), **changes.get(service.name, {})} for service in stack.services}
    document = {
        "name": stack.name,
        "services": services,
        "volumes": {volume.name: {"name": f"{stack.name}-{volume.name}"} for volume in stack.volumes},
        "networks": {
            network.name: {"name": f"{stack.name}-{network.name}", "internal": network.internal}
            for network in stack.networks
        },
    }
    return yaml.safe_dump(document, sort_keys=False)


def write(root: Path, stack: Stack, **changes: dict[str, object]) -> Site:
    """The project as files in `root`."""
    (root / "deploy").mkdir(parents=True, exist_ok=True)
    (root / "app.py").write_text(APP)
    (root / "Dockerfile").write_text(DOCKERFILE)
    (root / "deploy" / f"compose.{stack.environment}.yaml").write_text(compose(stack, **changes))
    return Site(root, root / ".stackproof" / stack.environment)


def _service(service: Service) -> dict[str, object]:
    assert service.health
    probe = ["CMD", "redis-cli", "-e", "ping"] if service.health.kind == "redis" else ["CMD", "python", "-c", _PROBE]
    return {
        "image": service.image,
        "command": list(service.command),
        "user": f"{service.uid}:{service.gid}",
        "ports": [f"{service.publish.address}:{service.publish.port}:{service.port}"] if service.publish else [],
        "depends_on": {need.service: {"condition": f"service_{need.condition}"} for need in service.needs},
        "volumes": [f"{mount.volume}:{mount.path}" for mount in service.mounts],
        "tmpfs": ["/data:uid=999,gid=1000"] if service.role == "store" else ["/tmp"],
        "networks": list(service.networks),
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "mem_limit": f"{service.limits.memory_mb}m",
        "cpus": service.limits.cpus,
        "pids_limit": service.limits.pids,
        "restart": "unless-stopped",
        "stop_grace_period": f"{service.grace:.0f}s",
        "healthcheck": {
            "test": probe,
            "interval": f"{service.health.interval:.0f}s",
            "timeout": f"{service.health.timeout:.0f}s",
            "retries": service.health.retries,
            "start_period": f"{service.health.start_period:.0f}s",
            "start_interval": "250ms",
        },
    }


def as_json(value: object) -> str:
    return json.dumps(value, default=str, indent=1)
