"""What looks like the application and cannot be started as it stands: named where nothing else was found."""

from collections.abc import Iterator

from stackproof.detect import code, endless, programs, reach, runners, scripts, web
from stackproof.detect.code import Code
from stackproof.detect.modules import Module, bindings, running
from stackproof.detect.objects import Objects, needs_arguments
from stackproof.detect.web_servers import ASGI, WSGI
from stackproof.model.facts import Fact, LeftOut, Program
from stackproof.model.source import SourceTree


def detect(tree: SourceTree) -> Iterator[Fact]:
    """Only where there is no web application: beside one they are nobody's concern."""
    if web.found(tree):
        return
    known = code.read(tree)
    objects = Objects(known, {**ASGI, **WSGI})
    for module in known:
        yield from _factories(objects, module)
        yield from _guarded(objects, module)
    if not any(isinstance(fact, Program) for fact in programs.detect(tree)):
        yield from _ending(tree, known)


def _factories(objects: Objects, module: Module) -> Iterator[LeftOut]:
    for name, function in module.functions.items():
        if needs_arguments(function) and objects.returns(module, function):
            words = ", ".join(
                item.arg for item in function.args.args[: len(function.args.args) - len(function.args.defaults)]
            )
            yield LeftOut(
                f"{module.name}:{name}",
                f"it makes an application, but needs to be given {words or 'arguments'}; no name holds what it makes",
                f'Add wsgi.py: "from {module.name} import {name}", then "app = {name}(...)".',
                module.place(function),
            )


def _guarded(objects: Objects, module: Module) -> Iterator[LeftOut]:
    """Nobody who imports the module gets an object that is made under `if __name__ == "__main__":`."""
    for block in module.scripts:
        for name, value in bindings(running(block.body)):
            if objects.of(module, value):
                yield LeftOut(
                    f"{module.name}:{name}",
                    'it is made under `if __name__ == "__main__":`, so that no server can import it',
                    f"Make {name} at the top level of {module.path}.",
                    module.place(value),
                )


def _ending(tree: SourceTree, known: Code) -> Iterator[LeftOut]:
    for script in scripts.found(tree):
        words = ", ".join(f'"{word}"' for word in script.words)
        inside = tuple(reach.reached(known, script.module, script.steps))
        if not runners.serves(known, inside) and not endless.kind(known, inside):
            yield LeftOut(
                script.module.path,
                "it runs to its end: nothing in it waits, listens or serves",
                f"If it does not, say so in stackproof.toml: [services.{_service(script.name)}] command = [{words}].",
                script.module.place(script.steps[0]),
            )


def _service(name: str) -> str:
    return name.replace("_", "-").lower()
