"""The RUN that puts the locked dependencies into /app/.venv, for each tool that writes locks."""

from pathlib import PurePosixPath

from stackproof.model.stack import Build, Install

VENV = "/app/.venv"
_EXPORT_PLUGIN = "poetry-plugin-export==1.10.1"
_EXPORTED = "/tmp/requirements.txt"  # noqa: S108  in a builder that is thrown away


def run(build: Build) -> list[str]:
    """Lines of one RUN. The bundle of a corporate CA comes as a secret: no layer ever holds it."""
    steps = [
        "if [ -s /run/secrets/ca ]; then export SSL_CERT_FILE=/run/secrets/ca; fi",
        *_steps(build.install),
        *_extra(build.install),
        f"rm -f {VENV}/.lock",  # uv's own, which everybody may write to
    ]
    mounts = [
        "--mount=type=secret,id=ca",
        "--mount=type=cache,target=/root/.cache/uv,sharing=locked",
        *(f"--mount=type=bind,source={path},target={path}" for path in build.install.inputs),
    ]
    words = [*mounts, f"set -eu; {steps[0]}", *steps[1:]]
    return _continued(mounts, words[len(mounts) :])


def _steps(install: Install) -> list[str]:
    folder = PurePosixPath(install.manifest).parent
    if install.tool == "uv":
        groups = "--no-default-groups" if install.left_out_groups else "--all-groups"
        return [_words("uv sync --locked --no-install-project", *_there("--project", folder), groups)]
    fresh = f"uv venv --allow-existing {VENV}"
    if install.tool == "poetry":
        return [fresh, *_poetry(install, folder)]
    return [fresh, _words("uv pip install", *(f"-r {path}" for path in _requirements(install)))]


def _poetry(install: Install, folder: PurePosixPath) -> list[str]:
    """Poetry's lock as hashed requirements; the Poetry is the one that wrote the lock."""
    groups = ["--all-groups"] if not install.left_out_groups else [f"--without {','.join(install.left_out_groups)}"]
    poetry = f"UV_COMPILE_BYTECODE=0 uvx --with {_EXPORT_PLUGIN} poetry@{install.tool_version}"
    return [
        _words(poetry, *_there("--directory", folder), f"export --no-interaction --output {_EXPORTED}", *groups),
        f"uv pip install --require-hashes -r {_EXPORTED}",
    ]


def _there(option: str, folder: PurePosixPath) -> list[str]:
    """For a manifest that does not lie at the top."""
    return [] if folder == PurePosixPath(".") else [f"{option} {folder}"]


def _requirements(install: Install) -> list[str]:
    """The lock, or what stands for one; in dev the development files too."""
    first = install.lock or install.manifest
    more = [path for path in install.inputs if path.endswith(".txt") and path not in (install.lock, install.manifest)]
    return [first] if install.left_out_groups else [first, *more]


def _extra(install: Install) -> list[str]:
    return [_words("uv pip install", *install.extra)] if install.extra else []


def _words(*words: str) -> str:
    return " ".join(words)


def _continued(mounts: list[str], steps: list[str]) -> list[str]:
    first = [f"RUN {mounts[0]} \\", *(f"    {mount} \\" for mount in mounts[1:])]
    rest = [f"    {step}; \\" for step in steps[:-1]]
    return [*first, *rest, f"    {steps[-1]}"]
