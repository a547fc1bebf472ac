"""SP206: what is planted as a secret around the build is nowhere in the image, its history, its labels or the log."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

from stackproof.errors import Unmeasurable
from stackproof.model.artifacts import Built
from stackproof.model.proof import Claim, Json, Judgement, Measurement, Verdict
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import images, imports
from stackproof.prove.searching import needles, occurs

_FILES = (".env", ".env.local", "credentials.json", "id_rsa")
_VARIABLE = "STACKPROOF_CANARY"


@dataclass(frozen=True)
class _Canary:
    """`word` begins every planted secret, a number ends it; `places` by that number. `marker` is meant to be found."""

    word: str
    marker: str
    places: tuple[str, ...]

    def secret(self, place: str) -> str:
        return f"{self.word}{self.places.index(place):04d}"


@dataclass(frozen=True)
class _Found:
    found: tuple[tuple[str, str], ...]  # (which secret, found where)
    marker: bool
    files: int
    size: int


def _measure(bench: Bench) -> Measurement:
    module = imports.source_of(bench)
    if module is None:
        raise Unmeasurable("no Python file of the application goes into the image", fix="See `stackproof plan`.")
    files, variables = _files(module), _variables(bench)
    canary = _Canary(secrets.token_hex(12), f"marker{secrets.token_hex(12)}", (*files, *variables))
    with bench.context() as folder:
        _plant(folder, files, canary)
        with (folder / module).open("a") as code:
            code.write(f"\n# {canary.marker}\n")
        given = {name: canary.secret(name) for name in variables}
        with images.built(bench, folder, "canary", variables=given) as built:
            history = bench.workshop.history(built.image)
            found = _search(bench, built, canary, history)
    return _measurement(canary, found, built, history)


def _files(module: str) -> tuple[str, ...]:
    package = PurePosixPath(module).parent
    nested = [str(package / name) for name in _FILES]
    return tuple(dict.fromkeys([*_FILES, *nested, ".git/config"]))


def _variables(bench: Bench) -> tuple[str, ...]:
    named = [item.name for service in bench.stack.services for item in service.environment if item.secret]
    return tuple(dict.fromkeys([_VARIABLE, *named]))


def _plant(folder: Path, files: tuple[str, ...], canary: _Canary) -> None:
    for path in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a") as planted:
            planted.write(f'\nSECRET="{canary.secret(path)}"\n')


def _search(bench: Bench, built: Built, canary: _Canary, history: str) -> _Found:
    wanted, marker = needles(canary.word), needles(canary.marker)
    found: list[tuple[str, str]] = []
    seen, files, size = False, 0, 0
    for where, data in _everything(bench, built, history):
        files, size = files + 1, size + len(data)
        seen = seen or (where.startswith("/") and occurs(marker, data) is not None)
        if hit := occurs(wanted, data):
            found.append((_place(canary, hit), where))
    return _Found(tuple(found), seen, files, size)


def _everything(bench: Bench, built: Built, history: str) -> Iterator[tuple[str, bytes]]:
    for digest, path, data in bench.workshop.layer_files(built.image):
        yield f"/{path.lstrip('/')} in layer {digest.removeprefix('sha256:')[:12]}", data
    yield "the image's configuration, labels and history", history.encode()
    yield "the build log", built.log.encode()


def _place(canary: _Canary, hit: bytes) -> str:
    number = hit[len(canary.word) :][:4]
    known = hit.startswith(canary.word.encode()) and number.isdigit() and int(number) < len(canary.places)
    return f"the secret planted in {canary.places[int(number)]}" if known else "a planted secret, encoded,"


def _measurement(canary: _Canary, found: _Found, built: Built, history: str) -> Measurement:
    return Measurement(
        figure=f"{found.size / 1e6:.0f} MB in {found.files} files",
        how="secrets made for this one build put into files of the context, build variables and the builder's "
        "environment; then every file of every layer (deleted ones too), history, labels, configuration and log "
        "searched (the first 8 MiB of each), as text, split over lines, in base64, in hexadecimal, escaped for a URL, "
        "in gzip and in zip; a marker in a module had to be found",
        observed={
            "planted": cast(list[Json], list(canary.places)),
            "found": [{"secret": secret, "where": where} for secret, where in found.found],
            "marker_found": found.marker,
            "files": found.files,
            "bytes": found.size,
            "log_bytes": len(built.log),
            "history_bytes": len(history),
        },
    )


def _judge(measured: Measurement, _: Bounds) -> Judgement:
    observed = measured.observed
    if found := cast(list[dict[str, str]], observed["found"]):
        places = "; ".join(f"{item['secret']} is in {item['where']}" for item in found[:4])
        return Judgement(Verdict.REFUTED, places + (f" and {len(found) - 4} more places" if len(found) > 4 else ""))
    if not observed["marker_found"]:
        return Judgement(Verdict.UNMEASURED, "the marker in a module was not found either: the search proves nothing")
    if not observed["log_bytes"] or not observed["history_bytes"]:
        return Judgement(Verdict.UNMEASURED, "the builder gave no log, or the image no history, to be searched")
    planted = len(cast(list[str], observed["planted"]))
    return Judgement(Verdict.PROVED, f"none of {planted} planted secrets is in {measured.figure}; the marker is")


CLAIM = Claim(
    id="SP206-no-secret",
    group="image",
    says="No secret of the context, the build variables or the builder's environment gets into image, history or log.",
    measure=_measure,
    judge=_judge,
    company="looks",
)
