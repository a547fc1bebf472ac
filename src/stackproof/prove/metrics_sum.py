"""SP320: the counters of all replicas together grow by exactly the requests that were sent."""

import re
from collections.abc import Iterator, Mapping

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Metered, Service, Stack
from stackproof.prove import asking
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import number, proved, refuted, text, texts, whole
from stackproof.tools.http import request

_SENT = 60
_PACE = 0.03  # seconds between two requests: far below any sensible limit of the proxy
_WITHIN = 15.0  # seconds for the last numbers to be written
# The text format of Prometheus: name{label="value",...} number [timestamp]
_SAMPLE = re.compile(r"^(\w[\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+\d+)?$")
_LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"')


def applies(stack: Stack) -> bool:
    return stack.metered is not None


def _measure(bench: Bench, ask: Ask = request) -> Measurement:
    running = bench.running()
    metered, service = _described(running)
    before = _sums(running, metered, service, ask)
    url, asked = running.address(service.name) + metered.path, asking.known(bench, ask)
    statuses = [_status(running, asked, url) for _ in range(_SENT)]
    wanted = sum(before.values()) + _SENT
    after, waited = _settled(running, metered, service, ask, wanted)
    return Measurement(
        f"{sum(after.values()) - sum(before.values()):g} counted",
        f"GET {metered.path} {_SENT} times through the entrance, each over a fresh connection; {metered.counter} of "
        "every replica, asked of it directly, before and after",
        {
            "sent": _SENT, "statuses": sorted({str(each) for each in statuses}), "counter": metered.counter,
            "refused": sum(not 200 <= each < 400 for each in statuses), "waited": waited,
            "before": {str(name): value for name, value in before.items()},
            "after": {str(name): value for name, value in after.items()},
        },
    )  # fmt: skip


def _described(running: Running) -> tuple[Metered, Service]:
    metered = running.stack.metered
    if metered is None or not running.stack.has(metered.service):
        raise Unmeasurable(
            "Nothing says which counter counts which requests.", fix="Say so under [prove.metrics] in stackproof.toml."
        )
    service = running.stack.service(metered.service)
    if service.metrics is None:
        raise Unmeasurable(
            f"{service.name} has no route for Prometheus.", fix=f"Set `metrics` of [services.{service.name}]."
        )
    return metered, service


def _status(running: Running, ask: Ask, url: str) -> int:
    running.pause(_PACE)
    return ask("GET", url).status


def _sums(running: Running, metered: Metered, service: Service, ask: Ask) -> dict[int, float]:
    """By replica."""
    return {
        each: total(asking.replica(running, service, each, service.metrics or "", {}, 1, ask).text, metered)
        for each in asking.replicas(running, service.name)
    }


def _settled(
    running: Running, metered: Metered, service: Service, ask: Ask, wanted: float
) -> tuple[dict[int, float], float]:
    """Read until the sum is there, which may take a moment; then once more, for it must not grow on."""
    begun = running.now()
    while sum(_sums(running, metered, service, ask).values()) < wanted and running.now() - begun < _WITHIN:
        running.pause(0.5)
    waited = running.now() - begun
    running.pause(0.5)
    return _sums(running, metered, service, ask), waited


def total(exposed: str, metered: Metered) -> float:
    """The sum of the counter's samples that have these labels."""
    return sum(value for labels, value in _samples(exposed, metered.counter) if _has(labels, metered.labels))


def _samples(exposed: str, counter: str) -> Iterator[tuple[Mapping[str, str], float]]:
    for line in exposed.splitlines():
        found = _SAMPLE.match(line)
        if found and found[1] == counter:
            yield dict(_LABEL.findall(found[2] or "")), float(found[3])


def _has(labels: Mapping[str, str], wanted: tuple[tuple[str, str], ...]) -> bool:
    return all(labels.get(name) == value for name, value in wanted)


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = measurement.observed
    sent, limit = whole(found, "sent") or 0, f"{found['sent']} sent"
    if found["refused"]:
        return refuted(
            f"{found['refused']} of {sent} requests were answered {', '.join(texts(found, 'statuses'))}", limit
        )
    counted = sum(map(float, found["after"].values())) - sum(map(float, found["before"].values()))
    by_replica = ", ".join(
        f"replica {name}: {float(value) - float(found['before'].get(name, 0.0)):g}"
        for name, value in found["after"].items()
    )
    if counted != sent:
        return refuted(
            f"{text(found, 'counter')} grew by {counted:g} while {sent} requests were answered ({by_replica}; "
            f"looked at for {number(found, 'waited'):.0f} s)",
            limit,
        )
    return proved(f"{text(found, 'counter')} grew by {counted:g} ({by_replica})", limit)


CLAIM = Claim(
    id="SP320-metrics-sum",
    group="running",
    says="The counters of all replicas and processes together say just as many requests as were sent.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)
