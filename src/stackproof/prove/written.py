"""Something that a request writes ([[prove.shared]]), and reads of it: through the entrance and of every replica."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Json
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Shared
from stackproof.prove import asking
from stackproof.prove.transactions import JSON, Ask


@dataclass(frozen=True, slots=True)
class Written:
    """Where it is read; "" and what was answered instead where it was not taken."""

    path: str
    refusal: str = ""


def there(running: Running, shared: Shared) -> Shared:
    """Raises Unmeasurable where the service is not one of those that run."""
    if running.stack.has(shared.service):
        return shared
    raise Unmeasurable(
        f"[[prove.shared]] names the service {shared.service}, which does not run here.",
        fix=f"They are: {', '.join(service.name for service in running.stack.services)}.",
    )


def write(bench: Bench, running: Running, shared: Shared, ask: Ask) -> Written:
    url = running.address(shared.service) + shared.path
    asked = asking.known(bench, ask, shared.headers)
    answer = asked(shared.method, url, body=shared.body.encode(), headers=JSON)
    try:
        found = json.loads(answer.body)
        name = found[shared.id_field]
    except (ValueError, KeyError, TypeError):
        name = None
    if 200 <= answer.status < 300 and name is not None:
        return Written(shared.read.replace("{id}", str(name)))
    words = answer.problem or answer.body.decode("utf-8", "replace")[:200]
    return Written("", f"{shared.method} {shared.path} was answered {answer.status}: {words}")


def reads(bench: Bench, running: Running, shared: Shared, path: str, times: int, ask: Ask) -> Iterator[dict[str, Json]]:
    """So many through the entrance, and so many of each replica by itself; each over a fresh connection."""
    service = running.stack.service(shared.service)
    own = asking.headers(bench, shared.headers)
    url = running.address(shared.service) + path
    yield _read("the entrance", [asking.row(ask("GET", url, headers=own)) for _ in range(times)])
    for number in asking.replicas(running, shared.service):
        direct = asking.replica(running, service, number, path, own, times, ask)
        yield _read(f"replica {number}", [dict(row) for row in direct.answers])


def _read(way: str, answers: list[dict[str, Json]]) -> dict[str, Json]:
    bodies = sorted({str(each["body"]) for each in answers if each["status"] == 200})
    others = sorted({f"{each['status']} {each['problem']}".strip() for each in answers if each["status"] != 200})
    good = sum(each["status"] == 200 for each in answers)
    return {"way": way, "times": len(answers), "good": good, "bodies": [*bodies], "others": [*others]}
