"""Rules for dockerfile files."""

from stackproof.model.findings import Rule

DOCKERFILE_RULES: tuple[Rule, ...] = ()
