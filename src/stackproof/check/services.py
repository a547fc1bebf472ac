"""Services of the Compose files, each with the Dockerfile that its image is built from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from posixpath import join

from stackproof.check.images import Configured, configured
from stackproof.check.reading import Node, inside, node, nodes, text, texts
from stackproof.model.composition import Composition
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Inspected
from stackproof.model.source import Place


@dataclass(frozen=True, eq=False)
class Service:
    """`context` is the build's folder in the project; None where nothing of the project is built, or it is outside."""

    name: str
    spec: Node
    composition: Composition
    context: str | None
    dockerfile: Dockerfile | None
    image: Configured | None  # None where its Dockerfile was not found, or has no such stage

    def at(self, *path: str | int) -> Place:
        return self.composition.at("services", self.name, *path)

    @property
    def words(self) -> tuple[str, ...]:
        """What is run, as far as the files say so."""
        entrypoint, command = texts(self.spec.get("entrypoint")), texts(self.spec.get("command"))
        if entrypoint:
            return (*entrypoint, *command)
        if command:
            return (*(self.image.entrypoint if self.image else ()), *command)
        return self.image.words if self.image else ()

    @property
    def environment(self) -> Mapping[str, str]:
        """Of the image and of the service; "" for a value that comes from outside."""
        own = {name: text(value) for name, value in node(self.spec.get("environment")).items()}
        return {**(self.image.environment if self.image else {}), **own}

    @property
    def replicas(self) -> int:
        said = node(self.spec.get("deploy")).get("replicas", self.spec.get("scale"))
        return said if isinstance(said, int) else 1

    @property
    def user(self) -> str:
        return text(self.spec.get("user")) or (self.image.user if self.image else "")

    @property
    def mounts(self) -> tuple[Node, ...]:
        return nodes(self.spec.get("volumes"))

    @property
    def health(self) -> tuple[str, ...]:
        """The test of its own health check; nothing where it has none, or switches the image's off."""
        said = node(self.spec.get("healthcheck"))
        words = texts(said.get("test"))
        return () if said.get("disable") is True or words[:1] == ("NONE",) else words

    @property
    def is_checked(self) -> bool:
        """By a health check of its own or of its image."""
        said = node(self.spec.get("healthcheck"))
        switched_off = said.get("disable") is True or texts(said.get("test"))[:1] == ("NONE",)
        return not switched_off and (bool(self.health) or bool(self.image and self.image.has_health_check))


@lru_cache(maxsize=4)
def services(inspected: Inspected) -> tuple[Service, ...]:
    """Of every composition, in order."""
    return tuple(each for composition in inspected.compositions for each in _of(composition, inspected))


def built(inspected: Inspected) -> Iterator[tuple[Service, Configured]]:
    """Services whose image is built from a Dockerfile that was read."""
    yield from ((service, service.image) for service in services(inspected) if service.image)


def of(composition: Composition, inspected: Inspected) -> Mapping[str, Service]:
    return {each.name: each for each in services(inspected) if each.composition is composition}


def _of(composition: Composition, inspected: Inspected) -> Iterator[Service]:
    made = [_service(name, node(spec), composition, inspected) for name, spec in composition.services().items()]
    shared = {text(each.spec.get("image")): each for each in made if each.image and each.spec.get("image")}
    for each in made:
        builder = shared.get(text(each.spec.get("image"))) if "build" not in each.spec else None
        yield _sharing(each, builder) if builder else each


def _sharing(service: Service, builder: Service) -> Service:
    """It runs the image that another service builds."""
    return Service(service.name, service.spec, service.composition, builder.context, builder.dockerfile, builder.image)


def _service(name: str, spec: Node, composition: Composition, inspected: Inspected) -> Service:
    build = node(spec.get("build"))
    context = inside(text(build.get("context")) or ".") if build else None
    dockerfile = None
    if context is not None and "dockerfile_inline" not in build:
        path = inside(join(context, text(build.get("dockerfile")) or "Dockerfile"))
        dockerfile = inspected.by_path.get(path or "")
    image = configured(dockerfile, text(build.get("target"))) if dockerfile else None
    return Service(name, spec, composition, context, dockerfile, image)
