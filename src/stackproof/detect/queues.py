"""Workers of task queues other than Celery, by what their own command lines need: RQ, arq, Dramatiq, Huey."""

import ast
from collections.abc import Iterator

from stackproof.detect import code, values
from stackproof.detect.code import Code
from stackproof.detect.modules import Function, Module, bindings
from stackproof.detect.objects import Objects
from stackproof.model.facts import Program
from stackproof.model.source import Place, SourceTree

_RQ_QUEUES = frozenset({"rq.Queue", "rq.queue.Queue"})
_RQ_WORKERS = frozenset({"rq.Worker", "rq.worker.Worker", "rq.SimpleWorker", "rq.worker.SimpleWorker"})
_HUEY = dict.fromkeys(
    (
        f"huey.{name}"
        for name in ("Huey", "RedisHuey", "PriorityRedisHuey", "SqliteHuey", "RedisExpireHuey", "FileHuey")
    ),
    "huey",
)
_ACTORS = frozenset({"dramatiq.actor", "dramatiq.actor.actor"})


def found(tree: SourceTree) -> tuple[Program, ...]:
    known = code.read(tree)
    return (*_rq(known), *_arq(known), *_dramatiq(known), *_huey(known))


def _rq(known: Code) -> Iterator[Program]:
    """All queues by name, where the project has no worker program of its own."""
    if known.instantiated & _RQ_WORKERS:
        return
    names: dict[str, Place] = {}
    for queue in sorted(_RQ_QUEUES & known.instantiated):
        for module, call in known.called[queue]:
            stated = call.args[0] if call.args else next((w.value for w in call.keywords if w.arg == "name"), None)
            names.setdefault(values.string(known, module, stated) or "default", module.place(call))
    if names:
        yield Program("rq", "rq", ("rq", "worker", *names), next(iter(names.values())))


def _arq(known: Code) -> Iterator[Program]:
    """A class with `functions` or `cron_jobs`, in a module that uses arq or is named for its settings."""
    for module in known:
        for name, node in module.classes.items():
            bound = {bound for bound, _ in bindings(node.body)}
            arq = any(need.partition(".")[0] == "arq" for need in module.needs)
            if bound & {"functions", "cron_jobs"} and (arq or name.endswith("WorkerSettings")):
                yield Program("arq", "arq", ("arq", f"{module.name}.{name}"), module.place(node))


def _dramatiq(known: Code) -> Iterator[Program]:
    """Every module that declares an actor; one that sets the broker goes first, or the actors get a default one."""
    actors = {module.name: seen for module in known if (seen := _actor(known, module))}
    if not actors:
        return
    calls = known.called.get("dramatiq.set_broker", ()) or known.called.get("dramatiq.broker.set_broker", ())
    names = dict.fromkeys([*(module.name for module, _ in calls), *actors])
    yield Program("dramatiq", "dramatiq", ("dramatiq", *names), next(iter(actors.values())))


def _actor(known: Code, module: Module) -> Place | None:
    functions: list[Function] = [*module.nodes(ast.FunctionDef), *module.nodes(ast.AsyncFunctionDef)]
    for function in functions:
        for decorator in function.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if known.meaning(module, called) in _ACTORS:
                return module.place(function)
    return None


def _huey(known: Code) -> Iterator[Program]:
    made = Objects(known, _HUEY).ready
    for item in made[:1]:
        yield Program("huey", "huey", ("huey_consumer.py", f"{item.module}.{item.attribute}"), item.seen)
