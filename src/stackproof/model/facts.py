"""What is known about a source tree: one small value per kind of fact, each with the place where it was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar, cast

from stackproof.model.backend_facts import DJANGO_SETTINGS as DJANGO_SETTINGS
from stackproof.model.backend_facts import AllowedHosts as AllowedHosts
from stackproof.model.backend_facts import Backend as Backend
from stackproof.model.backend_facts import BackendKind as BackendKind
from stackproof.model.backend_facts import DjangoSettings as DjangoSettings
from stackproof.model.backend_facts import Part as Part
from stackproof.model.celery_facts import BeatEntry as BeatEntry
from stackproof.model.celery_facts import CeleryApp as CeleryApp
from stackproof.model.celery_facts import CeleryOption as CeleryOption
from stackproof.model.celery_facts import Queue as Queue
from stackproof.model.celery_facts import Task as Task
from stackproof.model.celery_facts import TaskRoute as TaskRoute
from stackproof.model.install_facts import Binary as Binary
from stackproof.model.install_facts import Distribution as Distribution
from stackproof.model.install_facts import Executable as Executable
from stackproof.model.install_facts import Installer as Installer
from stackproof.model.install_facts import Locked as Locked
from stackproof.model.install_facts import OwnMetadata as OwnMetadata
from stackproof.model.install_facts import PythonVersion as PythonVersion
from stackproof.model.install_facts import Requirement as Requirement
from stackproof.model.install_facts import Syntax as Syntax
from stackproof.model.install_facts import Tool as Tool
from stackproof.model.install_facts import Unmet as Unmet
from stackproof.model.node_facts import NodeApp as NodeApp
from stackproof.model.node_facts import NodeVariable as NodeVariable
from stackproof.model.program_facts import Framework as Framework
from stackproof.model.program_facts import LeftOut as LeftOut
from stackproof.model.program_facts import PlainRoute as PlainRoute
from stackproof.model.program_facts import Program as Program
from stackproof.model.program_facts import Scheduler as Scheduler
from stackproof.model.source import Place


@dataclass(frozen=True)
class ImportRoot:
    """A folder from which the project's own modules are imported: "" or "src"."""

    path: str
    packages: tuple[str, ...]  # top-level importable names found there
    seen: Place
    entries: tuple[str, ...] = ()  # the same as files and folders of the project: "shop", "main.py", "src"


@dataclass(frozen=True)
class WebApp:
    """An application object that a server can run, or (`own`) a program that serves HTTP by itself."""

    framework: Framework
    target: (
        str  # "tubeatlas.main:app", "src.app:create_app"; of a program its file "ui/page.py", or its module "ui.page"
    )
    factory: bool  # the attribute is called to get the application
    interface: Literal["asgi", "wsgi", "own"]
    seen: Place


@dataclass(frozen=True)
class Variable:
    """An environment variable that the code reads."""

    name: str
    default: str | None  # as text; None where there is none
    required: bool  # the code fails without it
    secret: bool  # its name or type says so
    kind: Literal["str", "int", "float", "bool", "other"]
    seen: Place


@dataclass(frozen=True)
class Documented:
    """A variable that a template in the project (.env.example) names."""

    name: str
    seen: Place


@dataclass(frozen=True)
class HealthRoute:
    path: str
    kind: Literal["live", "ready"]
    seen: Place
    app: str = ""  # WebApp.target; "" where nothing tells which of several applications serves it


@dataclass(frozen=True)
class WritablePath:
    """A path that the code writes to, relative to the project, or absolute."""

    path: str
    seen: Place


@dataclass(frozen=True)
class Flower:
    """Flower is among the dependencies."""

    seen: Place


@dataclass(frozen=True)
class ServedPort:
    """The port that the code itself gives to a server: `uvicorn.run("shop.main:app", port=8001)`, `app.run(port=…)`."""

    target: str  # "shop.main:app", or the module where the object is not named
    port: int
    seen: Place
    variable: str = ""  # the one that changes it; "" where nothing does


@dataclass(frozen=True)
class SecretFile:
    """The code reads a secret from the file that `file_variable` names, where that is set."""

    variable: str  # "REDIS_PASSWORD"
    file_variable: str  # "REDIS_PASSWORD_FILE"
    seen: Place


@dataclass(frozen=True)
class Migration:
    """A tool that brings the schema up to date."""

    tool: Literal["alembic", "django", "flask"]
    config: str  # "alembic.ini", "manage.py", "migrations/alembic.ini"
    inputs: tuple[str, ...]  # files and folders of the project that running it needs
    seen: Place


@dataclass(frozen=True)
class ConnectionPool:
    """The pool of a database engine: its size and overflow, and the variables that change them."""

    size: int
    overflow: int
    size_variable: str | None
    overflow_variable: str | None
    seen: Place


@dataclass(frozen=True)
class WebSocket:
    """The application speaks WebSocket; with `polling` clients may fall back to it, and each then needs one replica."""

    kind: Literal["plain", "socketio"]
    path: str  # "/ws", "/socket.io/"
    seen: Place
    app: str = ""  # as in HealthRoute
    polling: bool = False


@dataclass(frozen=True)
class MetricsRoute:
    """A route for Prometheus; `multiprocess`: the code counts over all processes if PROMETHEUS_MULTIPROC_DIR is set."""

    path: str
    multiprocess: bool
    seen: Place
    app: str = ""  # as in HealthRoute


POOL = "connection pool"  # what an Ambiguity is about where a pool's size cannot be read


@dataclass(frozen=True)
class Ambiguity:
    """More than one answer was possible: what was chosen, from what, why, and the setting that decides."""

    about: str  # "web application"
    chosen: str
    candidates: tuple[str, ...]
    because: str
    setting: str  # 'services.api.app = "pkg.main:app"'
    seen: Place


@dataclass(frozen=True)
class Unreadable:
    """A file that could not be read as what its name says, in the words of the parser that gave up."""

    problem: str
    seen: Place


Fact = (
    Installer | PythonVersion | Distribution | ImportRoot | Requirement | Locked | WebApp | Program | Scheduler
    | LeftOut | CeleryApp | Task | TaskRoute | Queue | BeatEntry | CeleryOption | Backend | AllowedHosts
    | DjangoSettings | Variable | Documented
    | HealthRoute | PlainRoute | WritablePath | Flower | ServedPort | SecretFile | Migration | ConnectionPool
    | WebSocket | MetricsRoute | NodeApp | Binary | Syntax | Executable | Unmet | OwnMetadata | Ambiguity
    | Unreadable
)  # fmt: skip

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class Project:
    """Everything that detection found, in a stable order."""

    name: str
    facts: tuple[Fact, ...]
    origin: str = "memory"

    def all(self, kind: type[F]) -> tuple[F, ...]:
        return cast(tuple[F, ...], self._by_kind.get(cast(type[Fact], kind), ()))

    def first(self, kind: type[F]) -> F | None:
        return next(iter(self.all(kind)), None)

    @cached_property
    def _by_kind(self) -> Mapping[type[Fact], tuple[Fact, ...]]:
        """Sorted once: plans ask for kinds again and again, and large projects have thousands of facts."""
        found: dict[type[Fact], list[Fact]] = {}
        for fact in self.facts:
            found.setdefault(type(fact), []).append(fact)
        return {kind: tuple(facts) for kind, facts in found.items()}
