"""Files that are read together, merged into one model: with what they extend and include."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stackproof.adopt.compose import dotenv
from stackproof.adopt.compose.canonical import canonical
from stackproof.adopt.compose.interpolation import Filling, interpolated
from stackproof.adopt.compose.locating import Folder, located
from stackproof.adopt.compose.merging import merged, unique, without_resets
from stackproof.adopt.compose.reading import documents
from stackproof.adopt.compose.shapes import FILE
from stackproof.adopt.compose.values import Budget, Map, Seq, copied, plain, refused
from stackproof.model.composition import Interpolated
from stackproof.model.source import Place, SourceTree

_MOST_FILES = 200  # read in one load; includes of includes end here
_LONGEST_CHAIN = 50  # services that extend one another
_KINDS = ("services", "networks", "volumes", "secrets", "configs")


@dataclass
class Session:
    """What one load shares: the tree, how much may still be made, and what was read."""

    tree: SourceTree
    home: str
    budget: Budget = field(default_factory=Budget)
    read: list[str] = field(default_factory=list)
    variables: list[Interpolated] = field(default_factory=list)

    def bytes_of(self, path: str, asked: Place) -> bytes:
        """The file as it is in the tree. Raises UserError for one that is not, naming the place that asks for it."""
        data = self.tree.files.get(path)
        if data is None:
            raise refused(asked, f"{path} {_why(path, self.tree)}", "Correct the path, or add the file to the project.")
        self.read.append(path)
        if len(self.read) > _MOST_FILES:
            raise refused(asked, f"reads more than {_MOST_FILES} files", "Look for files that include one another.")
        return data


@dataclass
class Scope:
    """One project directory with the environment that its files are filled in from."""

    session: Session
    folder: Folder
    environment: Mapping[str, str]
    including: tuple[str, ...] = ()
    extended: dict[str, Map] = field(default_factory=dict)  # files read for what a service in them is extended

    def model(self, files: tuple[str, ...], asked: Place) -> Map:
        """The files in their order, each with its extends applied, and then what they include."""
        model = Map(Place(files[0]))
        for path in files:
            for document in self.documents(path, asked, self.folder):
                self.extend_all(document, path)
                merged(model, document)
        self.include_all(model)
        without_resets(model)
        for name, service in _map_items(_services(model)):
            for key, each in service.items():
                service[key] = unique(each, ("services", name, key)) if isinstance(each, Seq) else each
        return model

    def documents(self, path: str, asked: Place, folder: Folder) -> Iterator[Map]:
        for raw in list(documents(path, self.session.bytes_of(path, asked), self.session.budget)) or [None]:
            if not isinstance(raw, Map):
                raise refused(Place(path, 1), "holds no mapping", "A Compose file begins with services:")
            filling = Filling(self.environment, self.session.variables.append)
            found = canonical(interpolated(raw, filling, raw.place), FILE, (), raw.place)
            yield located(found, folder) if isinstance(found, Map) else raw

    def extend_all(self, document: Map, path: str) -> None:
        services = _services(document)
        for name in services:
            self.extend(services, name, path, self.folder, ())

    def extend(self, services: Map, name: str, path: str, folder: Folder, chain: tuple[tuple[str, str], ...]) -> object:
        """The service on top of the one it extends, in place."""
        service = services[name]
        extends = service.get("extends") if isinstance(service, Map) else None
        if not isinstance(service, Map) or not isinstance(extends, Map):
            return service
        place = service.place_of("extends")
        if (path, name) in chain or len(chain) > _LONGEST_CHAIN:
            way = " -> ".join(f"{each} ({where})" for where, each in (*chain, (path, name)))
            raise refused(place, f"services extend one another in a circle: {way}", "Take one extends: out of it.")
        others, other_path, other_folder = services, path, folder
        if file := extends.get("file"):
            other_path = folder.resolve(str(file))
            others, other_folder = self.others(other_path, place), Folder(posixpath.dirname(other_path), folder.home)
        below_name = str(extends["service"])
        if below_name not in others:
            raise refused(place, f"{other_path} has no service {below_name} to extend", "Correct the name.")
        below = self.extend(others, below_name, other_path, other_folder, (*chain, (path, name)))
        del service["extends"]
        base = copied(below, self.session.budget, place)
        services[name] = merged(base, service, ("services", name)) if isinstance(base, Map) else service
        return services[name]

    def others(self, path: str, asked: Place) -> Map:
        """The services of another file, its paths resolved from its own folder."""
        if path not in self.extended:
            found = Map(Place(path))
            for document in self.documents(path, asked, Folder(posixpath.dirname(path), self.folder.home)):
                merged(found, document)
            self.extended[path] = found
        return _services(self.extended[path])

    def include_all(self, model: Map) -> None:
        includes = model.pop("include", None)
        parts = list(includes.parts()) if isinstance(includes, Seq) else []
        for each, place in [(each, place) for each, place in parts if isinstance(each, Map)]:
            self.include(model, each, place)

    def include(self, model: Map, each: Map, place: Place) -> None:
        paths = tuple(self.folder.resolve(str(path)) for path in _texts(each.get("path")))
        if not paths:
            raise refused(place, "include names no file", "Give it a path.")
        if paths[0] in self.including:
            way = " -> ".join((*self.including, paths[0]))
            raise refused(place, f"files include one another in a circle: {way}", "Take one of them out.")
        directory = each.get("project_directory")
        folder = self.folder.resolve(str(directory)) if directory else posixpath.dirname(paths[0])
        files = tuple(self.folder.resolve(str(path)) for path in _texts(each.get("env_file")))
        below = Scope(
            self.session,
            Folder(folder, self.folder.home),
            self.included_environment(files, folder, place),
            (*self.including, paths[0]),
        )
        _import(model, below.model(paths, place), place)

    def included_environment(self, files: tuple[str, ...], folder: str, asked: Place) -> Mapping[str, str]:
        default = posixpath.normpath(posixpath.join(folder, ".env"))
        files = files or ((default,) if default in self.session.tree.files else ())
        return dotenv_files(self.session, files, self.environment, asked)


def dotenv_files(
    session: Session, files: tuple[str, ...], environment: Mapping[str, str], asked: Place
) -> dict[str, str]:
    """The variables of .env files, the later ones over the earlier, and the environment over all of them."""
    found: dict[str, str] = {}
    for path in files:
        found |= dotenv.parsed(path, session.bytes_of(path, asked), {**found, **environment})
    return {**found, **environment}


def _import(model: Map, included: Map, place: Place) -> None:
    for kind in _KINDS:
        resources = included.get(kind)
        if not isinstance(resources, Map):
            continue
        own = model.get(kind)
        if not isinstance(own, Map):
            own = Map(resources.place)
            model.put(kind, own, resources.place)
        for name, each in resources.items():
            if name in own and plain(own[name]) != plain(each):
                raise refused(
                    place, f"{kind}.{name} is in the included file, too, and is another", "Rename one of them."
                )
            own.put(name, each, resources.place_of(name))


def _why(path: str, tree: SourceTree) -> str:
    if path in tree.others:
        return "is there, but is no text file that could be read"
    if path.startswith(("..", "/", "~")) or "://" in path:
        return "lies outside the project, where nothing is read"
    return "is not among the project's files"


def _services(document: Map) -> Map:
    found = document.get("services")
    return found if isinstance(found, Map) else Map(document.place)


def _map_items(value: Map) -> Iterator[tuple[str, Map]]:
    return ((name, each) for name, each in value.items() if isinstance(each, Map))


def _texts(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, Seq) else ()
