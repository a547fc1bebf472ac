"""`stackproof completion SHELL`: the completion script of a shell, made from the command line's own parser."""

import argparse
import shlex
from collections.abc import Iterator, Mapping

from stackproof.cli.console import say
from stackproof.errors import Exit

_NAME = "stackproof"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=sorted(_SHELLS), help="bash: add it to ~/.bashrc with `source <(...)`")


def run(options: argparse.Namespace) -> int:
    from stackproof.cli.main import COMMANDS, parser  # every command's arguments: nobody else needs them all

    actions = _actions(parser())
    says = {name: text for name, text, _ in COMMANDS}
    say("\n".join(_SHELLS[options.shell](actions, says)))
    return Exit.OK


def _actions(parser: argparse.ArgumentParser) -> Mapping[str, list[argparse.Action]]:
    """The options and arguments of each command."""
    commands = next(each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    return {name: command._actions for name, command in commands.choices.items()}


def _bash(commands: Mapping[str, list[argparse.Action]], _says: Mapping[str, str]) -> Iterator[str]:
    yield f"_{_NAME}() {{"
    yield "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= word words="
    yield '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do'
    yield f"    case $word in {'|'.join(commands)}) command=$word; break ;; esac"
    yield "  done"
    yield '  case "$command $before" in'
    for name, actions in commands.items():
        for action in actions:
            if action.option_strings and action.choices:
                patterns = "|".join(f'"{name} {option}"' for option in action.option_strings)
                yield f'    {patterns}) COMPREPLY=($(compgen -W "{_chosen(action)}" -- "$current")); return ;;'
    yield "  esac"
    yield "  case $command in"
    yield f'    "") words="{" ".join(commands)} --help --version" ;;'
    for name, actions in commands.items():
        yield f'    {name}) words="{" ".join(_words(actions))}" ;;'
    yield "  esac"
    yield '  COMPREPLY=($(compgen -W "$words" -- "$current"))'
    yield '  [ -z "$command" ] || [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- "$current"))'
    yield "}"
    yield f"complete -o filenames -F _{_NAME} {_NAME}"


def _zsh(commands: Mapping[str, list[argparse.Action]], says: Mapping[str, str]) -> Iterator[str]:
    """zsh runs completions that were written for bash."""
    yield "autoload -U +X bashcompinit && bashcompinit"
    yield from _bash(commands, says)


def _fish(commands: Mapping[str, list[argparse.Action]], says: Mapping[str, str]) -> Iterator[str]:
    for name, actions in commands.items():
        yield f"complete -c {_NAME} -n __fish_use_subcommand -f -a {name} -d {shlex.quote(says[name])}"
        for action in actions:
            if action.option_strings or action.choices:
                yield _fish_line(name, action)


def _fish_line(name: str, action: argparse.Action) -> str:
    words = ["complete", "-c", _NAME, "-n", f'"__fish_seen_subcommand_from {name}"']
    for option in action.option_strings:
        words += ["-l", option[2:]] if option.startswith("--") else ["-s", option[1:]]
    if action.choices:
        words += ["-x", "-a", f'"{_chosen(action)}"']
    elif action.nargs != 0:
        words += ["-r"]
    return " ".join([*words, "-d", shlex.quote((action.help or "").replace("%%", "%"))])


def _words(actions: list[argparse.Action]) -> Iterator[str]:
    for action in actions:
        yield from action.option_strings or (_chosen(action).split() if action.choices else ())


def _chosen(action: argparse.Action) -> str:
    return " ".join(str(each) for each in action.choices or ())


_SHELLS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
