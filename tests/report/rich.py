"""What the other claims of a whole proof observe, in the shapes that the report draws."""

from dataclasses import replace
from typing import Any

from stackproof.model.proof import Evidence, Measurement, Past, Verdict
from tests.report.sample import NASTY, RECORD


def evidence(
    claim: str, group: str, verdict: Verdict = Verdict.PROVED, because: str = "so", **observed: object
) -> Evidence:
    return Evidence(claim, group, f"{claim} holds.", verdict, because, "", 1.0, Measurement("1", "looked", observed))


def blow(service: str, back: float | None, lost: int = 0, **red: float) -> dict[str, Any]:
    return {"service": service, "broke": f"kill -9 {NASTY}", "red": red, "back": back, "lost": lost}


def point(second: int, requests: int, errors: int, p50: float | None, p99: float | None) -> dict[str, Any]:
    return {"second": second, "requests": requests, "errors": errors, "p50_ms": p50, "p99_ms": p99}


KILLED = evidence("SP407-killed", "fault", rows=[blow("redis", 6.1, api=3.1), blow("api", 2.4), blow("cron", 1.0)])
HUNG = evidence("SP408-hung", "fault", Verdict.REFUTED, rows=[blow("api", None), blow("redis", 3.0, 2)])
LOAD = evidence(
    "SP417-latency",
    "running",
    series=[point(0, 50, 0, 8.0, 31.0), point(1, 50, 7, None, None), point(2, 40, 0, 9.0, 480.0)],
    restarted=[{"from": 1, "until": 2}],
)
SILENT = evidence("SP418-silent", "running", series=[point(0, 0, 0, None, None)])
APART = evidence(
    "SP316-networks-apart", "running", Verdict.REFUTED,
    tried=[
        {"from": "api", "to": "redis", "opened": True, "meant": True},
        {"from": "flower", "to": "redis", "opened": True, "meant": False},
        {"from": "ghost", "to": "redis", "opened": True, "meant": False},
        {"from": "worker", "to": "redis", "opened": False, "meant": True},
        {"from": "api", "to": "outside", "opened": False, "meant": True},
        {"from": "redis", "to": "outside", "opened": False, "meant": False},
    ],
)  # fmt: skip
PORTS = evidence(
    "SP306-ports", "running",
    attempts=[
        {"service": "api", "opened": True, "intended": True},
        {"service": "api", "opened": False, "intended": False},
    ],
)  # fmt: skip
INSIDE = evidence(
    "SP208-inside", "image",
    images=[{"components": [
        {"name": "small", "bytes": 5}, {"name": "large", "version": "1.2", "bytes": 10_000_000}, {"name": "unknown"},
    ]}],
)  # fmt: skip
IMAGES = evidence(
    "SP202-image-size", "image",
    images=[
        {"name": "python", "bytes": 1, "layers": []},
        {"name": "front", "bytes": 9_000_000, "control_bytes": 12_000_000,
         "layers": [{"bytes": 9_000_000, "made_by": "COPY dist"}]},
        {"name": "bare", "bytes": 2, "layers": []},
    ],
)  # fmt: skip
EXTRA = (KILLED, HUNG, LOAD, SILENT, APART, PORTS, INSIDE, IMAGES)
HISTORY = (
    Past("2026-11-20T08:00:00+00:00", "git: 0123", 80.0, 4, 1, ("SP408-hung",), 250_000_000, 6.0),
    Past("2026-11-21T08:00:00+00:00", "git: 4567", 80.0, 5, 0, ("SP408-hung", "SP407-killed")),
)
RICH = replace(
    RECORD,
    services=tuple(
        replace(note, networks=("back",) if note.role == "store" else ("front", "back") if note.name == "api" else ())
        for note in RECORD.services
    ),
    evidence=(*RECORD.evidence, *EXTRA),
    left_out={"flower": f"runs in a container only {NASTY}"},
    files=("stackproof.toml", "Dockerfile", "deploy/compose.prod.yaml"),
    pages={
        "SP407-killed": "# SP407-killed\n\n## Why\n\nA server `dies`.\n\n## Wrong\n\n...\n",
        "SP408-hung": "# none\n",
    },
    history=HISTORY,
)
