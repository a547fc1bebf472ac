"""A composition, its Dockerfiles and what is known of the project as the Stack of one environment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from stackproof.adopt.apart import apart
from stackproof.adopt.builds import Made, made, shared
from stackproof.adopt.copy import Started, copied, from_deploy, host_names
from stackproof.adopt.health import probe
from stackproof.adopt.reading import named, node, text
from stackproof.adopt.service import Around, is_secret, service, words
from stackproof.errors import UserError
from stackproof.model.adopted import Adopted
from stackproof.model.builds import Build, GivenBuild, Install
from stackproof.model.composition import Composition
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.settings import Settings
from stackproof.model.source import SourceTree
from stackproof.model.stack import (
    Because,
    CeleryPlan,
    EnvironmentName,
    Network,
    Secret,
    Service,
    Stack,
    TaskRequest,
    Volume,
)

_LONG = 6  # letters


@dataclass(frozen=True)
class Asked:
    """What the stack is made for.

    `ports` are free ones, in the order of the files; () keeps those of the files. `proof`: secrets are made for it,
    because a proof uses nobody's real key. `planned` is the stack that stackproof would render itself; None where it
    cannot, with the reason in `unplanned`.
    """

    name: str  # that the engine sees, without the environment
    environment: EnvironmentName
    settings: Settings
    ports: tuple[int, ...] = ()
    profiles: frozenset[str] = frozenset()
    proof: bool = False
    planned: Stack | None = None
    unplanned: str = ""


def adopt(given: Composition, dockerfiles: Mapping[str, Dockerfile], tree: SourceTree, asked: Asked) -> Stack:
    """`dockerfiles` by service.

    Raises UserError where no copy of the stack can be made.
    """
    images = shared(given, made(given, dockerfiles))
    own = apart(given, asked.ports, _known(tree), asked.profiles)
    tags = {each.build.name: f"{asked.name}-{each.build.name}:{asked.environment}".lower() for each in images.values()}
    around = Around(own.composition, images, tags, host_names(given))
    services = tuple(service(around, name) for name in given.services())
    secrets = tuple(_secrets(given)) if asked.proof else ()
    folder = f"deploy/secrets/{asked.environment}"
    document = copied(
        own.composition,
        f"{asked.name}-{asked.environment}",
        {name: tags[each.build.name] for name, each in images.items()},
        {each.name: f"{folder}/{each.name}" for each in secrets},
    )
    builds = _python_first(images)
    stack = Stack(
        project=asked.name,
        environment=asked.environment,
        services=services,
        volumes=tuple(_volumes(own.composition)),
        networks=tuple(_networks(own.composition, services)),
        build=_python(asked.planned, builds),
        bounds=asked.settings.bounds,
        celery=_celery(asked.planned, services),
        task=_task(asked.settings.task, services),
        notes=own.notes,
        secrets=secrets,
        metered=asked.settings.metered,
        shared=asked.settings.shared,
        pace=asked.settings.pace,
        headers=asked.settings.headers,
        advisories=asked.settings.advisories,
        adopted=Adopted(
            given.files,
            from_deploy(given, _started(given, images)),
            document,
            builds,
            tuple(_hidden(given)),
            asked.unplanned,
        ),
    )
    _refuse_circles(stack, given)
    return stack


def _started(given: Composition, images: Mapping[str, Made]) -> Mapping[str, Started]:
    found = {name: images[name].image if name in images else None for name in given.services()}
    return {
        name: (words(given.services()[name], image), probe(given.services()[name], image))
        for name, image in found.items()
    }


def _known(tree: SourceTree) -> frozenset[str]:
    """Files, and the folders that they lie in."""
    folders = {path[:end] for path in tree.paths for end in range(len(path)) if path[end] == "/"}
    return frozenset({*tree.paths, *folders})


def _python_first(images: Mapping[str, Made]) -> tuple[GivenBuild, ...]:
    found = {each.build.name: each.build for each in images.values()}
    return tuple(sorted(found.values(), key=lambda each: each.software != "python"))


def _python(planned: Stack | None, builds: tuple[GivenBuild, ...]) -> Build:
    """What is known of the Python code, under the name of the first image that it runs in."""
    name = builds[0].name if builds else ""
    if planned:
        return replace(planned.build, name=name, base=builds[0].base if builds else "")
    nothing = Install("pip", "", None, None, ())
    return Build("", "", builds[0].base if builds else "", "", nothing, (), ("",), "runtime", name=name)


def _celery(planned: Stack | None, services: tuple[Service, ...]) -> CeleryPlan | None:
    """As the code has it, with the store that the workers of the files talk to."""
    if planned is None or planned.celery is None:
        return None
    said = " ".join(each.value or "" for one in services if one.role == "worker" for each in one.environment)
    stores = (each.name for each in services if each.role == "store" and f"@{{{each.name}.host}}" in said)
    return replace(planned.celery, broker=next(stores, ""))


def _task(said: TaskRequest | None, services: tuple[Service, ...]) -> TaskRequest | None:
    """Its service may have another name in the files, where only one can be meant."""
    web = [each.name for each in services if each.role == "web"]
    if said is None or said.service in {each.name for each in services}:
        return said
    return replace(said, service=web[0]) if len(web) == 1 else None


def _volumes(composition: Composition) -> Iterator[Volume]:
    for name in named(composition.document.get("volumes")):
        yield Volume(name, Because("the Compose file has it", composition.at("volumes", name)))


def _networks(composition: Composition, services: tuple[Service, ...]) -> Iterator[Network]:
    """Those that services are on."""
    said = named(composition.document.get("networks"))
    for name in dict.fromkeys(each for one in services for each in one.networks):
        yield Network(name, internal=said.get(name, {}).get("internal") is True)


def _secrets(composition: Composition) -> Iterator[Secret]:
    for name in named(composition.document.get("secrets")):
        yield Secret(name, "given", Because("the Compose file has it", composition.at("secrets", name)))


def _hidden(composition: Composition) -> Iterator[str]:
    said = [(variable.name, variable.value or "") for variable in composition.variables]
    for each in composition.services().values():
        said += [(name, text(value)) for name, value in node(each.get("environment")).items()]
    yield from dict.fromkeys(value for name, value in said if is_secret(name) and _worth_hiding(value))


def _worth_hiding(value: str) -> bool:
    """No plain word and no number: to take it out would spoil much else, and nobody takes it for a secret."""
    return len(value) >= _LONG and not value.isalpha() and not value.replace(".", "").isdigit()


def _refuse_circles(stack: Stack, composition: Composition) -> None:
    try:
        stack.active(frozenset(name for each in stack.services for name in each.profiles))
    except ValueError:
        raise UserError(
            f"{composition.at('services')}: services wait for each other in a circle",
            fix="Take one of their `depends_on` away: none of them can ever start.",
        ) from None
