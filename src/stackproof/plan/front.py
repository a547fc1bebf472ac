"""Front ends: each a service of its own, which web services and the proxy reach and no store can be reached from."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from stackproof.model.facts import Ambiguity, NodeApp
from stackproof.model.stack import (
    Assignment,
    Because,
    Health,
    Limits,
    Mount,
    NodeBuild,
    Service,
    Software,
    Stack,
)
from stackproof.plan import front_build, front_variables, knowledge, node_lines, ports, replicas
from stackproof.plan.given import APP, Given, slug
from stackproof.plan.networks import reached

_NAMES = {"next": "Next.js", "vite": "Vite"}
_PORTS = {"next": 3000, "vite": 5173}  # of the host; also of the development server
_STATIC = 8080  # where nginx listens: no port below 1024 for a user without rights
_WRITES = {  # by the development server, relative to its folder
    "next": (),
    "vite": ("node_modules/.vite", "node_modules/.vite-temp"),
}


def added(given: Given, stack: Stack) -> Stack:
    """The stack and its front ends. Raises UserError for one that cannot be built."""
    apps = given.project.all(NodeApp)
    for app in apps:
        stack = _with(given, stack, app) if app.folder else stack
    return replace(stack, notes=(*stack.notes, *(_top(app) for app in apps if not app.folder)))


def _with(given: Given, stack: Stack, app: NodeApp) -> Stack:
    name = _name(stack, app)
    build = front_build.build(given, stack, app, name)
    return replace(
        stack,
        services=(*stack.services, _service(given, stack, app, build)),
        node=(*stack.node, build),
        notes=(*stack.notes, *_notes(given, app, name)),
    )


def _name(stack: Stack, app: NodeApp) -> str:
    """By its folder; by the whole path where another service has that name."""
    names = (slug(PurePosixPath(app.folder).name), slug(app.folder), f"{slug(app.folder)}-front"[-40:].strip("-"))
    return next((name for name in names if not stack.has(name)), names[-1])


def _service(given: Given, stack: Stack, app: NodeApp, build: NodeBuild) -> Service:
    name, said = build.name, given.settings.service(build.name)
    nginx = build.kind == "static" and not given.dev
    port = said.port or (_STATIC if nginx else _PORTS[app.framework])
    publish = ports.publish(given, name, _PORTS[app.framework])
    memory, cpus, pids = _limits(given, nginx=nginx)
    uid = knowledge.NGINX_UID if nginx else knowledge.NODE_UID
    found = Service(
        name=name,
        role="front",
        image=f"{given.name}-{name}:{given.environment}",
        built=True,
        build=name,
        software=_software(nginx=nginx),
        command=_command(given, build),
        environment=_environment(given, stack, app, build),
        port=port,
        publish=publish,
        uid=uid,
        gid=uid,
        health=_health(given, said.health or app.health or "/", port),
        needs=() if nginx else front_variables.needs(stack, app),
        mounts=_sources(build) if given.dev else (),
        scratch=_scratch(given, app, build),
        tmpfs_mb=512 if given.dev else 64,
        limits=Limits(said.memory_mb or memory, said.cpus or cpus, said.pids or pids),
        grace=said.grace or 10.0,
        networks=(*reached(publish is not None, "front"), *(("out",) if said.outward else ())),
        init=given.dev,  # the development server starts processes of its own
        because=(
            Because(f"{_NAMES[app.framework]} front end in {app.folder}", app.seen),
            Because("it never shares a network with a store"),
        ),
    )
    return replace(found, replicas=replicas.count(given, found))


def _software(*, nginx: bool) -> Software:
    return "nginx" if nginx else "node"


def _command(given: Given, build: NodeBuild) -> tuple[str, ...]:
    if given.dev:
        return build.dev
    return ("node", "server.js") if build.kind == "next" else ("nginx", "-g", "daemon off;")


def _limits(given: Given, *, nginx: bool) -> tuple[int, float, int]:
    """Memory in MB, CPUs, processes. A development server compiles as it goes, and keeps what it made in memory."""
    if nginx:
        return 64, 0.5, 64
    return (2048, 2.0, 512) if given.dev else (512, 1.0, 256)


def _health(given: Given, path: str, port: int) -> Health:
    """In dev the first answer waits until the page is compiled."""
    if given.dev:
        return Health("http", path, port, interval=10.0, timeout=20.0, start_period=120.0, start_interval=1.0)
    return Health("http", path, port, interval=5.0)


def _environment(given: Given, stack: Stack, app: NodeApp, build: NodeBuild) -> tuple[Assignment, ...]:
    """Files ask nobody for anything: there, only what a user can give to their build is left."""
    theirs = front_variables.environment(stack, app)
    if build.kind == "static" and not given.dev:
        return tuple(each for each in theirs if each.settable)
    return (*_ours(given, build), *theirs)


def _ours(given: Given, build: NodeBuild) -> Iterator[Assignment]:
    mode = "development" if given.dev else "production"
    yield Assignment("NODE_ENV", mode, settable=False, because=Because("what Node's packages ask for"))
    if build.kind == "next":
        because = Because("where server.js listens")
        yield Assignment("HOSTNAME", "@{self.bind}", settable=False, because=because)
        yield Assignment("PORT", "@{self.port}", settable=False, because=because)
        quiet = Because("nothing is sent to the makers of Next.js")
        yield Assignment("NEXT_TELEMETRY_DISABLED", "1", settable=False, because=quiet)


def _sources(build: NodeBuild) -> tuple[Mount, ...]:
    """Folders alone: an editor that saves a file anew would leave the mount of a single one at the old."""
    folders = (path.rstrip("/") for path in build.copy if path.endswith("/"))
    return tuple(Mount(f"{APP}/{path}", source=f"{build.context}/{path}", read_only=True) for path in folders)


def _scratch(given: Given, app: NodeApp, build: NodeBuild) -> tuple[str, ...]:
    if not given.dev:
        return (f"{APP}/{build.output}/cache",) if build.kind == "next" else ()
    written = (".next",) if app.framework == "next" and not app.server else _WRITES[app.framework]
    return tuple(f"{APP}/{path}" for path in (*written, *((build.output,) if build.kind == "next" else ())))


def _notes(given: Given, app: NodeApp, name: str) -> Iterator[Ambiguity]:
    if node := node_lines.note(app):
        yield node
    if app.server and not app.health and not given.settings.service(name).health:
        because = "no route handler says that the front end is well; this one must answer 200"
        yield Ambiguity("health route", "/", (), because, f'services.{name}.health = "/healthz"', app.seen)
    if app.server and not app.standalone:
        because = "the configuration of Next.js does not say so; the build does, by NEXT_PRIVATE_STANDALONE"
        way = 'output: "standalone" in next.config'
        yield Ambiguity("output of Next.js", "standalone", (), because, way, app.seen)
    for variable in front_variables.withheld(app):
        because = "the build reads it, and a build's history keeps what it is given"
        yield Ambiguity("secret of a build", f"{variable.name} not given", (), because, "none", variable.seen)


def _top(app: NodeApp) -> Ambiguity:
    because = "it lies in the project's own folder, whose image is the Python application's"
    way = "none; move it to a folder of its own"
    return Ambiguity(f"front end ({_NAMES[app.framework]})", "left out", (), because, way, app.seen)
