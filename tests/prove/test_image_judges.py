"""Stored measurements of the claims about the image, judged."""

import pytest

from stackproof.model.proof import Claim, Json, Measurement, Verdict
from stackproof.model.stack import Bounds
from stackproof.prove import (
    build_time,
    code_read_only,
    image_size,
    lean_image,
    no_secret,
    non_root_image,
    stable_dependency_layer,
)

P, R, U = Verdict.PROVED, Verdict.REFUTED, Verdict.UNMEASURED
SIZE: dict[str, Json] = {
    "bytes": 200_000_000,
    "control_bytes": 500_000_000,
    "layers": [{"bytes": 1, "made_by": "COPY src"}, {"bytes": 150_000_000, "made_by": "COPY .venv"}],
}
USER: dict[str, Json] = {"configured": "10001:10001", "uid": 10001, "effective_uid": 10001, "gid": 10001, "groups": []}
WRITABLE: dict[str, Json] = {
    "uid": 10001,
    "writable": [],
    "looked_at": 9,
    "root_read_only": False,
    "folders": ["/app"],
    "volumes": [],
}
LOOKED: dict[str, Json] = {"programs": ["gcc"], "packages": ["pip"], "caches": ["/.cache"]}
LEAN: dict[str, Json] = {
    "uid": 0,
    "looked_at": 9,
    "programs": [],
    "packages": [],
    "caches": [],
    "counts": {},
    "looked_for": LOOKED,
}
SECRET: dict[str, Json] = {
    "planted": [".env"],
    "found": [],
    "marker_found": True,
    "files": 5,
    "bytes": 7,
    "log_bytes": 3,
    "history_bytes": 4,
}
FOUND: dict[str, Json] = {"secret": "the secret planted in .env", "where": "/app/.env in layer 0123"}


def _times(cold: float) -> dict[str, Json]:
    return {"images": [{"name": "app", "cold_seconds": cold, "warm_seconds": 2.0}]}


def _sizes(*images: dict[str, Json]) -> dict[str, Json]:
    return {"images": [{"name": "app", **image} for image in images]}


def _layers(*, packages: bool = False, modules: bool = True, other: bool = False) -> dict[str, Json]:
    """The dependency layer, the application's, and another one: which of them changed."""

    def layer(changed: bool, holds: str) -> Json:
        marks: dict[str, Json] = {"packages": holds == "packages", "modules": holds == "modules"}
        return {"digest": holds, "bytes": 1_000_000, "made_by": f"COPY {holds}", "changed": changed, **marks}

    return {
        "touched": "src/shop/main.py",
        "layers": [layer(packages, "packages"), layer(modules, "modules"), layer(other, "helper")],
    }


def _images(*rows: dict[str, Json]) -> dict[str, Json]:
    return {"images": [{"name": "app", **row} for row in rows]}


