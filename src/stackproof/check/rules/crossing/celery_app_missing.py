"""SR318: `celery -A` names a module that the project does not have."""

from collections.abc import Iterator

from stackproof.check.own_code import has_module, is_installed, serving
from stackproof.check.servers import option
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service, found in serving(inspected):
        named = option(found.options, ("-A", "--app")) if found.program == "celery" else None
        if not named or "$" in named or service.context is None:
            continue
        module = named.partition(":")[0]
        parts = [module, module.rpartition(".")[0] or module]  # `pkg.celery.app` may name the object, too
        if not any(has_module(inspected.tree, service.context, each) for each in parts) and not is_installed(
            inspected, module
        ):
            yield Sighting(
                service.at("command"),
                f"celery -A {named}: {service.context or 'the project'} has no module {module}",
            )


RULE = Rule(
    "SR318-celery-app-missing",
    says="The module that `celery -A` names exists.",
    fix="Correct the module's name in the command.",
    severity="error",
    profile="recommended",
    check=_check,
)
