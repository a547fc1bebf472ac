"""Which watching services an engine cannot run because it gets no image of theirs; the stack works without them."""

from collections.abc import Sequence

from stackproof.model.running import Completed, Note, Progress
from stackproof.model.stack import Service
from stackproof.tools.docker.engine import Engine

_LONGEST = 900.0  # seconds for pulling one image


def reasons(engine: Engine, services: Sequence[Service], note: Note) -> dict[str, str]:
    """By service. Never one that another kept service waits for: without it Compose would start nothing."""
    missing = {service.name: _missing(engine, service, note) for service in services if service.role == "observe"}
    missing = {name: reason for name, reason in missing.items() if reason}
    while kept := [name for name in missing if _awaited(name, services, missing)]:
        missing = {name: reason for name, reason in missing.items() if name not in kept}
    return missing


def _awaited(name: str, services: Sequence[Service], missing: dict[str, str]) -> bool:
    return any(service.waits_for(name) for service in services if service.name not in missing)


def _missing(engine: Engine, service: Service, note: Note) -> str:
    """Why there is no image, "" where there is one now."""
    tag = service.image
    if engine.ask_for("Looking for an image", lambda api: api.inspect_image(tag)):
        return ""
    note(Progress("up", service.name, f"pulling {tag}", "begun"))
    done = engine.command("pull", "--quiet", tag, timeout=_LONGEST)
    note(Progress("up", service.name, "pulled" if done.exit_code == 0 else "not pulled", "done"))
    return "" if done.exit_code == 0 else f"its image {tag} is not on this engine and cannot be pulled ({_why(done)})"


def _why(done: Completed) -> str:
    """What the engine says last: before it come addresses that help nobody here."""
    return (done.errors.strip() or "it took too long").splitlines()[-1].rpartition(": ")[2][:100]
