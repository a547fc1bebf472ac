"""nginx in front of the web services: in stage and prod the only one that is published, in dev a profile."""

from dataclasses import replace

from stackproof.model.facts import NodeApp, WebSocket
from stackproof.model.parts import Because, Proxy, Route, Secret
from stackproof.model.source import Place
from stackproof.model.stack import Assignment, EnvironmentName, Health, Limits, Mount, Need, Publish, Service, Stack
from stackproof.plan import knowledge, ports
from stackproof.plan.given import Given
from stackproof.plan.web import SERVICE as API

NAME = "proxy"
HTTP, HTTPS = 8080, 8443  # inside the container, where no root is needed for them; the same of the host in dev
FOLDER = "/etc/nginx/stackproof"
_UID = 101  # user `nginx` of the official image
_CERTIFICATE, _KEY = "tls-certificate", "tls-key"
_FILES = {"next": "/_next/static/", "static": "/assets/"}  # named after their contents by the tools that make them


def added(given: Given, stack: Stack) -> Stack:
    """The stack with the proxy in front, where there is something to stand in front of."""
    behind = tuple(service for service in stack.services if service.role in ("web", "front"))
    if not behind or given.settings.proxy is False:
        return stack
    proxy = _proxy(given, stack, behind)
    services = tuple(_behind(given, service) for service in stack.services)
    return replace(
        stack,
        services=(*services, _service(given, proxy, behind)),
        proxy=proxy,
        secrets=(*stack.secrets, *_pair(given)),
    )


def _proxy(given: Given, stack: Stack, behind: tuple[Service, ...]) -> Proxy:
    here = given.settings.environment(given.environment)
    asked = next((service for service in behind if service.name == API), behind[0])
    return Proxy(
        service=NAME,
        routes=_routes(given, stack, behind),
        server_name=here.server_name or "_",
        https_port=here.https or HTTPS + ports.offset(given, given.environment),
        health=asked.health.target if asked.health else "/",
        health_service=asked.name,
    )


def _routes(given: Given, stack: Stack, behind: tuple[Service, ...]) -> tuple[Route, ...]:
    """One prefix for each service; what is left goes to the front end, or to the API where there is none."""
    front = next((service for service in behind if service.role == "front"), None)
    routes = [Route("/", front.name)] if front else []
    for service in behind:
        if service.role == "web" and (prefix := _prefix(given, service.name, front is not None)):
            routes.append(Route(prefix, service.name))
            routes += _sockets(given, service.name) if service.name == API else []
    if front and (kind := next((build.kind for build in stack.node if build.name == front.name), None)):
        routes.append(Route(_FILES[kind], front.name, cached=True, limited=False))
    return tuple(routes)


def _prefix(given: Given, service: str, has_front: bool) -> str | None:
    if said := given.settings.service(service).route:
        return said
    if service != API:
        return None  # for the other services alone
    return "/api/" if has_front else "/"


def _sockets(given: Given, service: str) -> list[Route]:
    return [
        Route(fact.path, service, websocket=True, sticky=fact.polling, limited=False)
        for fact in given.project.all(WebSocket)
    ]


def _behind(given: Given, service: Service) -> Service:
    """A web service may believe what the proxy says about the client."""
    if service.role not in ("web", "front"):
        return service
    believes = Assignment(
        "FORWARDED_ALLOW_IPS", "*", settable=False,
        because=Because("nobody but the proxy reaches it: what that says of the client is true"),
    )  # fmt: skip
    environment = (*service.environment, believes) if service.role == "web" and not given.dev else service.environment
    return replace(service, environment=environment)


def _service(given: Given, proxy: Proxy, behind: tuple[Service, ...]) -> Service:
    said = given.settings.service(NAME)
    here = given.settings.environment(given.environment)
    address = here.address or "127.0.0.1"
    http = here.http or HTTP + ports.offset(given, given.environment)
    return Service(
        name=NAME,
        role="proxy",
        software="nginx",
        image=knowledge.NGINX_IMAGE,
        built=False,
        command=("nginx", "-c", f"{FOLDER}/nginx.conf", "-g", "daemon off;"),
        port=HTTPS,
        publish=Publish(address, proxy.https_port, HTTPS, "https"),
        more=(Publish(address, http, HTTP),),
        uid=_UID,
        gid=_UID,
        health=Health("http", proxy.healthy, proxy.inside, interval=5.0),
        needs=tuple(Need(service.name) for service in behind if any(r.service == service.name for r in proxy.routes)),
        mounts=(Mount(FOLDER, source=_folder(given.environment), read_only=True),),
        secrets=(_CERTIFICATE, _KEY),
        tmpfs_mb=128,
        limits=Limits(said.memory_mb or 128, said.cpus or 0.5, said.pids or 64),
        grace=said.grace or 15.0,
        networks=("edge", "front"),
        profiles=(NAME,) if given.dev else (),
        because=(
            Because("the only service of the stack that is published: TLS, limits and headers are in one place"),
            *(Because(f"{route.prefix} goes to {route.service}", _seen(given, route)) for route in proxy.routes),
        ),
    )


def _folder(environment: EnvironmentName) -> str:
    return f"deploy/nginx/{environment}"


def _seen(given: Given, route: Route) -> Place | None:
    if route.websocket:
        return next(fact.seen for fact in given.project.all(WebSocket) if fact.path == route.prefix)
    front = given.project.first(NodeApp)
    return front.seen if front and route.cached else given.settings.place(f"services.{route.service}.route")


def _pair(given: Given) -> tuple[Secret, ...]:
    made = given.environment != "prod"
    because = Because("self-signed where nobody gives one" if made else "of the host name that clients ask for")
    return (
        Secret(_CERTIFICATE, "tls-certificate", because, generated=made),
        Secret(_KEY, "tls-key", because, generated=made),
    )
