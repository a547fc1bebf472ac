"""SR502: the application behind nginx does not learn which host and which scheme were asked."""

from collections.abc import Iterator

from stackproof.check.proxying import proxying
from stackproof.model.findings import Inspected, Rule, Sighting

_WANTED = ("Host", "X-Forwarded-For", "X-Forwarded-Proto")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for each in proxying(inspected):
        headers = each.headers()
        missing = [name for name in _WANTED if headers is not None and name.lower() not in headers]
        if missing:
            yield Sighting(each.passing.seen, f"{' '.join(each.passing.words)} is asked without {', '.join(missing)}")


RULE = Rule(
    "SR502-forwarded-headers",
    says="The application learns the host, the client and the scheme that were asked for.",
    fix="Set them beside proxy_pass; a block with a proxy_set_header of its own inherits none:"
    " Host $host, X-Forwarded-For $proxy_add_x_forwarded_for, X-Forwarded-Proto $scheme.",
    severity="warning",
    profile="recommended",
    check=_check,
)
