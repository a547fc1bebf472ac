"""Programs that serve HTTP by themselves: Streamlit pages, Gradio demos, aiohttp servers, Dash without its server."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from stackproof.detect import code, reach, scripts, serving, start_lines
from stackproof.detect.code import Code
from stackproof.detect.modules import Module
from stackproof.detect.objects import Objects
from stackproof.detect.web_servers import ASGI, DASH
from stackproof.model.facts import Framework, WebApp
from stackproof.model.source import Place, SourceTree

_SERVERS = frozenset({"uvicorn.run", "uvicorn.Config"})
_RUN_APP = "aiohttp.web.run_app"
_NAVIGATION = frozenset({"streamlit.navigation", "streamlit.set_page_config"})


@lru_cache(maxsize=8)
def found(tree: SourceTree) -> tuple[WebApp, ...]:
    known = code.read(tree)
    return (*_streamlit(tree, known), *_started(tree, known))


def _streamlit(tree: SourceTree, known: Code) -> Iterator[WebApp]:
    """Files that draw a page and that no other imports; those of `pages/` belong to the file beside the folder."""
    imported = {name for module in known for name in module.needs}
    drawn = [(module, seen) for module in known if module.name not in imported and (seen := _draws(known, module))]
    own = [(module, seen) for module, seen in drawn if "pages" not in module.path.split("/")]
    entries = [item for item in own if _leads(tree, known, item[0])] or own
    for module, seen in entries:
        yield WebApp("streamlit", module.path, False, "own", seen)


def _draws(known: Code, module: Module) -> Place | None:
    """Its first call of Streamlit; of a file that only imports it, the file as a whole."""
    if not any(name.partition(".")[0] == "streamlit" for name in module.imports.values()):
        return None
    calls = (
        call for call in module.nodes(ast.Call) if (known.meaning(module, call.func) or "").startswith("streamlit.")
    )
    return next((module.place(call) for call in calls), Place(module.path))


def _leads(tree: SourceTree, known: Code, module: Module) -> bool:
    """It is started by name, sets up the page, or has a folder of pages beside it."""
    beside = module.path.rpartition("/")[0]
    pages = tree.under(f"{beside}/pages".lstrip("/"))
    called = {known.meaning(module, call.func) for call in module.nodes(ast.Call)}
    return bool(pages) or bool(called & _NAVIGATION) or start_lines.run(tree, module.path, module.name) is not None


def _started(tree: SourceTree, known: Code) -> Iterator[WebApp]:
    """The programs that lead to a call which serves."""
    for script in scripts.found(tree):
        for module, node in reach.reached(known, script.module, script.steps):
            if isinstance(node, ast.Call) and (framework := _framework(known, module, node)):
                yield WebApp(framework, scripts.target(tree, script.module), False, "own", module.place(node))
                break


def _framework(known: Code, module: Module, call: ast.Call) -> Framework | None:
    name = known.meaning(module, call.func)
    if name == _RUN_APP:
        return "aiohttp"
    if name in _SERVERS and call.args and not serving.applications(known):
        return cast(Framework | None, Objects(known, ASGI).of(module, call.args[0]))
    if not isinstance(call.func, ast.Attribute):
        return None
    if call.func.attr == "launch" and _imports_gradio(module):
        return "gradio"
    ran = call.func.attr in ("run", "run_server") and Objects(known, DASH).of(module, call.func.value)
    return "dash" if ran and not _serves(known) else None


def _imports_gradio(module: Module) -> bool:
    return any(name.partition(".")[0] == "gradio" for name in module.imports.values())


@lru_cache(maxsize=8)
def _serves(known: Code) -> bool:
    """Somewhere the Flask application inside of a Dash one has a name: a server runs that."""
    return any(app.framework in ("dash", "flask") for app in serving.applications(known))
