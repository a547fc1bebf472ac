"""A record with something of everything, for the report's tests."""

from stackproof.model.artifacts import Image, Layer
from stackproof.model.proof import Evidence, Measurement, Record, ServiceNote, Verdict
from stackproof.model.running import Completed, Event
from stackproof.model.stack import Bounds

NASTY = '<script>alert("x")</script> & \x1b[31m\x00'

PROVED = Evidence(
    "SP301-healthy-in-time",
    "running",
    "Every service is healthy within the time that the stack states.",
    Verdict.PROVED,
    "the slowest, worker, was healthy after 6.1 s",
    "30 s",
    6.4,
    Measurement("6.1 s", "time from `up` to the last health event", {"slowest": "worker", "seconds": 6.1}),
)
REFUTED = Evidence(
    "SP203-non-root-image",
    "image",
    f"The image runs as a numeric user other than root {NASTY}",
    Verdict.REFUTED,
    f"it runs as root {NASTY}",
    "",
    0.8,
    Measurement(
        "root",
        "configuration of the image, and the user id of a started process",
        {"user": "", "uid": 0},
        (
            Completed(("docker", "run", NASTY), 0, 0.7, "0\n" + "x" * 9_000, "warning"),
            Completed(("sleep",), None, 9.0, ""),
        ),
    ),
)
UNMEASURED = Evidence(
    "SP101-clean-clone", "source", "A clean clone builds.", Verdict.UNMEASURED, "no git checkout", "", 0.0
)

RECORD = Record(
    schema=1,
    stackproof="0.1.0",
    project="shop",
    environment="prod",
    runtime="docker",
    source="git: tracked files, 0123456789ab",
    begun="2026-11-22T08:00:00+00:00",
    seconds=81.2,
    host={"Machine": "2 cores, 24 GB"},
    tools={"Docker Engine": "26.1.5"},
    bounds=Bounds(),
    services=(
        ServiceNote("redis", "store", "redis:7-alpine", (), 6379, "", ()),
        ServiceNote("api", "web", "shop:prod", ("redis",), 8000, "127.0.0.1:8200", ()),
        ServiceNote("worker", "worker", "shop:prod", ("redis",), None, "", ()),
        ServiceNote("flower", "monitor", "shop:prod", ("redis", "worker"), 5555, "127.0.0.1:5755", ("monitoring",)),
    ),
    timeline=(
        Event(0.1, "redis", "created"),
        Event(0.4, "redis", "started"),
        Event(0.9, "redis", "healthy"),
        Event(1.0, "api", "started"),
        Event(1.1, "worker", "started"),
        Event(2.4, "api", "healthy"),
        Event(4.9, "worker", "healthy"),
        Event(5.0, "flower", "started"),
    ),
    image=Image(
        "shop:prod",
        "sha256:aa",
        231_000_000,
        "10001:10001",
        (
            Layer("sha256:b1", 150_000_000, "base"),
            Layer("sha256:c2", 80_000_000, "COPY /app/.venv /app/.venv # buildkit"),
            Layer("sha256:d3", 0, "WORKDIR /app"),
            Layer("sha256:e4", 1_000_000, "COPY src " + "x" * 200),
        ),
        stand_in="assembled from Debian packages",
    ),
    control_bytes=402_000_000,
    evidence=(PROVED, REFUTED, UNMEASURED),
    notes=("web application: took shop.main:app",),
)
