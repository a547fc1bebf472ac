"""Front ends in a plan: images, services, addresses, the Node that fits, and what is refused."""

from dataclasses import replace

import pytest

from stackproof.errors import UserError
from stackproof.model.facts import Backend, Fact, NodeApp, NodeVariable
from stackproof.model.source import Place
from stackproof.model.stack import Assignment, EnvironmentName, NodeBuild, Service, Stack
from stackproof.plan import node_lines
from tests.plan.small import ASGI, PIP, READY, ROOT, SHOP, locked, stack

HERE = Place("frontend/package.json", 9)
CODE = Place("frontend/lib/backend.ts", 4)
NEXT = NodeApp(
    folder="frontend",
    framework="next",
    server=True,
    tool="npm",
    tool_version=None,
    lock="package-lock.json",
    node=">=20.9",
    scripts=(("dev", "next dev --turbopack"), ("build", "next build")),
    files=(".npmrc", "app/", "next.config.ts", "patches/", "public/", "tsconfig.json"),
    public=True,
    standalone=True,
    variables=(NodeVariable("BACKEND_URL", "http://127.0.0.1:8000/v1/", False, False, CODE),),
    output=".next",
    health="/healthz",
    proxied=("/api/",),
    seen=HERE,
)
VITE = replace(
    NEXT,
    folder="web",
    framework="vite",
    server=False,
    scripts=(("dev", "vite"), ("build", "vite build")),
    files=("index.html", "src/", "vite.config.ts"),
    public=False,
    standalone=False,
    variables=(),
    output="dist",
    health=None,
    proxied=(),
)
API: tuple[Fact, ...] = (PIP, ROOT, ASGI, READY, locked("uvicorn", "0.54.0"))


def made(app: NodeApp, environment: EnvironmentName = "prod", said: str = "", *more: Fact) -> Stack:
    return stack(*API, app, *more, said=said, environment=environment)


def front(app: NodeApp, environment: EnvironmentName = "prod", said: str = "") -> Service:
    (found,) = (service for service in made(app, environment, said).services if service.role == "front")
    return found


def build(app: NodeApp, environment: EnvironmentName = "prod") -> NodeBuild:
    (found,) = made(app, environment).node
    return found


def variable(app: NodeApp, read: NodeVariable, environment: EnvironmentName = "prod") -> Assignment:
    service = front(replace(app, variables=(read,)), environment)
    return next(each for each in service.environment if each.name == read.name)


def read(name: str, default: str | None = None, *, inlined: bool = False, secret: bool = False) -> NodeVariable:
    return NodeVariable(name, default, inlined, secret, CODE)


def about(found: Stack) -> dict[str, str]:
    return {note.about: note.chosen for note in found.notes}


# --- the service


def test_a_next_server() -> None:
    service = front(NEXT)
    assert (service.name, service.software, service.build) == ("frontend", "node", "frontend")
    assert service.image == "shop-frontend:prod"
    assert (service.command, service.port) == (("node", "server.js"), 3000)
    assert (service.uid, service.gid, service.read_only) == (1000, 1000, True)
    assert service.scratch == ("/app/.next/cache",)
    assert service.health
    assert (service.health.kind, service.health.target) == ("http", "/healthz")
    assert [need.service for need in service.needs] == ["api"]
    assert {each.name for each in service.environment} == {
        "NODE_ENV", "HOSTNAME", "PORT", "NEXT_TELEMETRY_DISABLED", "BACKEND_URL",
    }  # fmt: skip


def test_files_are_served_by_nginx() -> None:
    service = front(VITE)
    assert (service.name, service.software, service.port) == ("web", "nginx", 8080)
    assert service.command == ("nginx", "-g", "daemon off;")
    assert (service.uid, service.gid) == (101, 101)
    assert (service.environment, service.scratch, service.needs, service.mounts) == ((), (), (), ())
    assert service.health
    assert service.health.target == "/"


@pytest.mark.parametrize("environment", ["dev", "stage", "prod"])
@pytest.mark.parametrize("app", [NEXT, VITE])
def test_no_front_end_shares_a_network_with_a_store(app: NodeApp, environment: EnvironmentName) -> None:
    redis = Backend("redis", "REDIS_URL", None, CODE)
    whole = made(app, environment, "", redis, locked("redis", "8.1.0"))
    (service,) = (each for each in whole.services if each.role == "front")
    stores = [each for each in whole.services if each.role == "store"]
    assert stores
    assert not any(set(service.networks) & set(store.networks) for store in stores)


