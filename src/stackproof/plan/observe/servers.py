"""What keeps and shows what was measured: Prometheus, Grafana, and Jaeger where the code sends traces."""

from collections.abc import Iterator
from dataclasses import replace

from stackproof.model.facts import Variable
from stackproof.model.stack import Assignment, Because, Secret, Service
from stackproof.plan import knowledge, ports
from stackproof.plan.given import Given
from stackproof.plan.observe.watching import Found, Watching, after, configured, healthy, keeping, with_room

FOLDER = "deploy/monitoring"
TRACES = "OTEL_EXPORTER_OTLP_ENDPOINT"
PASSWORD = "grafana-password"  # noqa: S105  the name of a secret, not one
_DAYS = 15
_DOORS = {"grafana": 3030}  # of the host, where the usual one is a front end's


def servers(watching: Watching) -> Iterator[Found]:
    yield _prometheus(watching)
    yield _grafana(watching)
    if seen := _traces(watching.given):
        yield _jaeger(watching, seen), None


def secrets(given: Given) -> tuple[Secret, ...]:
    return (Secret(PASSWORD, "password", Because("Grafana's admin; there is no default one"), generated=given.dev),)


def traced(services: tuple[Service, ...]) -> tuple[Service, ...]:
    """Where Jaeger is there, the code's traces go to it."""
    if not any(service.name == "jaeger" for service in services):
        return services
    because = Because("the stack's own Jaeger, over OTLP")
    said = Assignment(TRACES, "http://@{jaeger.host}:4318", settable=False, because=because)
    return tuple(_sending(service, said) if service.python else service for service in services)


def _sending(service: Service, said: Assignment) -> Service:
    if not any(each.name == TRACES for each in service.environment):
        return service
    kept = tuple(said if each.name == TRACES else each for each in service.environment)
    return replace(service, environment=kept, networks=(*service.networks, *(["observe"] * _away(service))))


def _away(service: Service) -> bool:
    return "observe" not in service.networks


def _traces(given: Given) -> Variable | None:
    return next((fact for fact in given.project.all(Variable) if fact.name == TRACES), None)


def _prometheus(watching: Watching) -> Found:
    words = (
        "--config.file=/etc/prometheus/stackproof/prometheus.yml",
        "--storage.tsdb.path=/prometheus",
        f"--storage.tsdb.retention.time={_DAYS}d",
        "--web.listen-address=@{self.bind}:@{self.port}",
    )
    why = Because("asks every service and exporter for its numbers, keeps them 15 days, and raises alerts")
    found = watching.service("prometheus", "prometheus", knowledge.PROMETHEUS_IMAGE, 9090, 65534, words, why)
    roomy = with_room(found, 512, 0.5, watching.given)
    here = configured(roomy, f"{FOLDER}/{watching.given.environment}/prometheus", "/etc/prometheus/stackproof")
    published = _published(watching.given, healthy(replace(here, metrics="/metrics"), "/-/ready"), only_dev=True)
    return keeping(published, "/prometheus", "what Prometheus has measured")


def _grafana(watching: Watching) -> Found:
    why = Because("dashboards of the services that are there")
    found = watching.service("grafana", "grafana", knowledge.GRAFANA_IMAGE, 3000, 472, (), why)
    said = (
        ("GF_SECURITY_ADMIN_PASSWORD__FILE", f"@{{secret.{PASSWORD}}}"),
        ("GF_AUTH_ANONYMOUS_ENABLED", "false"),
        ("GF_USERS_ALLOW_SIGN_UP", "false"),
        ("GF_ANALYTICS_REPORTING_ENABLED", "false"),
        ("GF_ANALYTICS_CHECK_FOR_UPDATES", "false"),
        ("GF_PLUGINS_PREINSTALL_DISABLED", "true"),
        ("GF_PATHS_PROVISIONING", "/etc/grafana/stackproof/provisioning"),
    )
    environment = tuple(Assignment(name, value, settable=False) for name, value in said)
    here = configured(
        with_room(replace(found, environment=environment, secrets=(PASSWORD,)), 256, 0.5, watching.given),
        f"{FOLDER}/{watching.given.environment}/grafana", "/etc/grafana/stackproof",
    )  # fmt: skip
    published = _published(watching.given, healthy(after(here, "prometheus"), "/api/health"), only_dev=False)
    return keeping(published, "/var/lib/grafana", "Grafana's users and preferences")


def _jaeger(watching: Watching, fact: Variable) -> Service:
    why = Because("the code sends traces where this variable says", fact.seen)
    found = watching.service("jaeger", "jaeger", knowledge.JAEGER_IMAGE, 16686, 10001, (), why)
    roomy = with_room(found, 512, 0.5, watching.given)
    listen = Assignment("JAEGER_LISTEN_HOST", "@{self.bind}", settable=False, because=Because("not on loopback alone"))
    return _published(watching.given, replace(roomy, environment=(listen,)), only_dev=True)


def _published(given: Given, service: Service, *, only_dev: bool) -> Service:
    """On loopback in dev; Grafana in stage too; in prod where the settings name a port."""
    said = given.settings.service(service.name).publish
    if service.port is None or said is False:
        return service
    if said is None and not (given.dev or (given.environment == "stage" and not only_dev)):
        return service
    first = _DOORS.get(service.name, service.port) if said is None or said is True else said
    return replace(service, publish=ports.opened(given, service.name, first), networks=("edge", *service.networks))
