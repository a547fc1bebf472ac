"""What the user says about proving a stack, and the limits that claims are judged against."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TaskRequest:
    """A task as a user of the application submits it, and how its result can be seen (from stackproof.toml).

    `body` is JSON text. In the answer's JSON, `id_field` names the task; `result_path` holds `{id}`. The result's
    `state_field` becomes `done_state`; `count_field`, where given, says how often the effect happened.
    `slow_repeat` times the text of `slow_field` makes a task long enough to break something while it runs;
    `busy_state` is what `state_field` says meanwhile.
    """

    service: str
    method: str
    path: str
    body: str
    id_field: str
    result_path: str
    state_field: str
    done_state: str
    busy_state: str
    count_field: str | None
    slow_field: str | None
    slow_repeat: int


@dataclass(frozen=True)
class Metered:
    """The counter that says how many requests were answered: its name, the route to ask for, and labels to match."""

    service: str
    path: str  # "/api/v1/ping"
    counter: str  # "http_requests_total"
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Shared:
    """Something that one request writes and that every process of the service must then tell alike.

    `body` is JSON text. In the answer's JSON, `id_field` names what was written; `read` is where it is asked for, and
    holds `{id}` where there is such a name. Its answer must stay the same for as long as nobody writes.
    """

    service: str
    path: str  # "/api/v1/notes"
    body: str
    read: str  # "/api/v1/notes/{id}"
    id_field: str | None = None
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = ()  # besides those of every request of the proof


@dataclass(frozen=True)
class Pace:
    """The load of the proof: GET of each of `paths` in turn, `rate` requests per second, whatever the answers take."""

    rate: float = 20.0
    seconds: float = 10.0
    paths: tuple[str, ...] = ()  # none: the health route, and the one of [prove.metrics]


@dataclass(frozen=True)
class Bounds:
    """The limits that claims are judged against, all settable; None: nothing is promised."""

    build_seconds: float = 300.0
    image_bytes: int = 2_000_000_000
    ready_seconds: float = 30.0
    task_seconds: float = 45.0
    reload_seconds: float = 45.0
    load_p95_ms: float | None = None
    load_error_share: float | None = None  # of the requests, from 0 to 1
