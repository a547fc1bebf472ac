"""A front end installed from its lock and built by the machine's own Node.js; made once, used by every later start."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from stackproof.errors import BuildFailed, ToolFailed, UserError
from stackproof.model.running import Completed, Note, Progress
from stackproof.model.stack import NodeBuild
from stackproof.run.process.folder import alone, replace
from stackproof.tools import command, net

_COMPLETE = ".stackproof.json"  # written last: a folder without it is half made, and is made again
_LONGEST = 1800.0  # seconds for one command
_RECIPE = 1  # raise it when the commands change
_NOT_SOURCE = ("node_modules", ".next", ".git", "dist")
_INSTALL: Mapping[str, tuple[str, ...]] = {
    "npm": ("npm", "ci", "--engine-strict", "--no-audit", "--no-fund"),
    "pnpm": ("pnpm", "install", "--frozen-lockfile", "--config.engine-strict=true"),
    "yarn": ("yarn", "install", "--immutable"),
}
_TOO_OLD = ("EBADENGINE", "ERR_PNPM_UNSUPPORTED_ENGINE", "is incompatible with this module")


@dataclass(frozen=True, slots=True)
class Unfit:
    """This machine's Node.js is not one that the packages accept."""

    why: str


def prepared(build: NodeBuild, arguments: Mapping[str, str], root: Path, cache: Path, note: Note) -> Path | Unfit:
    """The folder in which it runs: built, or installed for the development server.

    Raises BuildFailed, ToolFailed, or UserError where its files cannot be read.
    """
    source, version = root / build.context, _version()
    folder = cache / f"node-{_key(build, arguments, source, version)}"
    with alone(cache / f"{folder.name}.lock"):
        if not (folder / _COMPLETE).exists():
            said = f"installing and building {build.context or build.name} with Node.js {version}"
            note(Progress("build", build.name, said, "begun"))
            if unfit := _made(build, arguments, source, folder, version):
                note(Progress("build", build.name, unfit.why, "failed"))
                return unfit
            replace(folder / _COMPLETE, msgspec.json.encode(version))
            note(Progress("build", build.name, f"Node.js {version}", "done"))
    return served_from(build, folder)


def working_copy(built: Path, to: Path) -> Path:
    """The same files for a development server, which writes among them; packages are linked, not copied.

    One that is there already is in use: it stays.
    """
    copy = to / built.name
    if not copy.is_dir():
        part = to / f"{built.name}.part"
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(built, part, symlinks=True, copy_function=_linked)
        part.rename(copy)
    return copy


def served_from(build: NodeBuild, folder: Path) -> Path:
    """A standalone server is a folder of its own: all that it needs, and nothing of what built it."""
    standalone = folder / build.output / "standalone"
    return standalone if build.target == "runtime" and standalone.is_dir() else folder


def _linked(source: str, target: str) -> str:
    """Sources are copied: an editor, or the server, may change them in place."""
    if "/node_modules/" in source:
        os.link(source, target)
        return target
    return str(shutil.copy2(source, target))


def _version() -> str:
    asked = command.run(("node", "--version"), timeout=20.0)
    return command.must(asked, "Asking node for its version", "Install Node.js again.").output.strip().removeprefix("v")


def _key(build: NodeBuild, arguments: Mapping[str, str], source: Path, version: str) -> str:
    said = msgspec.json.encode([_RECIPE, version, build, sorted(arguments.items())])
    digest = hashlib.sha256(said)
    for path in _files(build, source):
        digest.update(path.relative_to(source).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files(build: NodeBuild, source: Path) -> Iterator[Path]:
    """Raises UserError for one that is not there."""
    for name in sorted({*build.manifests, build.lock, *build.copy}):
        path = source / name
        if path.is_dir():
            inside = (each for each in sorted(path.rglob("*")) if each.is_file())
            yield from (each for each in inside if not {*each.relative_to(source).parts} & {*_NOT_SOURCE})
        elif path.is_file():
            yield path
        else:
            raise UserError(f"{path} is not there", fix="Put the file back, or plan again.")


def _made(build: NodeBuild, arguments: Mapping[str, str], source: Path, folder: Path, version: str) -> Unfit | None:
    """None where all went well."""
    shutil.rmtree(folder, ignore_errors=True)
    for path in _files(build, source):
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    try:
        installed = _run(_INSTALL[build.tool], folder, {})
        if any(word in installed.errors + installed.output for word in _TOO_OLD) and installed.exit_code:
            shutil.rmtree(folder)
            return Unfit(f"its packages do not accept this machine's Node.js {version}")
        _must(installed, build, "installed")
        if build.target == "runtime":
            _must(_run((build.tool, "run", build.script), folder, arguments), build, "built")
            _complete_standalone(build, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return None


def _complete_standalone(build: NodeBuild, folder: Path) -> None:
    """Next.js leaves out what a CDN could serve; here, as in the image, the server does."""
    standalone = folder / build.output / "standalone"
    if not standalone.is_dir():
        return
    shutil.copytree(folder / build.output / "static", standalone / build.output / "static", dirs_exist_ok=True)
    if build.public:
        shutil.copytree(folder / "public", standalone / "public", dirs_exist_ok=True)


def _run(argv: tuple[str, ...], folder: Path, arguments: Mapping[str, str]) -> Completed:
    """With the user's network, registry and cache settings, but nothing that decides what is built."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NODE_ENV", "NODE_PATH", "PORT")}
    # Asked for by the images, too, where the project's own configuration does not (plan: output of Next.js).
    ours = {
        "NEXT_PRIVATE_STANDALONE": "1",
        "CI": "1",
        "NO_COLOR": "1",
        "NEXT_TELEMETRY_DISABLED": "1",
        "npm_config_update_notifier": "false",
    }
    return command.run(argv, timeout=_LONGEST, cwd=folder, env=kept | ours | dict(arguments))


def _must(done: Completed, build: NodeBuild, what: str) -> None:
    if done.exit_code == 0:
        return
    ended = "took too long" if done.exit_code is None else f"exit code {done.exit_code}"
    said = "\n".join((done.output + done.errors).strip().splitlines()[-20:])
    if net.unreached(said):
        raise ToolFailed(f"the packages of {build.name} could not be fetched ({ended})\n{said}", fix=net.NETWORK_FIX)
    raise BuildFailed(
        f"{build.name} could not be {what}: {' '.join(done.argv)} ({ended})\n{said}",
        fix=f"Mend what it says, then try again; the same command in {build.context or 'the project'} shows it too.",
    )
