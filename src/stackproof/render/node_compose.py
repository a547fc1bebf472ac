"""How Compose builds a front end: in its own folder, with the arguments that the build puts into files."""

from stackproof.model.stack import Service, Stack
from stackproof.render.references import Inside


def section(stack: Stack, service: Service) -> dict[str, object] | None:
    """None for a service that is built from the project's Python code."""
    build = next((build for build in stack.node if build.name == service.build), None)
    if build is None:
        return None
    inside = Inside(stack, service)
    said: dict[str, object] = {
        "context": f"../{build.context}",
        "dockerfile": "Dockerfile",
        "target": build.target,
        # Null: as the environment has it, and unset where that has nothing.
        "args": {name: inside.text(value).replace("$", "$$") or None for name, value in build.arguments},
        "secrets": ["ca"],
    }
    return {key: value for key, value in said.items() if value}