TABLE: list[tuple[Claim, dict[str, Json], Verdict, str]] = [
    (build_time.CLAIM, _times(300.0), P, "app 300.0 s"),
    (build_time.CLAIM, _times(300.1), R, "the cold build of app took 300.1 s, which is more than 300 s"),
    (image_size.CLAIM, _sizes(SIZE), P, "60 % below the plain build with 500 MB"),
    (
        image_size.CLAIM,
        _sizes({**SIZE, "bytes": 3_000_000_000}),
        R,
        "over the limit of 2000 MB; the largest layer has 150 MB",
    ),
    (image_size.CLAIM, _sizes({**SIZE, "bytes": 3_000_000_000, "layers": []}), R, "over the limit of 2000 MB"),
    (image_size.CLAIM, _sizes({**SIZE, "control_bytes": 200_000_000}), P, "0 % below the plain build with 200 MB"),
    (image_size.CLAIM, _sizes({**SIZE, "control_bytes": 100_000_000}), P, "100 % above the plain build"),
    (image_size.CLAIM, _sizes(SIZE, {**SIZE, "name": "web"}), P, "app: 200 MB, 60 % below"),
    (non_root_image.CLAIM, _images(USER), P, "running as 10001:10001"),
    (non_root_image.CLAIM, _images({**USER, "configured": "10001"}), P, "running as 10001"),
    (non_root_image.CLAIM, _images({**USER, "configured": ""}), R, "names no user"),
    (non_root_image.CLAIM, _images({**USER, "configured": "app"}), R, "the name 'app'"),
    (non_root_image.CLAIM, _images({**USER, "configured": "0:0", "uid": 0}), R, "is root"),
    (non_root_image.CLAIM, _images({**USER, "effective_uid": 0}), R, "is root"),
    (non_root_image.CLAIM, _images({**USER, "uid": 7, "effective_uid": 7}), R, "its process had uid 7"),
    (code_read_only.CLAIM, WRITABLE, P, "none of 9"),
    (code_read_only.CLAIM, {**WRITABLE, "writable": ["/app/a.py"]}, R, "uid 10001 can write to /app/a.py"),
    (code_read_only.CLAIM, {**WRITABLE, "writable": list("abcdef")}, R, "a, b, c, d, e and more"),
    (code_read_only.CLAIM, {**WRITABLE, "uid": 0}, R, "as root"),
    (code_read_only.CLAIM, {**WRITABLE, "root_read_only": True}, U, "read-only"),
    (lean_image.CLAIM, _images(LEAN), P, "none of 1 programs, 1 packages, 1 caches among 9 files"),
    (lean_image.CLAIM, _images({**LEAN, "programs": ["/usr/bin/gcc"]}), R, "programs: /usr/bin/gcc"),
    (lean_image.CLAIM, _images({**LEAN, "packages": list("abcdefg")}), R, "packages: a, b, c, d, e, f and more"),
    (lean_image.CLAIM, _images({**LEAN, "caches": ["/root/.cache/x"]}), R, "files in caches: /root/.cache/x"),
    (lean_image.CLAIM, _images({**LEAN, "uid": 10001}), U, "cannot see every folder"),
    (non_root_image.CLAIM, _images(USER, {**USER, "name": "web", "configured": ""}), R, "web: the image names no user"),
    (non_root_image.CLAIM, _images(USER, {**USER, "name": "web"}), P, "web: configured and running as 10001:10001"),
    (lean_image.CLAIM, _images(LEAN, {**LEAN, "name": "web", "programs": ["/bin/npm"]}), R, "web: programs: /bin/npm"),
    (lean_image.CLAIM, _images(LEAN, {**LEAN, "name": "web", "uid": 7}), U, "web: the walk ran as uid 7, who cannot"),
    (no_secret.CLAIM, SECRET, P, "none of 1 planted secrets"),
    (no_secret.CLAIM, {**SECRET, "found": [FOUND]}, R, "the secret planted in .env is in /app/.env in layer 0123"),
    (no_secret.CLAIM, {**SECRET, "found": [FOUND] * 6}, R, "and 2 more places"),
    (no_secret.CLAIM, {**SECRET, "marker_found": False}, U, "the search proves nothing"),
    (no_secret.CLAIM, {**SECRET, "log_bytes": 0}, U, "no log"),
    (stable_dependency_layer.CLAIM, _layers(), P, "2 of 3 layers keep their digest"),
    (stable_dependency_layer.CLAIM, _layers(packages=True), R, "a new layer of packages: 1.0 MB by COPY packages"),
    (stable_dependency_layer.CLAIM, _layers(other=True), R, "changes a layer without code: 1.0 MB by COPY helper"),
    (stable_dependency_layer.CLAIM, _layers(modules=False), R, "the image does not hold that file"),
    (stable_dependency_layer.CLAIM, {"touched": "a.py", "layers": []}, U, "no layer with installed packages"),
]


@pytest.mark.parametrize(("claim", "observed", "verdict", "says"), TABLE)
def test_judged(claim: Claim, observed: dict[str, Json], verdict: Verdict, says: str) -> None:
    judgement = claim.judge(Measurement("7 B in 5 files", "", observed), Bounds())
    assert judgement.verdict is verdict
    assert says in judgement.because
