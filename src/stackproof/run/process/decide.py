"""The supervisor's decisions, without a clock or a process: when a service starts, counts as healthy, starts again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from stackproof.model.running import HealthState, ServiceState
from stackproof.model.stack import Health, Need
from stackproof.run.process.launch import Launch

FIRST_DELAY, LONGEST_DELAY = 0.1, 60.0  # seconds; a container engine's own values
SHORTEST_PAUSE = 0.02  # seconds; a probe costs under a millisecond here
LONGEST_PAUSE = 1.0  # seconds between probes of a service that has started
STEADY = 10.0  # seconds of running after which the delay begins anew


@dataclass(frozen=True, slots=True)
class Vital:
    """Health with the failed probes in a row that count."""

    health: HealthState = "starting"
    failures: int = 0


def probed(before: Vital, ok: bool, age: float, health: Health) -> Vital:
    """Health after one more probe, `age` seconds after the start. Failures while it starts do not count."""
    if ok:
        return Vital("healthy")
    if before.health == "starting" and age < health.start_period:
        return before
    failures = before.failures + 1
    return Vital("unhealthy" if failures >= health.retries else before.health, failures)


def until_next_probe(now: Vital, age: float, health: Health) -> float:
    """Seconds. While it starts: a tenth of its age, so that waiting adds little; the start interval at most.

    Afterwards sooner than in a container: a probe here starts no interpreter, so a quiet one costs nothing.
    """
    if now.health == "starting" and age < health.start_period:
        return min(max(SHORTEST_PAUSE, age / 10), health.start_interval)
    return min(health.interval, LONGEST_PAUSE)


def gate(needs: Iterable[Need], states: Mapping[str, ServiceState]) -> Literal["open", "wait", "never"]:
    """Whether a service may start. "never": something that it needs to complete has failed."""
    answers = [_met(need, states[need.service]) for need in needs]
    if "never" in answers:
        return "never"
    return "wait" if "wait" in answers else "open"


def _met(need: Need, state: ServiceState) -> Literal["open", "wait", "never"]:
    if need.condition == "completed":
        if state.status != "exited":
            return "wait"
        return "open" if state.exit_code == 0 else "never"
    if need.condition == "healthy" and state.health != "none":
        return "open" if state.health == "healthy" else "wait"
    return "open" if state.status == "running" else "wait"


def delay(before: float, ran: float) -> float:
    """Seconds until the next start; `before` is the last delay (0 for none), `ran` how long it lived."""
    return FIRST_DELAY if not before or ran >= STEADY else min(before * 2, LONGEST_DELAY)


def trouble(launch: Launch, state: ServiceState) -> str:
    """Why a service that is being brought up has failed; "" while it has not."""
    if launch.one_shot and state.status == "exited" and state.exit_code != 0:
        return f"failed with exit code {state.exit_code}"
    if state.health == "unhealthy":
        return "became unhealthy"
    if state.restarts or state.status == "restarting" or (state.status == "exited" and state.exit_code != 0):
        return f"exited with code {state.exit_code} before it was healthy"
    return ""


def settled(launch: Launch, state: ServiceState) -> bool:
    """Whether a service is as far up as it gets: healthy, running without a health check, or completed."""
    if launch.one_shot or state.status == "exited":
        return state.status == "exited" and launch.restart == "no" and state.exit_code == 0
    return state.status == "running" and state.health in ("healthy", "none")


def dependents(name: str, launches: Iterable[Launch]) -> tuple[str, ...]:
    """The services that need this one: they stop before it."""
    return tuple(launch.name for launch in launches if any(need.service == name for need in launch.needs))


def exit_code(raw: int) -> int:
    """A shell's and a container's convention: 128 + signal for a process that a signal ended."""
    return raw if raw >= 0 else 128 - raw
