"""What claims measure with: one stack, built once and brought up once, and removed again however it ends."""

import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from stackproof.errors import BuildFailed, NotHealthy, Unmeasurable
from stackproof.model.artifacts import Artifact, Built
from stackproof.model.facts import Project
from stackproof.model.running import Completed, Event, Note, Progress, Running, Runtime, Site, Workshop
from stackproof.model.source import SourceTree
from stackproof.model.stack import AnyBuild, EnvironmentName, Stack
from stackproof.prove import entrance, images, imports, installing, requirements
from stackproof.prove.images import Given, RecordedWorkshop, nothing
from stackproof.prove.ledger import Ledger
from stackproof.tools import command, disk, secret_files

_GIT_FIX = "Run `git status` in the project and follow what it says."


@dataclass(frozen=True)
class Other:
    """Another environment of the project: its stack for the proof, and the user's own file of variables."""

    stack: Stack
    env_file: Path | None = None


class ProofBench:
    """Satisfies `model.running.Bench`; open it with `with`.

    The stack must be the proof's own: its name, image tag, volumes and host ports are brought up and removed. A stack
    that was left by a killed proof is found again by its name, so the name must be the same for the same project.
    """

    def __init__(
        self,
        *,
        root: Path,
        state: Path,
        tree: SourceTree,
        project: Project,
        stack: Stack,
        artifacts: tuple[Artifact, ...],
        runtime: Runtime,
        workshop: Workshop | None,
        note: Note,
        env_file: Path | None = None,
        profiles: frozenset[str] = frozenset(),
        others: tuple[Other, ...] = (),
        given: Given = nothing,
    ) -> None:
        self.tree, self.project, self.stack, self.artifacts = tree, project, stack, artifacts
        self._root, self._state, self._env_file, self._profiles = root, state, env_file, profiles
        self._others = {other.stack.environment: other for other in others}
        self._runtime, self._note = runtime, note
        self._ledger = Ledger(state, workshop.discard if workshop else None)
        self._workshop = RecordedWorkshop(workshop, self._ledger, given) if workshop else None
        self._site: Site | None = None
        self._images: dict[str, Built] = {}
        self.timeline: tuple[Event, ...] = ()  # of the first start
        self.digests: dict[str, str] = {}  # of the image that each service ran in
        self.left_out: Mapping[str, str] = {}  # by the runtime, with the reason
        self._running: Running | None = None
        self._problem: BuildFailed | NotHealthy | None = None
        self._making = threading.RLock()  # images, the stack and its folder: whoever comes first makes them for all

    def __enter__(self) -> Self:
        self._ledger.__enter__()
        try:
            self._remove_left()
            self._ledger.sweep()
            self._site = None  # its folder was swept with the others of the killed proof
        except BaseException:
            self._ledger.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._site is not None:
                self._down()
        finally:
            self._ledger.__exit__(kind, error, trace)

    @property
    def workshop(self) -> Workshop:
        if self._workshop is None:
            raise Unmeasurable(
                "there is no image: no container engine is used",
                fix="Prove with `--on docker` where an engine answers.",
            )
        return self._workshop

    @contextmanager
    def context(self) -> Iterator[Path]:
        folder = self._ledger.folder()
        try:
            self._fill(folder)
            yield folder
        finally:
            self._ledger.remove(folder)

    @contextmanager
    def clone(self) -> Iterator[Path]:
        self._note(Progress("prove", "source", self._head()))
        folder = self._ledger.folder()
        try:
            archive = folder / ".archive.tar"
            command.must(self._git("archive", "--format=tar", f"--output={archive}", "HEAD"), "git archive", _GIT_FIX)
            with tarfile.open(archive) as files:
                # Python before 3.11.4 has no filters; what git itself packed needs none
                files.extraction_filter = getattr(tarfile, "data_filter", None)
                files.extractall(folder)  # noqa: S202
            archive.unlink()
            _write(self.artifacts, folder)
            yield folder
        finally:
            self._ledger.remove(folder)

    @property
    def built(self) -> Built | None:
        """The Python image, once it was built."""
        return self._images.get(self.stack.build.name)

    @property
    def images(self) -> tuple[Built, ...]:
        """Those of the stack that were built, the Python one first."""
        return tuple(self._images[build.name] for _, build in self.stack.images() if build.name in self._images)

    def image(self, name: str = "") -> Built:
        """Raises Unmeasurable for an image that the stack does not have."""
        with self._making:
            self._raise_problem()
            wanted = name or images.of_python(self.stack).name
            if wanted not in self._images:
                tag, image = self._made_from(wanted)
                try:
                    with self.context() as folder:
                        self._images[wanted] = self.workshop.build(folder, self.stack, tag=tag, image=image)
                except BuildFailed as problem:
                    self._problem = problem
                    raise
            return self._images[wanted]

    def _made_from(self, name: str) -> tuple[str, AnyBuild]:
        found = (each for each in self.stack.images() if each[1].name == name)
        if image := next(found, None):
            return image
        raise Unmeasurable(f"{self.stack.name} builds no image {name}", fix="See `stackproof plan`.")

    def running(self) -> Running:
        """The stack with every service healthy: one that a fault left behind is brought back first."""
        with self._making:
            for _, image in self.stack.images() if self._workshop is not None else ():
                self.image(image.name)
            self._raise_problem()
            if self._running is None or not _is_healthy(self._running, self._profiles):
                try:
                    self._running = self._up()
                except NotHealthy as problem:
                    self._problem = problem
                    raise
            entrance.wait_open(self._running, entrance.patiently)
            return self._running

    def again(self) -> Running:
        with self._making:
            self.running()
            self._runtime.down(self.stack, self._own_site(), self._note, volumes=False)
            self._running = None
            return self.running()

    def root(self) -> Path:
        self.running()
        return self._own_site().root

    def others(self) -> tuple[EnvironmentName, ...]:
        return tuple(self._others)

    @contextmanager
    def other(self, environment: EnvironmentName) -> Iterator[Running]:
        """It has the folder of the stack itself: the rendered files of all environments are there."""
        other, root = self._others[environment], self._own_site().root
        site = Site(root, self._state / f"running-{environment}", other.env_file)
        for tag, image in other.stack.images() if self._workshop is not None else ():
            with self.context() as folder:
                self.workshop.build(folder, other.stack, tag=tag, image=image)
        secret_files.make_for_proof(root, other.stack)
        self._ledger.add("stack", other.stack.name)
        try:
            yield self._runtime.up(other.stack, site, self._note)
        finally:
            self._runtime.down(other.stack, site, self._note, volumes=True)
            self._ledger.strike("stack", other.stack.name)

    def secret(self, name: str, environment: EnvironmentName | None = None) -> str:
        """Raises Unmeasurable for one that the stack does not have."""
        if name not in {each.name for each in self.stack.secrets}:
            known = ", ".join(each.name for each in self.stack.secrets) or "none"
            raise Unmeasurable(f"{self.stack.name} has no secret {name}", fix=f"It has: {known}.")
        folder = secret_files.folder(self._own_site().root, environment or self.stack.environment)
        return secret_files.text(folder / name)

    def advisories(self) -> Path | None:
        return self._root / self.stack.advisories if self.stack.advisories else None

    def install(self, context: Path) -> Completed:
        if self._workshop is None:
            return installing.here(self, context)
        try:
            with images.built(self, context, "install") as built:
                done = self._workshop.look(built.image, imports.script(self))
                return replace(done, argv=("python", "-c", "<importing>"), seconds=built.seconds + done.seconds)
        except BuildFailed as problem:
            return Completed(("build", self.stack.build.target), 1, 0.0, "", str(problem))

    def tool(self, argv: tuple[str, ...], cwd: Path, timeout: float = 120.0) -> Completed:
        program = requirements.uv() if argv[0] == "uv" else command.find(argv[0], fix=f"Install {argv[0]}.")
        return command.run((program, *argv[1:]), timeout=timeout, cwd=cwd, env=installing.environment())

    def _up(self) -> Running:
        if self.stack.name not in self._ledger.left("stack"):
            self._ledger.add("stack", self.stack.name)
        running = self._runtime.up(self.stack, self._own_site(), self._note, self._profiles)
        self.timeline = self.timeline or running.events()
        self.digests |= {state.name: state.image for state in running.states() if state.image}
        self.left_out = running.left_out
        return running

    def _down(self) -> None:
        self._runtime.down(self.stack, self._own_site(), self._note, volumes=True)
        self._ledger.strike("stack", self.stack.name)
        for folder in self._ledger.left("site"):
            self._ledger.strike("site", folder)

    def _remove_left(self) -> None:
        """What a killed proof has left of these stacks."""
        for other in self._others.values():
            if other.stack.name in self._ledger.left("stack"):
                state = self._state / f"running-{other.stack.environment}"
                site = replace(self._left_site() or Site(self._state, state), state=state)
                self._runtime.down(other.stack, site, self._note, volumes=True)
                self._ledger.strike("stack", other.stack.name)
        if self.stack.name in self._ledger.left("stack"):
            self._site = self._left_site()
            self._down()

    def _own_site(self) -> Site:
        with self._making:
            if self._site is None:
                folder = self._ledger.folder()
                self._fill(folder)
                secret_files.make_for_proof(folder, self.stack)
                self._ledger.add("site", str(folder))
                self._site = self._site_in(folder)
            return self._site

    def _left_site(self) -> Site | None:
        """Where the killed proof had its stack: it is known to the engine by this folder, which may be gone."""
        return next((self._site_in(Path(folder)) for folder in self._ledger.left("site")), None)

    def _site_in(self, folder: Path) -> Site:
        return Site(folder, self._state / "running", self._env_file)

    def _fill(self, folder: Path) -> None:
        disk.copy(self.tree, self._root, folder)
        _write(self.artifacts, folder)

    def _raise_problem(self) -> None:
        if self._problem is not None:
            raise self._problem

    def _head(self) -> str:
        """The commit in words, with what differs from it. Raises Unmeasurable where there is none."""
        fix = "Commit the project to git: only then can a clean clone be tried."
        if self._git("rev-parse", "--is-inside-work-tree").exit_code != 0:
            raise Unmeasurable(f"{self.tree.name} is not a git checkout", fix=fix)
        if self._git("rev-parse", "--verify", "HEAD").exit_code != 0:
            raise Unmeasurable(f"{self.tree.name} has no commit yet", fix=fix)
        if not self._git("ls-tree", "--name-only", "HEAD", ".").output.strip():
            raise Unmeasurable(f"{self.tree.name} is in no commit yet", fix=fix)
        return f"git archive of {disk.commit(self._root) or 'HEAD'}"

    def _git(self, *words: str) -> Completed:
        git = command.find("git", fix="Install git.")
        return command.run((git, *words), timeout=60, cwd=self._root, env=installing.environment())


def _is_healthy(running: Running, profiles: frozenset[str]) -> bool:
    """A service that only needs a moment (a restart, the next probe) gets it; a job has done its part."""
    stack, states = running.stack, running.states()
    for service in stack.active(profiles):
        found = [state for state in states if state.name == service.name]
        if service.one_shot and found and all(state.status == "exited" and state.exit_code == 0 for state in found):
            continue
        if not found or any(state.status in ("exited", "waiting", "paused") for state in found):
            return False
        if service.health and running.wait_for(service.name, "healthy", within=stack.bounds.ready_seconds) is None:
            return False
    return True


def _write(artifacts: tuple[Artifact, ...], folder: Path) -> None:
    for artifact in artifacts:
        target = folder / artifact.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(artifact.text, encoding="utf-8")
        target.chmod(artifact.mode)
