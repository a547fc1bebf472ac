"""A bench, a workshop and a runtime that hold answers instead of asking the world."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from stackproof.errors import BuildFailed, Unmeasurable
from stackproof.model.artifacts import Artifact, Built, Image, Layer
from stackproof.model.facts import Project, Variable, WebApp
from stackproof.model.proof import Json
from stackproof.model.running import Completed, Note, Progress, Running, Site, Workshop
from stackproof.model.source import Place, SourceTree
from stackproof.model.stack import AnyBuild, Build, EnvironmentName, Install, Service, Stack
from stackproof.tools import disk

INSTALL = Install("poetry", "pyproject.toml", "poetry.lock", "2.2.1", ("dev",))
BUILD = Build("3.11", ">=3.11", "python:3.11-slim-bookworm", "0.13.9", INSTALL, ("src",), ("src",), "runtime")
API = Service("api", "web", "shop:prod", True, ("uvicorn", "shop.main:app", "--host", "@{self.bind}"))
STACK = Stack("shop", "prod", (API,), (), (), BUILD)
TREE = SourceTree({"src/shop/main.py": b"app = 1\n", "pyproject.toml": b"[project]\n"}, name="shop")
PROJECT = Project(
    "shop",
    (
        WebApp("fastapi", "shop.main:app", False, "asgi", Place("src/shop/main.py", 1)),
        Variable("SHOP_URL", None, True, False, "str", Place("src/shop/main.py", 2)),
    ),
)
IMAGE = Image(
    "shop:prod",
    "sha256:image",
    200_000_000,
    "10001:10001",
    (Layer("sha256:base", 100_000_000, "FROM"), Layer("sha256:venv", 99_000_000, "COPY .venv")),
)
INSTALLED = Completed(("build",), 0, 3.0, "imported")
Files = tuple[tuple[str, str, bytes], ...]


def quiet(_: Progress) -> None:
    """Notes are for people."""


@dataclass
class FakeWorkshop:
    """`images` by what the tag ends with; `looks` and `says` by a word of the script.

    `fails` where no image can be built.
    """

    images: Mapping[str, Image] = field(default_factory=dict)
    looks: Mapping[str, Json] = field(default_factory=dict)
    says: Mapping[str, str] = field(default_factory=dict)  # what a shell prints
    files: Files = ()
    planted: Path | None = None  # every file below it is in the image too
    log: str = "#1 COPY src /app/src"
    fails: bool = False
    built: list[str] = field(default_factory=list)
    given: list[Mapping[str, str]] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)

    def build(
        self,
        context: Path,
        stack: Stack,
        *,
        tag: str,
        cold: bool = False,
        dockerfile: str | None = None,
        variables: Mapping[str, str] = {},
        image: AnyBuild | None = None,
    ) -> Built:
        assert (image or stack.build).base
        self.built.append(tag)
        self.given.append(dict(variables))
        if self.fails:
            raise BuildFailed("RUN false: exit code 1", fix="Read the log.")
        self.files += tuple(
            ("sha256:app", f"app/{path.relative_to(context)}", path.read_bytes())
            for path in sorted(context.rglob("*.py"))
        )
        self.log += "".join(f"\n{name}" for name in variables) + (f"\n{dockerfile}" if dockerfile else "")
        return Built(self.images.get(tag.rpartition(":")[2], IMAGE), 60.0 if cold else 2.0, self.log)

    def run(self, image: Image, argv: tuple[str, ...], *, user: str | None = None, timeout: float = 60.0) -> Completed:
        assert image.tag
        assert timeout
        said = next((answer for word, answer in self.says.items() if word in argv[-1]), None)
        return Completed(argv, 0 if said else 127, 0.1, said or "", "" if said else f"sh: not found (user {user})")

    def look(self, image: Image, script: str, *, user: str | None = None, timeout: float = 60.0) -> Completed:
        assert image.tag
        assert timeout
        answer = next(answer for word, answer in self.looks.items() if word in script)
        return Completed(("python", "-c", script), 0, 0.1, f"noise of user {user}\n{json.dumps(answer)}\n")

    def layer_files(self, image: Image) -> Iterator[tuple[str, str, bytes]]:
        assert image.digest
        return iter(self.files)

    def history(self, image: Image) -> str:
        return json.dumps({"tag": image.tag, "history": ["COPY"]})

    def discard(self, tag: str) -> None:
        self.discarded.append(tag)


@dataclass
class FakeBench:
    """Folders are made below `place`."""

    place: Path
    shop: FakeWorkshop | None = None
    stack: Stack = STACK
    tree: SourceTree = TREE
    project: Project = PROJECT
    artifacts: tuple[Artifact, ...] = ()
    committed: SourceTree = TREE
    installed: Completed = INSTALLED
    tools: Mapping[str, Completed] = field(default_factory=dict)  # by a word of the command line
    asked: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def workshop(self) -> Workshop:
        if self.shop is None:
            raise Unmeasurable("there is no container engine", fix="Start one.")
        return self.shop

    @contextmanager
    def context(self) -> Iterator[Path]:
        yield self._folder("context", self.tree)

    @contextmanager
    def clone(self) -> Iterator[Path]:
        yield self._folder("clone", self.committed)

    def image(self, name: str = "") -> Built:
        assert name in ("", *(build.name for _, build in self.stack.images()))
        return Built(IMAGE, 2.0, "log") if self.shop else self.workshop.build(self.place, self.stack, tag="")

    def running(self) -> Running:
        raise Unmeasurable("nothing runs here", fix="Run it.")

    def again(self) -> Running:
        return self.running()

    def secret(self, name: str, environment: EnvironmentName | None = None) -> str:
        raise Unmeasurable(f"there is no secret {name} here ({environment})", fix="Run it.")

    def root(self) -> Path:
        return self.place

    def others(self) -> tuple[EnvironmentName, ...]:
        return ()

    def other(self, environment: EnvironmentName) -> AbstractContextManager[Running]:
        raise Unmeasurable(f"there is no {environment} here", fix="Run it.")

    def advisories(self) -> Path | None:
        return self.place / self.stack.advisories if self.stack.advisories else None

    def install(self, context: Path) -> Completed:
        assert context.is_dir()
        return self.installed

    def tool(self, argv: tuple[str, ...], cwd: Path, timeout: float = 120.0) -> Completed:
        assert cwd.is_dir()
        assert timeout
        self.asked.append(argv)
        done = next((done for word, done in self.tools.items() if word in argv), Completed((), 0, 0.1, ""))
        return Completed(argv, done.exit_code, done.seconds, done.output, done.errors)

    def _folder(self, name: str, tree: SourceTree) -> Path:
        folder = Path(tempfile.mkdtemp(prefix=name, dir=self.place))  # claims are measured in several threads
        disk.copy(tree, self.place, folder)
        return folder


@dataclass
class FakeRuntime:
    """Hands out the given stacks one after the other, and remembers what it was asked."""

    stacks: list[Running | Exception]
    did: list[str] = field(default_factory=list)
    name: Literal["process", "docker"] = "docker"

    def tools(self) -> Mapping[str, str]:
        return {}

    def life(self) -> AbstractContextManager[Callable[[], str]]:
        return nullcontext(str)

    def up(self, stack: Stack, site: Site, note: Note, profiles: frozenset[str] = frozenset()) -> Running:
        note(Progress("up", stack.name, str(sorted(profiles))))
        assert site.root.is_dir()
        self.did.append("up")
        found = self.stacks.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def attach(self, stack: Stack, site: Site) -> Running | None:
        assert stack.name
        assert site.root.is_dir()
        return None

    def down(self, stack: Stack, site: Site, note: Note, *, volumes: bool) -> tuple[str, ...]:
        note(Progress("down", stack.name, str(site.root)))
        self.did.append(f"down volumes={volumes}")
        return ()
