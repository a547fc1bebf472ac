"""What a command of a RUN installs."""

from stackproof.model.shell import Simple

_MANAGERS = {
    "apt-get": "install",
    "apt": "install",
    "aptitude": "install",
    "apk": "add",
    "yum": "install",
    "dnf": "install",
    "microdnf": "install",
}
_VALUED = frozenset({"-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-i", "--index-url", "-t"}) | {
    "--extra-index-url",
    "--find-links",
    "-f",
    "--target",
    "--prefix",
    "--root",
    "--python",
    "-p",
    "--trusted-host",
    "--virtual",
    "--repository",
    "--timeout",
    "--retries",
    "--cache-dir",
    "-o",
}


def system(command: Simple) -> tuple[str, ...]:
    """Names of the packages of the distribution, versions left off."""
    verb = _MANAGERS.get(command.program)
    if verb is None or verb not in command.arguments:
        return ()
    return tuple(each.split("=")[0].split("~")[0] for each in _plain(_after(command.arguments, verb)))


def debian(command: Simple) -> bool:
    """`apt-get install` or `apt install`."""
    return command.program in ("apt-get", "apt") and "install" in command.arguments


def pip(command: Simple) -> tuple[str, ...] | None:
    """The arguments of a `pip install`, also through `python -m` and `uv`; None for other commands."""
    words = (command.program, *command.arguments)
    if words[0].startswith("python") and words[1:3] == ("-m", "pip"):
        words = ("pip", *words[3:])
    if words[:2] == ("uv", "pip"):
        words = words[1:]
    return words[2:] if words[0] in ("pip", "pip3") and words[1:2] == ("install",) else None


def named(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The packages among the arguments of an installer: no options, no files, no folders."""
    return tuple(each for each in _plain(arguments) if "/" not in each and not each.startswith((".", "$")))


def _after(arguments: tuple[str, ...], verb: str) -> tuple[str, ...]:
    return arguments[arguments.index(verb) + 1 :]


def _plain(arguments: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    before = ""
    for each in arguments:
        if not each.startswith(("-", ">", "<", "2>")) and before not in _VALUED:
            found.append(each)
        before = each
    return found
