"""The images that a Compose file has built: one for each different `build`, whatever services run in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import join, normpath

from stackproof.adopt import commands, images
from stackproof.adopt.effective import Effective, effective
from stackproof.adopt.reading import Node, node, text
from stackproof.errors import UserError
from stackproof.model.builds import GivenBuild
from stackproof.model.composition import Composition
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.source import Place

# What a build of the proof would have to fetch or to know from outside the project.
_REFUSED = ("secrets", "ssh", "privileged", "entitlements")


@dataclass(frozen=True)
class Made:
    """One image: what it is built from, and how it starts as far as its Dockerfile says so."""

    build: GivenBuild
    image: Effective


def wanted(composition: Composition) -> Mapping[str, tuple[str, str]]:
    """Context and Dockerfile by service, as paths of the project; "" for a Dockerfile that is inline.

    Raises UserError for a build that reads outside of the project, or needs what no copy of it has.
    """
    found = {name: _paths(composition, name, node(service["build"])) for name, service in _built(composition)}
    return {name: paths for name, paths in found.items() if paths}


def made(composition: Composition, dockerfiles: Mapping[str, Dockerfile]) -> Mapping[str, Made]:
    """By service, as `dockerfiles` are; services whose `build` is the same share one."""
    known: dict[tuple[object, ...], Made] = {}
    found: dict[str, Made] = {}
    for name, (context, path) in wanted(composition).items():
        said = node(composition.services()[name]["build"])
        key = (context, path, repr(said.get("target")), repr(said.get("args")), repr(said.get("dockerfile_inline")))
        file = dockerfiles.get(name)
        if file is None:
            raise UserError(f"{composition.at('services', name, 'build')}: {path}: no such file", fix=_no_file(name))
        found[name] = known.setdefault(key, _made(composition, name, context, file))
    return found


def _made(composition: Composition, name: str, context: str, file: Dockerfile) -> Made:
    service = composition.services()[name]
    said = node(service["build"])
    target = text(said.get("target"))
    image = effective(file, target, arguments(composition, name))
    if image is None:
        at = composition.at("services", name, "build", "target")
        raise UserError(
            f"{at}: {file.path} has no stage {target or '(it has no FROM)'}",
            fix=f"Name one of: {', '.join(each.name or str(each.index) for each in file.stages) or 'write a FROM'}.",
        )
    build = GivenBuild(
        name=name,
        context=context,
        dockerfile=file.path,
        base=image.base,
        software=_software(image),
        target=target,
        arguments=tuple(arguments(composition, name).items()),
        contexts=tuple(_contexts(composition, name, said)),
        text=text(said["dockerfile_inline"]) if said.get("dockerfile_inline") else None,
        work_dir=image.work_dir or "/",
    )
    return Made(build, image)


def _software(image: Effective) -> str:
    found = images.holds(image.base)
    return "python" if found == "other" and commands.of_python(image.words) else found


def _built(composition: Composition) -> Iterator[tuple[str, Node]]:
    yield from ((name, service) for name, service in composition.services().items() if service.get("build"))


def _paths(composition: Composition, name: str, said: Node) -> tuple[str, str]:
    at = composition.at("services", name, "build")
    for key in _REFUSED:
        if said.get(key):
            raise UserError(
                f"{composition.at('services', name, 'build', key)}: the build of {name} needs {key}",
                fix="That is not in the project's files, so a copy cannot be built. Leave it out, or use `image:`.",
            )
    context = _inside(text(said.get("context")) or ".", at)
    if said.get("dockerfile_inline"):
        return context, ""
    path = normpath(join(context, text(said.get("dockerfile")) or "Dockerfile"))
    return context, _inside(path, at)


def _contexts(composition: Composition, name: str, said: Node) -> Iterator[tuple[str, str]]:
    at = composition.at("services", name, "build", "additional_contexts")
    for key, value in node(said.get("additional_contexts")).items():
        where = text(value)
        yield key, where if "://" in where else _inside(where, at) or "."


def _inside(path: str, at: Place) -> str:
    """As a path of the project, "" for the project itself."""
    plain = normpath(path) if "://" not in path else path
    if "://" in plain or plain.startswith(("/", "..", "~")) or path.startswith("git@"):
        raise UserError(
            f"{at}: {path} lies outside of the project",
            fix="Name the folder that holds all of it with -C: what is proved is a copy of the project's own files.",
        )
    return "" if plain == "." else plain


def _no_file(name: str) -> str:
    return f"Write it, or mend `build` of {name}; a file that git ignores is in no clone."


def shared(composition: Composition, found: Mapping[str, Made]) -> Mapping[str, Made]:
    """The same with services that only name the image that another one builds."""
    tags = {text(composition.services()[name].get("image")): made for name, made in found.items()}
    named = {name: text(service.get("image")) for name, service in composition.services().items()}
    return {**{name: tags[tag] for name, tag in named.items() if tag and tag in tags}, **found}


def inline_texts(composition: Composition) -> Mapping[str, str]:
    found = {name: text(node(service["build"]).get("dockerfile_inline")) for name, service in _built(composition)}
    return {name: said for name, said in found.items() if said}


def arguments(composition: Composition, name: str) -> Mapping[str, str]:
    """Build arguments of a service, which a FROM may use."""
    said = node(node(composition.services()[name].get("build")).get("args"))
    return {key: text(value) for key, value in said.items() if value is not None}
