"""Projects that no stack can be planned for: each refused with what was found, and what would help."""

from pathlib import PurePosixPath

from stackproof.errors import UserError
from stackproof.model.facts import Ambiguity, ImportRoot, Installer, LeftOut, Unreadable
from stackproof.model.stack import Service
from stackproof.plan.given import Given, at

_KINDS = "Poetry (pyproject.toml, poetry.lock), uv (pyproject.toml, uv.lock) or pip (requirements*.txt)"
_DATA = {".example", ".sample", ".template", ".env", ".md", ".rst"}  # unreadable ones are worth a note
_FRAMEWORKS = "FastAPI, Starlette, Litestar, Flask, Quart, Django, Dash, Streamlit, Gradio or aiohttp"
_FEW = 3  # of those that came near; more would hide the first
_SEVERAL = {"web", "front", "worker", "process"}


def unreadable(given: Given) -> tuple[Ambiguity, ...]:
    """Raises UserError for files that decide about the stack; the others become notes."""
    found = given.project.all(Unreadable)
    fatal = [fact for fact in found if _decides(given, fact)]
    if fatal:
        raise UserError(
            "\n".join(f"{fact.seen}: {fact.problem}" for fact in fatal),
            fix="Correct what is named here; stackproof reads it to know what to run.",
        )
    return tuple(
        Ambiguity("unreadable file", fact.seen.path, (), f"left aside: {fact.problem}", "none is needed", fact.seen)
        for fact in found
    )


def no_project(given: Given) -> None:
    """Raises UserError where nothing says what to install."""
    if given.project.all(Installer):
        return
    raise UserError(
        f"No Python project here ({given.project.origin}): no manifest was found. Looked for {_KINDS}.",
        fix="Name the folder of the project, or add one of these files.",
    )


def no_application(given: Given) -> UserError:
    """What came near to one is named, with its own way out."""
    near = given.project.all(LeftOut)
    if near:
        return UserError(
            "\n".join(("No application found. Nearest to one:", *(_near(fact) for fact in near[:_FEW]))),
            fix=near[0].fix,
        )
    roots = ", ".join(root.path or "the project's folder" for root in given.project.all(ImportRoot)) or "no import root"
    return UserError(
        f"No application found: no {_FRAMEWORKS} or Celery object, and no program that runs until it is stopped, "
        f"in {roots}.",
        fix='Name it in stackproof.toml: [services.api] app = "package.module:app" (or "…:create_app()"), '
        'or [services.NAME] command = ["python", "file.py"].',
    )


def _near(fact: LeftOut) -> str:
    return f"{fact.seen}: {fact.what}: {fact.because}"


def circles(services: tuple[Service, ...]) -> None:
    """Raises UserError where services wait for each other, or for one that is not there."""
    waiting = {service.name: {need.service for need in service.needs} for service in services}
    while free := [name for name, needs in waiting.items() if not needs & waiting.keys() and needs <= _names(services)]:
        for name in free:
            del waiting[name]
    if waiting:
        chain = "; ".join(f"{name} waits for {', '.join(sorted(needs))}" for name, needs in waiting.items())
        raise UserError(f"No order to start in: {chain}", fix="Take one of these needs away.")


def crowds(given: Given, services: tuple[Service, ...]) -> None:
    """Raises UserError where the settings ask for several of a service that must be alone."""
    for service in services:
        said = given.settings.service(service.name).replicas
        if said and said > 1 and service.role not in _SEVERAL:
            raise UserError(
                f"{at(given.settings.place(f'services.{service.name}.replicas'))}{service.name} cannot have {said} "
                "replicas: there must be one",
                fix="Leave it out; web services, front ends, workers and processes can have several.",
            )


def _names(services: tuple[Service, ...]) -> set[str]:
    return {service.name for service in services}


def _decides(given: Given, fact: Unreadable) -> bool:
    path = PurePosixPath(fact.seen.path)
    if path.suffix in _DATA or path.name.startswith(".env"):
        return False
    if path.suffix != ".py":
        return True
    roots = given.project.all(ImportRoot)
    return any(_holds(root, fact.seen.path) for root in roots)


def _holds(root: ImportRoot, path: str) -> bool:
    below = path.removeprefix(f"{root.path}/") if root.path else path
    return (not root.path or below != path) and below.split("/")[0].removesuffix(".py") in root.packages
