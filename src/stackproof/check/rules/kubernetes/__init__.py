"""Rules for Kubernetes manifests."""

from stackproof.check.rules.kubernetes import (
    escalation,
    image_unpinned,
    limits,
    liveness_as_readiness,
    non_root,
    probes,
    secret_in_manifest,
    secret_in_variable,
    selector_unmatched,
)
from stackproof.model.findings import Rule

KUBERNETES_RULES: tuple[Rule, ...] = (
    probes.RULE,
    limits.RULE,
    non_root.RULE,
    image_unpinned.RULE,
    secret_in_manifest.RULE,
    secret_in_variable.RULE,
    liveness_as_readiness.RULE,
    escalation.RULE,
    selector_unmatched.RULE,
)