def test_only_the_development_server_is_published_and_has_the_sources() -> None:
    dev, prod = front(NEXT, "dev"), front(NEXT)
    assert (dev.publish and dev.publish.port, prod.publish) == (3000, None)
    assert dev.command == ("next", "dev", "--turbopack", "--hostname", "@{self.bind}", "--port", "@{self.port}")
    assert [(mount.path, mount.source, mount.read_only) for mount in dev.mounts] == [
        ("/app/app", "frontend/app", True), ("/app/public", "frontend/public", True),
    ]  # fmt: skip
    assert (dev.scratch, dev.init, prod.init) == (("/app/.next",), True, False)
    assert (dev.networks, prod.networks) == (("edge", "front"), ("front",))
    assert prod.replicas > dev.replicas == 1


def test_the_development_server_of_vite() -> None:
    service = front(VITE, "dev")
    assert service.command == ("vite", "--host", "@{self.bind}", "--port", "@{self.port}", "--strictPort")
    assert (service.software, service.port, service.uid) == ("node", 5173, 1000)
    assert service.scratch == ("/app/node_modules/.vite", "/app/node_modules/.vite-temp")


def test_an_export_of_next_is_files_and_has_the_development_server_of_next() -> None:
    app = replace(NEXT, server=False, standalone=False, output="out", health=None)
    assert (front(app).software, build(app).kind, build(app).server != "") == ("nginx", "static", True)
    dev = front(app, "dev")
    assert (dev.command[:2], dev.scratch, dev.port) == (("next", "dev"), ("/app/.next",), 3000)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("next dev -p 3001", ("next", "dev", "-p", "3001")),
        ("node server.js", ("next", "dev")),
        ("next dev && echo", ("next", "dev")),
        ("next dev 'unclosed", ("next", "dev")),
        ("", ("next", "dev")),
    ],
)
def test_the_projects_own_command_where_it_is_a_plain_one(script: str, words: tuple[str, ...]) -> None:
    app = replace(NEXT, scripts=(("dev", script), ("build", "next build")))
    assert build(app, "dev").dev == (*words, "--hostname", "@{self.bind}", "--port", "@{self.port}")


def test_settings() -> None:
    said = (
        '[services.frontend]\nhealth = "/up"\nport = 4000\nmemory_mb = 300\ncpus = 0.3\npids = 99\ngrace = 20\n'
        "replicas = 3\noutward = true\npublish = false\n"
    )
    service = front(NEXT, said=said)
    assert service.health
    assert (service.health.target, service.health.port, service.port) == ("/up", 4000, 4000)
    assert (service.limits.memory_mb, service.limits.cpus, service.limits.pids) == (300, 0.3, 99)
    assert (service.grace, service.replicas, service.networks) == (20, 3, ("front", "out"))


def test_without_a_proxy_it_is_published() -> None:
    service = front(NEXT, said="proxy = false")
    assert service.publish
    assert (service.publish.port, service.networks) == (3200, ("edge", "front"))


def test_the_proxy_leads_to_it() -> None:
    found = made(NEXT).proxy
    assert found
    assert "frontend" in {route.service for route in found.routes}


@pytest.mark.parametrize(
    ("folder", "name"), [("apps/Shop_UI", "shop-ui"), ("api", "api-front"), ("apps/api", "apps-api")]
)
def test_names(folder: str, name: str) -> None:
    assert front(replace(NEXT, folder=folder)).name == name


def test_two_front_ends_of_one_name() -> None:
    whole = stack(*API, replace(VITE, folder="admin/web"), replace(VITE, folder="shop/web"), environment="prod")
    assert [each.name for each in whole.node] == ["web", "shop-web"]


def test_a_front_end_at_the_top_is_said_not_built() -> None:
    whole = made(replace(NEXT, folder=""))
    assert whole.node == ()
    assert about(whole)["front end (Next.js)"] == "left out"


def test_any_web_application_can_be_the_back_end() -> None:
    app = replace(NEXT, variables=(read("API_URL", "http://elsewhere"),))
    assert stack(*SHOP, app, environment="dev").service("frontend").needs[0].service == "api"


# --- its variables


@pytest.mark.parametrize(
    "name", ["BACKEND_URL", "API_BASE_URL", "INTERNAL_API_URL", "UPSTREAM_ORIGIN", "API_PROXY_TARGET"]
)
def test_addresses_of_the_back_end(name: str) -> None:
    found = variable(NEXT, read(name, "http://127.0.0.1:8000/v1/"))
    assert (found.value, found.settable) == ("http://@{api.host}:@{api.port}/v1", False)
    assert str(found.because.seen) == str(CODE)


def test_a_service_by_its_name() -> None:
    said = '[services.agent]\napp = "shop.agent:app"\nport = 8001\nroute = "/agent/"\n'
    service = front(replace(NEXT, variables=(read("AGENT_URL"),)), said=said)
    assert service.environment[-1].value == "http://@{agent.host}:@{agent.port}"
    assert [need.service for need in service.needs] == ["agent"]


