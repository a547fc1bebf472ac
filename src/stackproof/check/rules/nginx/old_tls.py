"""SR505: nginx offers versions of TLS that are broken."""

from collections.abc import Iterator

from stackproof.check.nginx import configurations
from stackproof.model.findings import Edit, Inspected, Rule, Sighting

_OLD = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"})
_GOOD = "ssl_protocols TLSv1.2 TLSv1.3;"


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for configuration in configurations(inspected.tree):
        for each in configuration.all("ssl_protocols"):
            if old := [word for word in each.words if word in _OLD]:
                yield Sighting(
                    each.seen, f"{', '.join(old)} is offered", _edits(inspected, each.seen.path, each.seen.line)
                )


def _edits(inspected: Inspected, path: str, line: int) -> tuple[Edit, ...]:
    """Only where the directive has the line for itself."""
    text = inspected.tree.files[path].decode("utf-8", "replace").splitlines()[line - 1]
    alone = text.strip().startswith("ssl_protocols") and text.strip().endswith(";") and text.count(";") == 1
    lead = text[: len(text) - len(text.lstrip())]
    return (Edit(path, line, line, lead + _GOOD),) if alone else ()


RULE = Rule(
    "SR505-old-tls",
    says="Only TLS 1.2 and 1.3 are offered.",
    fix=f"Write `{_GOOD}`.",
    severity="error",
    profile="recommended",
    check=_check,
)
