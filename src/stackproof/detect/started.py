"""Programs that the code starts: the first word of what subprocess and asyncio are given, and what is looked for."""

import ast
import re
from collections.abc import Iterator

from stackproof.detect import code
from stackproof.detect.modules import Module
from stackproof.model.facts import Executable, Fact
from stackproof.model.source import SourceTree

_STARTERS = frozenset({
    "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen",
    "subprocess.getoutput", "subprocess.getstatusoutput", "os.system", "os.popen", "os.execvp", "os.execlp",
    "shutil.which", "asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell",
    "asyncio.subprocess.create_subprocess_exec", "asyncio.subprocess.create_subprocess_shell",
})  # fmt: skip
_WORD = re.compile(r"\s*(?:/usr/(?:local/)?s?bin/|/s?bin/)?([A-Za-z0-9][\w.+-]*)(?:\s|$)")


def detect(tree: SourceTree) -> Iterator[Fact]:
    seen: set[str] = set()
    known = code.read(tree)
    for name in sorted(_STARTERS & known.called.keys()):
        for module, call in known.called[name]:
            program = _program(module, call)
            if program and program not in seen:
                seen.add(program)
                yield Executable(program, module.place(call))


def _program(module: Module, call: ast.Call) -> str | None:
    """None where it is known only at run time, or lies in the project."""
    given = call.args[0] if call.args else next((item.value for item in call.keywords if item.arg == "args"), None)
    if isinstance(given, ast.Name):
        given = module.local(given.id, call.lineno)
    if isinstance(given, ast.List | ast.Tuple) and given.elts:
        given = given.elts[0]
    if isinstance(given, ast.JoinedStr) and given.values:
        given = given.values[0]
    if not isinstance(given, ast.Constant) or not isinstance(given.value, str):
        return None
    found = _WORD.match(given.value)
    return found[1] if found and not found[1].endswith((".py", ".sh")) else None
