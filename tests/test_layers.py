"""The import rules of docs/architecture.md, kept by walking the imports with `ast`."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "stackproof"
PURE = ("detect", "plan", "render", "check", "adopt", "report")
EDGE = ("write", "build", "run", "prove")
STAGES = PURE + EDGE

# What a part may import of stackproof; a part is a folder or a module directly below src/stackproof.
ALLOWED: Mapping[str, frozenset[str]] = {
    "errors": frozenset(),
    "model": frozenset({"model"}),
    **{stage: frozenset({stage, "model", "errors"}) for stage in PURE},
    **{stage: frozenset({stage, "model", "errors", "tools"}) for stage in EDGE},
    "tools": frozenset({"tools", "model", "errors"}),
    "pipeline": frozenset({*STAGES, "pipeline", "model", "errors", "tools"}),
    "cli": frozenset({"cli", "pipeline", "model", "errors", "tools", "report"}),
}
# Modules that let a pure stage see or change the world.
WORLD = frozenset(
    {"asyncio", "datetime", "glob", "http", "io", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil"}
    | {"signal", "socket", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid", "docker", "psutil"}
)
# Names from those modules that only compute; `model` may also name types of the world in its protocols.
_COMPUTE = frozenset(
    {"datetime.date", "pathlib.PurePosixPath", "urllib.parse.urlsplit", "urllib.parse.quote", "urllib.parse.unquote"}
)
HARMLESS: Mapping[str, frozenset[str]] = {"": _COMPUTE, "model": _COMPUTE | {"pathlib.Path", "io"}}
# Programs that are copied into images and run there; they are data to the stage that renders them.
PAYLOAD = ("render/health/stackproof_", "render/load/stackproof_")
WORLD_CALLS = frozenset({"print", "open", "input", "exec", "eval", "__import__"})


def offences(files: Mapping[str, str]) -> Iterator[str]:
    """Every broken rule in a package, given as texts by path below src/stackproof."""
    for path, text in sorted(files.items()):
        tree = ast.parse(text, filename=path)
        part = path.split("/")[0].removesuffix(".py")
        if part in ("__init__", "__main__") or path.startswith(PAYLOAD):
            continue
        for line, module in imports(tree, path):
            yield from _import(path, part, line, module)
        if part in (*PURE, "model"):
            yield from _calls(path, tree)
    yield from _cycles(files)


def imports(tree: ast.Module, path: str) -> Iterator[tuple[int, str]]:
    """Every import in a module, also those inside functions: line and full module name."""
    package = ("stackproof/" + path).rsplit("/", 1)[0].replace("/", ".")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                up = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
                base = f"{up}.{base}".rstrip(".")
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def _import(path: str, part: str, line: int, module: str) -> Iterator[str]:
    names = module.split(".")
    if names[0] == "stackproof" and len(names) > 1 and names[1] not in ALLOWED[part] and names[1] in ALLOWED:
        yield f"{path}:{line}: {part} imports {names[1]}"
    if part in (*PURE, "model") and names[0] in WORLD and module not in HARMLESS.get(part, HARMLESS[""]):
        yield f"{path}:{line}: {part} is pure and imports {names[0]}"


def _calls(path: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WORLD_CALLS:
            yield f"{path}:{node.lineno}: a pure stage calls {node.func.id}()"


def _cycles(files: Mapping[str, str]) -> Iterator[str]:
    graph = {name: set(_needs(name, text, files)) for name, text in files.items()}
    while free := {name for name, needs in graph.items() if not needs & graph.keys()}:
        for name in free:
            del graph[name]
    if graph:
        yield f"import cycle among {', '.join(sorted(graph))}"


def _needs(name: str, text: str, files: Mapping[str, str]) -> Iterator[str]:
    """Files that importing this one at module level needs."""
    body = ast.Module([node for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)], [])
    for _, module in imports(body, name):
        names = module.split(".")[1:]
        for below in ("/".join(names), "/".join(names[:-1])):  # a module, or a name in one
            found = next((file for file in (f"{below}.py", f"{below}/__init__.py") if file in files), None)
            if found:
                yield from {found} - {name}
                break


def package() -> dict[str, str]:
    return {path.relative_to(SOURCE).as_posix(): path.read_text() for path in SOURCE.rglob("*.py")}


def test_the_package_keeps_the_rules() -> None:
    assert list(offences(package())) == []


@pytest.mark.parametrize(
    ("path", "text", "offence"),
    [
        ("model/stack.py", "from stackproof.plan import plan", "model imports plan"),
        ("model/stack.py", "import stackproof.errors", "model imports errors"),
        ("detect/web.py", "from stackproof.plan.web import x", "detect imports plan"),
        ("detect/web.py", "def f():\n    from stackproof.tools import disk", "detect imports tools"),
        ("detect/web.py", "from ..tools import disk", "detect imports tools"),
        ("detect/web.py", "from .. import tools", "detect imports tools"),
        ("plan/web.py", "import subprocess", "plan is pure and imports subprocess"),
        ("plan/web.py", "from pathlib import Path", "plan is pure and imports pathlib"),
        ("render/web.py", "import time", "render is pure and imports time"),
        ("report/web.py", "print('x')", "a pure stage calls print()"),
        ("report/web.py", "open('x')", "a pure stage calls open()"),
        ("run/docker/up.py", "from stackproof.build import docker", "run imports build"),
        ("prove/x.py", "from stackproof.cli import console", "prove imports cli"),
        ("tools/x.py", "from stackproof.run import process", "tools imports run"),
        ("pipeline.py", "from stackproof.cli import main", "pipeline imports cli"),
        ("cli/main.py", "from stackproof.detect import detect", "cli imports detect"),
    ],
)
def test_a_planted_offence_is_found(path: str, text: str, offence: str) -> None:
    assert any(offence in found for found in offences({path: text}))


def test_a_planted_cycle_is_found() -> None:
    files = {"model/a.py": "from stackproof.model import b", "model/b.py": "from stackproof.model.a import x"}
    assert list(offences(files)) == ["import cycle among model/a.py, model/b.py"]


def test_every_part_has_a_rule() -> None:
    parts = {path.split("/")[0].removesuffix(".py") for path in package()} - {"__init__", "__main__"}
    assert parts <= ALLOWED.keys()
