"""`stackproof logs`: what the services wrote, each line with its service's name."""

import argparse
import json
import sys
import time
from collections.abc import Sequence

from stackproof import pipeline
from stackproof.cli import place
from stackproof.cli.console import say, say_raw, warn
from stackproof.errors import Exit, ToolFailed, UserError
from stackproof.model.running import Running

_COLOURS = (36, 33, 32, 35, 34, 31)  # ANSI, one for each service in turn
_PAUSE = 0.5  # seconds between looks when following


def arguments(parser: argparse.ArgumentParser) -> None:
    place.argument(parser)
    place.adoptable(parser, short=False)
    parser.add_argument("--service", action="append", default=[], help="only this one; repeatable")
    parser.add_argument("-f", "--follow", action="store_true", help="go on until Ctrl-C")


def run(options: argparse.Namespace) -> int:
    planned = place.planned(options)
    stack = planned.stacks[options.env]
    names = [service.name for service in stack.services]
    if unknown := [name for name in options.service if name not in names]:
        raise UserError(f"{stack.name} has no service {unknown[0]}", fix=f"It has: {', '.join(names)}")
    running = pipeline.attach(planned.root, stack, options.on)
    if running is None:
        raise UserError(f"{stack.name} is not running", fix=f"Bring it up: {place.command(options, 'up')}")
    chosen = options.service or [state.name for state in running.states()]
    if options.follow:
        return until_down(planned, options, running, chosen)
    if options.json:
        say(json.dumps({name: running.logs(name) for name in chosen}))
        return Exit.OK
    for name in chosen:
        _print(name, running.logs(name), chosen)
    return Exit.OK


def until_down(planned: pipeline.Planned, options: argparse.Namespace, running: Running, names: list[str]) -> int:
    """Print what comes until Ctrl-C, or until the stack is brought down elsewhere."""
    stack = planned.stacks[options.env]
    try:
        _follow(running, names, as_json=options.json)
    except ToolFailed:
        if pipeline.attach(planned.root, stack, options.on):
            raise
        warn(f"{stack.name} was brought down")
    return Exit.OK


def _follow(running: Running, names: Sequence[str], *, as_json: bool) -> None:
    """Print what comes, line by line, until Ctrl-C. Raises ToolFailed when the stack goes away."""
    seen = dict.fromkeys(names, 0)
    show = _print_json if as_json else _print
    try:
        while True:
            for name in names:
                text = running.logs(name)
                seen[name] = seen[name] if seen[name] <= len(text) else 0  # a new container, or a new log file
                whole = text.rfind("\n") + 1
                show(name, text[seen[name] : whole], names)
                seen[name] = max(seen[name], whole)
            running.states()  # raises where nobody owns the services any more: their logs stay for a while
            time.sleep(_PAUSE)
    except KeyboardInterrupt:
        return


def _print_json(name: str, text: str, _names: Sequence[str]) -> None:
    for line in text.splitlines():
        say_raw(json.dumps({"service": name, "line": line}))


def _print(name: str, text: str, names: Sequence[str]) -> None:
    width = max(map(len, names))
    label = f"{name:<{width}} |"
    if sys.stdout.isatty():
        label = f"\x1b[{_COLOURS[list(names).index(name) % len(_COLOURS)]}m{label}\x1b[0m"
    for line in text.splitlines():
        say_raw(f"{label} {line}")
