"""A lock as a requirements file that uv installs from: the command of the tool that wrote it, and what is left out."""

import re

from stackproof.model.builds import Install

TOOLS = ("poetry", "pdm", "pipenv")

# Lines that ask for a folder: its code is found on the import path, and what it needs is asked for beside it.
LOCAL = (
    r"^[[:space:]]*((-e|--editable)[[:space:]=]+)?(file:[^#;]*|\.\.?(/[^[:space:]]*)?|[A-Za-z0-9_.-]+/[^:]*)[[:space:]]*([;#].*)?$"
    r"|^(-e |--editable[ =])?[A-Za-z0-9_.-]+(\[[^]]*\])? *@ *file:"
)
_LOCAL = re.compile(LOCAL.replace("[:space:]", r"\s").replace("[^]]", r"[^\]]"))
_ARCHIVE = re.compile(r"\.(whl|tar\.gz|zip)\b")


def without_local(text: str) -> str:
    """A requirements file without the lines that ask for a folder."""
    kept = (line for line in text.splitlines(keepends=True) if not _LOCAL.match(line) or _ARCHIVE.search(line))
    return "".join(kept)


def words(install: Install, output: str) -> tuple[str, ...]:
    """Words behind the tool's own name. Pipenv writes to its standard output, so `output` is nothing to it."""
    if install.tool == "pdm":
        groups = _each("--group", (*install.groups, *install.extras))
        return ("export", *(() if install.groups else ("--prod",)), *groups, "--output", output)
    if install.tool == "pipenv":
        return ("requirements", "--hash", *_categories(install))
    groups = _each("--without", _joined(install.left_out_groups)) + _each("--with", _joined(install.groups))
    groups = groups if install.left_out_groups else ("--all-groups",)
    return ("export", "--no-interaction", "--output", output, *groups, *_each("--extras", install.extras))


def _categories(install: Install) -> tuple[str, ...]:
    named = ("dev-packages" if group == "dev" else group for group in install.groups)
    return ("--categories", ",".join(("packages", *named)))


def _joined(names: tuple[str, ...]) -> tuple[str, ...]:
    return (",".join(names),) if names else ()


def _each(option: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for value in values for word in (option, value))
