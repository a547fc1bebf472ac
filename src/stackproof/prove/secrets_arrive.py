"""SP322: a secret with any letter in it reaches the process unchanged."""

import hashlib
import re
from collections.abc import Iterator
from typing import cast

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Assignment, Bounds, Service, Stack
from stackproof.prove import from_inside, present
from stackproof.prove.verdicts import Row, held, rows, text, unmeasured, whole

_AWKWARD = frozenset("$\"'\\#:@%")
_LONG = 64
_FILE = re.compile(r"@\{secret\.([a-z0-9-]+)\}")
_REVEALED = re.compile(r"@\{reveal\.([a-z0-9-]+)\}")
_REFERENCE = re.compile(r"@\{[a-z0-9_.-]+\}")
_MARK = "<stackproof-secret:"  # what a variable holds until the service was started
_MADE = ("password", "given")


def applies(stack: Stack) -> bool:
    return any(_held(service) for service in stack.services if service.python)


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    texts = {secret.name: bench.secret(secret.name) for secret in running.stack.secrets if secret.kind in _MADE}
    seen = [row for service in present.services(running) if service.python for row in _of(running, service)]
    if not seen:
        raise Unmeasurable("No service that runs here holds a secret.", fix="There is nothing to do.")
    arrived: list[Json] = [
        {**row, "wanted": _hash(texts[str(row["secret"])])} for row in seen if row["secret"] in texts
    ]
    return Measurement(
        f"{len(arrived)} ways",
        "the proof's own random secrets, each 64 characters with quotes, dollar, backslash and more among them; hashes "
        "of what the service's files and the environment of its main process hold, against the host's files",
        {
            "arrived": arrived,
            "secrets": [
                {"name": name, "length": len(said), "lacks": "".join(sorted(_AWKWARD - set(said)))}
                for name, said in texts.items()
            ],
        },
    )


def _of(running: Running, service: Service) -> Iterator[dict[str, Json]]:
    ways = list(_held(service))
    files: list[Json] = [each.name for each, kind, _ in ways if kind == "file"]
    variables: list[Json] = [[each.name, _pattern(each)] for each, kind, _ in ways if kind == "variable"]
    if not ways:
        return
    found, _ = from_inside.look(running, service.name, "secrets_held", files, variables, _MARK)
    by_name = {**cast(dict[str, Json], found["files"]), **cast(dict[str, Json], found["variables"])}
    for each, kind, secret in ways:
        where = "a file" if kind == "file" else found["from"]
        yield {"service": service.name, "way": each.name, "where": where, "secret": secret, "found": by_name[each.name]}


def _held(service: Service) -> Iterator[tuple[Assignment, str, str]]:
    """Variables that name a secret's file, or that are made from a secret when the service starts."""
    for each in service.environment:
        value = each.value or ""
        if found := _FILE.fullmatch(value):
            yield each, "file", found[1]
        elif len(revealed := _REVEALED.findall(value)) == 1:
            yield each, "variable", revealed[0]


def _pattern(each: Assignment) -> str:
    """Of the value: what is not a reference stands there as it is; the group is the secret."""
    value = each.value or ""
    begin, end = found.span() if (found := _REVEALED.search(value)) else (0, 0)
    return f"{_loosely(value[:begin])}(.+){_loosely(value[end:])}"


def _loosely(part: str) -> str:
    return ".*?".join(re.escape(said) for said in _REFERENCE.split(part.replace("@{at}", "@")))


def _hash(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    arrived, secrets = rows(measurement, "arrived"), rows(measurement, "secrets")
    limit = f"{_LONG} characters with {' '.join(sorted(_AWKWARD))}"
    if problems := list(_problems(arrived)):
        return held(problems, "", limit)
    plain = [text(row, "name") for row in secrets if row["lacks"] or (whole(row, "length") or 0) < _LONG]
    if plain:
        return unmeasured(f"{', '.join(plain)} has none of the letters that could be lost on the way", limit)
    services = ", ".join(dict.fromkeys(text(row, "service") for row in arrived))
    return held((), f"{len(arrived)} secrets arrived unchanged in {services}", limit)


def _problems(arrived: tuple[Row, ...]) -> Iterator[str]:
    for row in arrived:
        found = text(row, "found")
        if found != row["wanted"]:
            what = "another text than its file on the host" if re.fullmatch("[0-9a-f]{64}", found) else found
            yield f"{row['service']}: {row['way']} ({row['where']}) holds of {row['secret']}: {what}"


CLAIM = Claim(
    id="SP322-secrets-arrive",
    group="running",
    says="A secret with any letter in it reaches the process that it is for, unchanged.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)
