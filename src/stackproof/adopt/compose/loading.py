"""Compose files into a Composition: found, filled in, merged, in long form, each value with its line."""

import posixpath
import re
from collections.abc import Mapping

from stackproof.adopt.compose.defaults import completed
from stackproof.adopt.compose.interpolation import Filling, substituted
from stackproof.adopt.compose.locating import Folder
from stackproof.adopt.compose.reading import documents
from stackproof.adopt.compose.scope import Scope, Session, dotenv_files
from stackproof.adopt.compose.values import Budget, Map, Seq, places, plain, refused
from stackproof.errors import UserError
from stackproof.model.composition import Composition
from stackproof.model.source import Place, SourceTree

_DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_OVERRIDES = (
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
)  # fmt: skip


def load(
    tree: SourceTree,
    files: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
    profiles: tuple[str, ...] | None = None,
    project_name: str | None = None,
    env_files: tuple[str, ...] = (),
) -> Composition:
    """The files as Compose would load them; none given: the ones that it takes by itself.

    `environment` is the shell's; the `.env` of the project directory, or `env_files`, fill in what it lacks. With
    `profiles` only the services of these and of no profile are kept, without it all. Required variables and env files
    that are not there are left empty here; `refuse_gaps` refuses them. Raises UserError with path and line for
    everything else that Compose refuses.
    """
    shell = dict(environment or {})
    chosen = tuple(posixpath.normpath(path) for path in files) or default_files(tree, shell)
    session, base = Session(tree, shell.get("HOME", "~")), posixpath.dirname(chosen[0])
    dotenv = posixpath.join(base, ".env")
    env_files = env_files or ((dotenv,) if dotenv in tree.files else ())
    known = dotenv_files(session, env_files, shell, Place(chosen[0]))
    project = _project(tree, chosen, known, project_name)
    known["COMPOSE_PROJECT_NAME"] = project
    model = Scope(session, Folder(base, session.home), known, (chosen[0],)).model(chosen, Place(chosen[0]))
    _without_others(model, profiles)
    completed(model, project, known, session, Folder(base))
    document = plain(model)
    return Composition(
        name=project,
        files=chosen,
        read=tuple(dict.fromkeys(session.read)),
        document={**document, "name": project} if isinstance(document, dict) else {},
        places=dict(places(model)),
        variables=tuple(dict.fromkeys(session.variables)),
    )


def default_files(tree: SourceTree, environment: Mapping[str, str]) -> tuple[str, ...]:
    """What COMPOSE_FILE names, else compose.yaml before docker-compose.yml, with the override file beside it."""
    if given := environment.get("COMPOSE_FILE"):
        separator = environment.get("COMPOSE_PATH_SEPARATOR", ":")
        return tuple(posixpath.normpath(path) for path in given.split(separator) if path)
    found = [path for path in _DEFAULTS if path in tree.files]
    if not found:
        raise UserError("there is no Compose file here", fix="Name it: -f path/to/compose.yaml")
    return found[0], *[path for path in _OVERRIDES if path in tree.files][:1]


def refuse_gaps(composition: Composition) -> None:
    """Raises UserError for a required variable without a value, and for a required env file that is not there."""
    for variable in composition.variables:
        if variable.required and variable.value is None:
            problem = f"needs the variable {variable.name}"
            raise refused(variable.seen, problem, f"Set {variable.name} in the shell or in .env.")
    for name, service in composition.services().items():
        for number, each in enumerate(_items(service.get("env_file"))):
            if each.get("required", True) and each.get("path") not in composition.read:
                place = composition.at("services", name, "env_file", number)
                raise refused(place, f"{each.get('path')} is not there", "Create it, or say required: false.")


def _items(value: object) -> tuple[Mapping[str, object], ...]:
    return tuple(each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def _project(tree: SourceTree, files: tuple[str, ...], environment: Mapping[str, str], given: str | None) -> str:
    """-p, COMPOSE_PROJECT_NAME, the last `name:` of the files, the folder's name: the first of these that is there."""
    if chosen := given or environment.get("COMPOSE_PROJECT_NAME"):
        return _normal(chosen)
    for path in reversed(files):
        for document in documents(path, Session(tree, "").bytes_of(path, Place(path)), Budget()):
            name = document.get("name") if isinstance(document, Map) else None
            if isinstance(document, Map) and isinstance(name, str):
                place = document.place_of("name")
                return _normal(substituted(name, Filling(environment, lambda _: None), place))
    folder = posixpath.basename(posixpath.dirname(files[0])) or tree.name
    return _normal(folder)


def _normal(name: str) -> str:
    """As Compose makes a name of anything."""
    return re.sub(r"[^a-z0-9_-]", "", name.lower()).lstrip("_-") or "project"


def _without_others(model: Map, profiles: tuple[str, ...] | None) -> None:
    services = model.get("services")
    if profiles is None or "*" in profiles or not isinstance(services, Map):
        return
    for name, service in list(services.items()):
        own = service.get("profiles") if isinstance(service, Map) else None
        if isinstance(own, Seq) and own and not set(own) & set(profiles):
            del services[name]