@pytest.mark.parametrize(
    ("asked", "value", "secret"),
    [
        (read("TITLE", "shop"), "shop", False),
        (read("TITLE"), None, False),
        (read("MAPS_URL", "https://maps.example"), "https://maps.example", False),
        (read("SESSION_SECRET", "dev", secret=True), None, True),
        (read("NEXT_PUBLIC_API_URL", "/api", inlined=True), None, False),
    ],
)
def test_what_is_left_to_the_user(asked: NodeVariable, value: str | None, secret: bool) -> None:
    found = variable(NEXT, asked)
    assert (found.value, found.settable, found.secret) == (value, True, secret)


def test_what_the_build_gets() -> None:
    app = replace(
        NEXT,
        variables=(
            read("BACKEND_URL", "http://127.0.0.1:8000", inlined=True),
            read("NEXT_PUBLIC_API_URL", inlined=True),
            read("SENTRY_AUTH_TOKEN", inlined=True, secret=True),
            read("TITLE"),
        ),
    )
    assert build(app).arguments == (("BACKEND_URL", "http://@{api.host}:@{api.port}"), ("NEXT_PUBLIC_API_URL", ""))
    assert about(made(app))["secret of a build"] == "SENTRY_AUTH_TOKEN not given"


def test_files_get_only_what_their_build_can_be_given() -> None:
    app = replace(VITE, variables=(read("BACKEND_URL", inlined=True), read("VITE_TITLE", inlined=True)))
    assert [each.name for each in front(app).environment] == ["VITE_TITLE"]
    assert {"NODE_ENV", "BACKEND_URL", "VITE_TITLE"} == {each.name for each in front(app, "dev").environment}


# --- its image


def test_what_the_image_is_made_from() -> None:
    found = build(NEXT)
    assert (found.context, found.node, found.base) == ("frontend", "24", "node:24-trixie-slim")
    assert found.manifests == ("package.json", "package-lock.json", ".npmrc", "patches/")
    assert found.copy == ("app/", "next.config.ts", "public/", "tsconfig.json")
    assert (found.kind, found.public, found.target, build(NEXT, "dev").target) == ("next", True, "runtime", "dev")


@pytest.mark.parametrize(
    ("tool", "version", "expected"),
    [
        ("npm", "10.1.0", None), ("pnpm", None, "10.34.8"), ("pnpm", "9.1.0", "9.1.0"), ("yarn", None, "1.22.22"),
        ("yarn", "1", "1.22.22"), ("yarn", "4", "4.18.1"), ("yarn", "4.9.1", "4.9.1"),
    ],
)  # fmt: skip
def test_the_version_of_the_package_manager(tool: str, version: str | None, expected: str | None) -> None:
    app = replace(NEXT, tool=tool, tool_version=version)  # type: ignore[arg-type]
    assert build(app).tool_version == expected


def test_notes() -> None:
    notes = about(made(replace(NEXT, health=None, standalone=False, node="20")))
    assert (notes["health route"], notes["output of Next.js"], notes["Node version"]) == ("/", "standalone", "20")
    assert not {"health route", "output of Next.js", "Node version"} & set(about(made(NEXT)))
    assert "health route" not in about(made(replace(NEXT, health=None), "prod", '[services.frontend]\nhealth = "/"'))


@pytest.mark.parametrize(
    ("app", "words", "fix"),
    [
        (replace(NEXT, lock=None), "frontend/package.json:9: the front end in frontend has no lock", "npm install"),
        (replace(NEXT, scripts=()), "no script that builds", '"build": "next build"'),
        (replace(VITE, scripts=()), "no script that builds", '"build": "vite build"'),
        (replace(NEXT, files=("my app/",)), "'my app/' belongs to the front end in frontend", "Rename it"),
        (replace(NEXT, node="18"), "asks for Node '18': none that we know fits", '"node"'),
    ],
)
def test_refusals(app: NodeApp, words: str, fix: str) -> None:
    with pytest.raises(UserError, match="front end") as caught:
        made(app)
    assert words in str(caught.value)
    assert fix in caught.value.fix


# --- Node


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (None, "24"), ("*", "24"), ("lts/*", "24"), ("node", "24"), (">=18", "24"), ("v22.1.0", "22"), ("22", "22"),
        ("22.x", "22"), ("^22.12.0", "22"), ("~22.1", "22"), ("=22.1.0", "22"), ("lts/jod", "22"), ('"22"', "22"),
        (">=18 <23", "22"), (">= 20.9.0 < 23", "22"), ("18 - 22", "22"), ("^18 || ^22", "22"), (">22.5 <24", "22"),
        ("<=22.99", "20"), ("20", "20"), (">24", "26"), ("26", "26"), (">=20.9.0 || latest", "24"),
    ],
)  # fmt: skip
def test_the_node_that_fits(asked: str | None, line: str) -> None:
    assert node_lines.line(replace(NEXT, node=asked)).version == line
