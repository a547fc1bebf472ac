"""The locked dependencies in an environment of their own, and the application imported there, as plain processes."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from stackproof.errors import Unmeasurable
from stackproof.model.artifacts import Artifact
from stackproof.model.running import Bench, Completed
from stackproof.prove import imports, requirements
from stackproof.tools import command

# What would lead a tool away from the folder that it is run in.
_MISLEADING = re.compile(
    r"GIT_.*|VIRTUAL_ENV|PYTHON(PATH|HOME|STARTUP)|UV_PROJECT.*|UV_WORKING_DIR.*|POETRY_.*|CONDA_.*"
)


def here(bench: Bench, context: Path) -> Completed:
    build = bench.stack.build
    exported = requirements.export(bench, context)
    if exported.exit_code != 0:
        return exported
    made = bench.tool(("uv", "venv", "-q", "--python", _interpreter(bench, context), ".stackproof-venv"), context)
    command.must(made, "Making an environment", requirements.FIX)
    listed = requirements.file(build.install)
    python = str(context / ".stackproof-venv" / "bin" / "python")
    done = bench.tool(
        ("uv", "pip", "install", "-q", "--python", python, "-r", listed, *build.install.extra), context, 600.0
    )
    if done.exit_code != 0:
        return done
    roots = os.pathsep.join(str(context / root) for root in (*build.import_roots, *_helper_folders(bench.artifacts)))
    return command.run(
        (python, "-c", imports.script(bench)),
        timeout=120,
        cwd=context,
        env={**environment(), "PYTHONPATH": roots, "PYTHONDONTWRITEBYTECODE": "1"},
    )


def environment() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if not _MISLEADING.fullmatch(name)}


def _interpreter(bench: Bench, context: Path) -> str:
    """The image's Python where this machine has it, else one that the project allows, as the runtime takes it."""
    build = bench.stack.build
    for wanted in (build.python, build.requires_python or ">=3"):
        found = bench.tool(("uv", "python", "find", "-q", "--no-python-downloads", wanted), context)
        if found.exit_code == 0:
            return found.output.strip()
    raise Unmeasurable(f"no Python {build.python} is on this machine", fix=f"Install Python {build.python}.")


def _helper_folders(artifacts: tuple[Artifact, ...]) -> tuple[str, ...]:
    return tuple({str(Path(artifact.path).parent) for artifact in artifacts if artifact.path.endswith(".py")})
