"""The environment variables that the code reads, each name once, and those of them that name a secret's file."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from stackproof.detect import code, environment_reads, settings_classes, values
from stackproof.detect.code import Code
from stackproof.detect.environment_reads import Found
from stackproof.model.facts import Ambiguity, Fact, SecretFile, Variable
from stackproof.model.source import SourceTree

# What every process is given by the system or the interpreter.
_GIVEN = frozenset({
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "OLDPWD", "LANG", "LANGUAGE", "TERM", "TMPDIR", "TMP", "TEMP",
    "TZ", "HOSTNAME", "DISPLAY", "EDITOR", "COLUMNS", "LINES", "NO_COLOR", "VIRTUAL_ENV", "PYTHONPATH",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
})  # fmt: skip
_SECRET = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|SECRET|TOKEN|KEY|APIKEY|DSN|CREDENTIALS?|SALT)"
    r"(?:_(?:BASE64|HEX|OLD|NEW|\d+))?$"
    r"|(?:^|_)SECRET_KEY"
)
_READS_SECRETS = re.compile(r"secret|passw|credential|token", re.IGNORECASE)  # what a function's name says
_FILE = re.compile(r"_FILE$", re.IGNORECASE)
_OPEN = re.compile(r"(?:^|_)(?:PUBLIC|PUBLISHABLE|SITE|PRIMARY|SORT|PARTITION|CACHE|ROUTING|FOREIGN)_KEY$")


def detect(tree: SourceTree) -> Iterator[Fact]:
    """Settings classes first. `X_FILE` is no variable of its own where the code reads the secret X too."""
    variables, files = _found(tree), _secret_files(tree)
    doubled = {item.file_variable for item in files if item.variable in variables}
    yield from (variable for variable in variables.values() if variable.name not in doubled)
    yield from files
    yield from _dynamic(code.read(tree))


@lru_cache(maxsize=8)
def _found(tree: SourceTree) -> Mapping[str, Variable]:
    known = code.read(tree)
    found: dict[str, Variable] = {}
    for variable in (*_settings(known), *_reads(known)):
        if variable.name not in _GIVEN and not variable.name.startswith("LC_"):
            earlier = found.get(variable.name)
            found[variable.name] = _merged(earlier, variable) if earlier else variable
    return found


def _secret_files(tree: SourceTree) -> tuple[SecretFile, ...]:
    """`JWT_SECRET_FILE`, where the rest of the name is a secret; LOG_FILE is none."""
    found = _found(tree)
    rests = {name: _FILE.sub("", name) for name in found if _FILE.search(name)}
    secret = {name: rest for name, rest in rests.items() if is_secret(rest) or (rest in found and found[rest].secret)}
    return tuple(SecretFile(rest, name, found[name].seen) for name, rest in secret.items())


def is_secret(name: str) -> bool:
    upper = name.upper()
    return bool(_SECRET.search(upper)) and not _OPEN.search(upper)


def _settings(known: Code) -> Iterator[Variable]:
    for name in settings_classes.classes(known):
        for field in settings_classes.fields(known, name).values():
            default = values.read(known, field.module, field.default) if field.default is not None else None
            yield Variable(
                name=field.variable,
                default=default.text if default else None,
                required=field.required,
                secret=field.secret or (is_secret(field.variable) and field.kind in ("str", "other")),
                kind=field.kind,
                seen=field.module.place(field.node),
            )


def _reads(known: Code) -> Iterator[Variable]:
    """A name that the code asks for by `in` is not needed: it goes on without it."""
    reads = environment_reads.reads(known)
    guarded = {read.name for read in reads if isinstance(read.node, ast.Compare)}
    for read in reads:
        if read.name:
            required = read.required and read.name not in guarded
            secret = _says_secret(read) and read.kind in ("str", "other")
            default = read.default.text if read.default else None
            yield Variable(read.name, default, required, secret, read.kind, read.module.place(read.node))


def _says_secret(read: Found) -> bool:
    """By its name, or by the name of the function that reads it: `secret("DATABASE_URL")`."""
    name = read.name or ""
    return is_secret(name) or (bool(_READS_SECRETS.search(read.helper)) and not _FILE.search(name))


def _merged(first: Variable, second: Variable) -> Variable:
    """Read twice: needed if one of the reads needs it, and the first default counts."""
    return replace(
        first,
        default=first.default if first.default is not None else second.default,
        required=first.required or second.required,
        secret=first.secret or second.secret,
        kind=second.kind if first.kind == "str" else first.kind,
    )


def _dynamic(known: Code) -> Iterator[Fact]:
    for read in environment_reads.reads(known):
        if read.name is None:
            yield Ambiguity(
                about="environment variable",
                chosen="not listed",
                candidates=(),
                because="its name is made while the program runs",
                setting="none; write the name as a constant in the source",
                seen=read.module.place(read.node),
            )
