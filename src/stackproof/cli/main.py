"""Arguments into a command, and whatever goes wrong into words and an exit code."""

import argparse
import importlib
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from types import FrameType
from typing import Protocol, cast

from stackproof import __version__
from stackproof.errors import Exit, UserError

ENVIRONMENTS = ("dev", "stage", "prod")

# name, what it does, default environment (None: all of them). Each is a module of this package with `arguments` and
# `run`, imported only when it is called: start-up time is part of the promise.
COMMANDS: tuple[tuple[str, str, str | None], ...] = (
    ("plan", "show what was found, where, and the services it makes", None),
    ("render", "write the container files", None),
    ("check", "look at container files, whoever wrote them, and say what does not hold", None),
    ("secrets", "make the secrets of one environment, and say what only you can give", None),
    ("build", "build the images of one environment", "dev"),
    ("up", "bring up one environment and wait until it is healthy", "dev"),
    ("status", "show the services of one environment", "dev"),
    ("logs", "show what the services wrote", "dev"),
    ("down", "stop and remove what `up` made", "dev"),
    ("prove", "build, run and measure everything, and write the proof", "prod"),
    ("judge", "judge a stored record's measurements again, with the same limits or others", None),
    ("compare", "say what got better or worse between two stored records", None),
    ("report", "write the reports of a stored record again, without running anything", None),
    ("completion", "print the completion script of a shell", None),
)
EXIT_CODES = """exit codes:
  0 all holds    1 a finding or a refuted claim    2 you must change something
  3 a tool failed, or a required claim stayed unmeasured    70 our bug    130 Ctrl-C"""


class Command(Protocol):
    """What each command's module offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, options: argparse.Namespace) -> int: ...


def entry() -> None:
    """The console script."""
    sys.exit(main(sys.argv[1:]))


def main(words: Sequence[str]) -> int:
    """Run one command; never raises but for argparse's own exit."""
    if list(words) in (["--version"], ["-V"]):
        return _say_version()
    return guarded(lambda: _dispatch(words))


def guarded(command: Callable[[], int]) -> int:
    """The one place where errors become words and exit codes."""
    _clean_up_when_told_to_end()
    _print_anything()
    try:
        return command()
    except UserError as error:
        _say_error(str(error), error.fix)
        return error.exit_code
    except KeyboardInterrupt:
        print(
            "\ninterrupted: what this command had begun to start is stopped again, and every file is whole",
            file=sys.stderr,
        )
        return Exit.INTERRUPTED
    except BrokenPipeError:  # `stackproof plan | head`
        sys.stderr.close()
        return Exit.OK
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename is not None else ""
        _say_error(f"{where}{problem.strerror or problem}", _os_fix(problem))
        return Exit.TOOL
    except Exception:  # noqa: BLE001  the only one in the code base
        traceback.print_exc()
        print(
            "This is a bug in stackproof, not in your project: please report it with the lines above.", file=sys.stderr
        )
        return Exit.BUG


def parser(only: str | None = None) -> argparse.ArgumentParser:
    """The command line; with `only`, just that command's own arguments are filled in, which saves imports."""
    top = argparse.ArgumentParser(
        prog="stackproof",
        description="From source tree to proven containers.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("-V", "--version", action="version", version=f"stackproof {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, says, environment in COMMANDS:
        # No abbreviations: `--env` is not `--env-file` where a command has only that.
        command = commands.add_parser(name, help=says, description=says, epilog=EXIT_CODES, allow_abbrev=False)
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        if only in (None, name):
            _module(name).arguments(command)
            _common(command, environment)
    return top


def _common(command: argparse.ArgumentParser, environment: str | None) -> None:
    command.add_argument("-C", dest="folder", metavar="DIR", help="the project's folder (default: the current one)")
    command.add_argument("--json", action="store_true", help="print JSON on standard output")
    if environment is not None:
        command.add_argument("--env", choices=ENVIRONMENTS, default=environment, help=f"default: {environment}")
        command.add_argument(
            "--on",
            choices=("auto", "docker", "process"),
            default="auto",
            help="runtime; auto: where the stack already runs, else a Docker Engine that answers, else process",
        )


def _dispatch(words: Sequence[str]) -> int:
    options = parser(only=words[0] if words else "").parse_args(words)
    return _module(options.command).run(options)


def _module(name: str) -> Command:
    return cast(Command, importlib.import_module(f"stackproof.cli.{name}"))


def _say_version() -> int:
    print(f"stackproof {__version__}")
    return Exit.OK


def _say_error(problem: str, fix: str) -> None:
    from stackproof.cli.console import warn

    warn(f"error: {problem}\n  fix: {fix}")


def _clean_up_when_told_to_end() -> None:
    """A CI job that is cancelled and a terminal that is closed are like Ctrl-C; what nohup ignores stays ignored."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def _print_anything() -> None:
    """File names and logs hold letters that the terminal's encoding may not have."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _os_fix(problem: OSError) -> str:
    import errno

    if problem.errno == errno.ENOSPC:
        return "Free some space on that disk, then run the command again: nothing was left half-written."
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "Give this user the right to read and write there, or choose another folder with -C."
    return "See the path above; run the command again when it is in order."
