"""Rules for compose files."""

from stackproof.model.findings import Rule

COMPOSE_RULES: tuple[Rule, ...] = ()
