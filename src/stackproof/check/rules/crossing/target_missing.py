"""SR317: a server is told to serve a module that the project does not have."""

from collections.abc import Iterator

from stackproof.check.own_code import has_module, is_installed, serving
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service, found in serving(inspected):
        if found.target is None or service.context is None:
            continue
        module = found.target.partition(":")[0]
        if not has_module(inspected.tree, service.context, module) and not is_installed(inspected, module):
            yield Sighting(
                service.at("command"),
                f"{found.program} serves {found.target}, and {service.context or 'the project'} has no module {module}",
            )


RULE = Rule(
    "SR317-target-missing",
    says="The module that a server is told to serve exists.",
    fix="Correct the module's name in the command.",
    severity="error",
    profile="recommended",
    check=_check,
)
