"""Container files beside the source -> findings: one rule a file, severities and ignores applied outside of them."""

from collections.abc import Iterable, Iterator

from stackproof.check import hadolint, ignores
from stackproof.check.rules.compose import COMPOSE_RULES
from stackproof.check.rules.crossing import CROSSING_RULES
from stackproof.check.rules.dockerfile import DOCKERFILE_RULES
from stackproof.check.rules.files import FILE_RULES
from stackproof.check.rules.kubernetes import KUBERNETES_RULES
from stackproof.check.rules.nginx import NGINX_RULES
from stackproof.check.selection import chosen, severity
from stackproof.model.findings import Checked, Finding, Inspected, Rule, Wanted

RULES: tuple[Rule, ...] = (
    *FILE_RULES, *DOCKERFILE_RULES, *COMPOSE_RULES, *CROSSING_RULES, *NGINX_RULES, *KUBERNETES_RULES
)  # fmt: skip


def check(inspected: Inspected, wanted: Wanted, files: tuple[str, ...], more: Iterable[Finding] = ()) -> Checked:
    """What the chosen rules see in these container files; `more` is what hadolint found.

    Raises UserError for a rule that is not there. A rule that crashes is a bug, and goes through.
    """
    rules = chosen(RULES, wanted)
    seen = dict.fromkeys([finding for rule in rules for finding in _asked(rule, inspected, wanted)])
    own = [*seen, *hadolint.alone(more, seen)]
    kept, ignored = ignores.applied(own, inspected.tree, files, rules)
    return Checked(inspected.tree, tuple(sorted(kept, key=_order)), rules, files, ignored=ignored)


def _asked(rule: Rule, inspected: Inspected, wanted: Wanted) -> Iterator[Finding]:
    for each in rule.check(inspected):
        yield Finding(rule.id, severity(rule, wanted), each.at, each.found, rule.fix, each.edits)


def _order(finding: Finding) -> tuple[str, int, str, str]:
    return finding.at.path, finding.at.line, finding.rule, finding.found
