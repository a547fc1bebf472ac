"""All rules as the Markdown page that lists them."""

from collections.abc import Iterator

from stackproof.check import RULES

_GROUPS = {
    "SR0": "Looking at all", "SR1": "A Dockerfile", "SR2": "A Compose file",
    "SR3": "Source and container files together",
    "SR4": "Environments beside each other", "SR5": "nginx", "SR6": "Kubernetes",
}  # fmt: skip


def index() -> str:
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Rules"
    yield ""
    yield f"{len(RULES)} rules of `stackproof check` ([checking.md](checking.md)). Written by `scripts/rules`."
    for start, title in _GROUPS.items():
        rules = [rule for rule in RULES if rule.id.startswith(start)]
        yield from ("", f"## {title}", "", "| rule | what holds | severity | profile |", "|---|---|---|---|")
        for rule in rules:
            yield f"| [{rule.id}](rules/{rule.id}.md) | {rule.says} | {rule.severity} | {rule.profile} |"
