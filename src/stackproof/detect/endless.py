"""What runs until it is stopped: calls that never return by themselves, and what leads to one."""

import ast
from collections.abc import Iterable, Sequence
from typing import Literal

from stackproof.detect.code import Code
from stackproof.detect.modules import Module, running, walk
from stackproof.detect.objects import Objects
from stackproof.detect.reach import Reached

Kind = Literal["bot", "scheduler", "rq", "consumer", "script"]

_CALLS: dict[str, Kind] = {
    "run_polling": "bot", "start_polling": "bot", "infinity_polling": "bot", "run_until_disconnected": "bot",
    "start_consuming": "consumer", "wait_for_termination": "consumer", "serve_forever": "consumer",
    "run_forever": "script", "run_pending": "scheduler",
}  # fmt: skip
_CLIENTS = (
    "discord.Client", "discord.Bot", "discord.AutoShardedClient", "discord.AutoShardedBot", "nextcord.Client",
    "discord.ext.commands.Bot", "discord.ext.commands.AutoShardedBot", "nextcord.ext.commands.Bot", "disnake.Client",
    "disnake.ext.commands.Bot", "disnake.ext.commands.InteractionBot", "hikari.GatewayBot", "interactions.Client",
    "pyrogram.Client", "twitchio.ext.commands.Bot", "telebot.TeleBot",
    "slack_bolt.adapter.socket_mode.SocketModeHandler",
    "slack_bolt.adapter.socket_mode.async_handler.AsyncSocketModeHandler",
)  # fmt: skip
# Objects of these run for ever by a method with a plain name.
_OBJECTS: dict[str, Kind] = {
    **dict.fromkeys(_CLIENTS, "bot"),
    **dict.fromkeys(("apscheduler.schedulers.blocking.BlockingScheduler",
                     "apscheduler.schedulers.background.BlockingScheduler"), "scheduler"),
    **dict.fromkeys(("rq.Worker", "rq.SimpleWorker", "rq.worker.Worker", "rq.worker.SimpleWorker"), "rq"),
}  # fmt: skip
_OBJECT_KINDS: dict[str, Kind] = {kind: kind for kind in _OBJECTS.values()}
_METHODS = frozenset({"run", "start", "start_async", "work", "polling"})
_CONSUMERS = {"kafka.KafkaConsumer": "consumer", "aiokafka.AIOKafkaConsumer": "consumer"}
_WAITED = frozenset({"signal.pause", "asyncio.Future"})  # `await asyncio.Future()` is how a server waits for nothing
_WAITING = frozenset({
    "sleep", "wait", "poll", "blpop", "brpop", "brpoplpush", "xread", "xreadgroup", "receive_message", "consume",
    "receive_messages", "run_pending", "recv", "accept", "get_message", "pull",
})  # fmt: skip


def kind(code: Code, found: Iterable[Reached]) -> Kind | None:
    """Why a program never comes to an end, from what it reaches; None where nothing says so."""
    nodes = tuple(found)
    kinds = [each for module, node in nodes if (each := _kind(code, module, node))]
    kinds += _handed(code, nodes)
    return next((each for each in kinds if each != "script"), next(iter(kinds), None))


def _handed(code: Code, nodes: Sequence[Reached]) -> list[Kind]:
    """`async def main(bot): await bot.start()`: a parameter, where the program makes an object that runs so."""
    calls = [(module, node) for module, node in nodes if isinstance(node, ast.Call)]
    runs = any(_on_parameter(module, call) for module, call in calls)
    made = [_OBJECT_KINDS.get(Objects(code, _OBJECTS).of(module, call) or "") for module, call in calls if runs]
    return [each for each in made if each]


def _on_parameter(module: Module, call: ast.Call) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS else None
    function = module.within(call.lineno)
    if not isinstance(owner, ast.Name) or function is None:
        return False
    return any(item.arg == owner.id for item in (*function.args.args, *function.args.kwonlyargs))


def _kind(code: Code, module: Module, node: ast.AST) -> Kind | None:
    if isinstance(node, ast.While):
        return "script" if _waits(node) else None
    if isinstance(node, ast.For | ast.AsyncFor):
        return "consumer" if _consumes(code, module, node.iter) else None
    return _blocking(code, module, node) if isinstance(node, ast.Call) else None


def _blocking(code: Code, module: Module, call: ast.Call) -> Kind | None:
    if code.meaning(module, call.func) in _WAITED:
        return "script"
    if not isinstance(call.func, ast.Attribute):
        return None
    if found := _CALLS.get(call.func.attr):
        return found
    made = Objects(code, _OBJECTS).of(module, call.func.value) if call.func.attr in _METHODS else None
    return _OBJECT_KINDS.get(made or "")


def _consumes(code: Code, module: Module, source: ast.expr) -> bool:
    """`for message in consumer`, `for message in pubsub.listen()`."""
    if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr == "listen":
        return True
    return Objects(code, _CONSUMERS).of(module, source) is not None


def _waits(loop: ast.While) -> bool:
    """`while True` that waits for something other than a person, and that nothing but an error ends."""
    if not isinstance(loop.test, ast.Constant) or not loop.test.value:
        return False
    calls = [node.func for node in walk(loop) if isinstance(node, ast.Call)]
    if any(isinstance(func, ast.Name) and func.id == "input" for func in calls):
        return False
    named = {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in calls}
    return bool(named & _WAITING) and not any(isinstance(node, ast.Break | ast.Return) for node in running(loop.body))
