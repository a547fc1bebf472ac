"""SourceTree -> Project: what a web project is made of, by reading it and never by running it."""

from stackproof.detect import (
    backends,
    celery,
    celery_beat,
    celery_options,
    celery_routing,
    celery_tasks,
    combined,
    env_templates,
    flower,
    health_routes,
    import_roots,
    installer,
    left_out,
    locked,
    metrics,
    migrations,
    node,
    plain_routes,
    pools,
    programs,
    python_version,
    requirements,
    schedulers,
    served_ports,
    unreadable,
    variables,
    web,
    websockets,
    writable,
)
from stackproof.model.facts import Distribution, Fact, Project
from stackproof.model.source import SourceTree

DETECTORS = (
    installer.detect,
    python_version.detect,
    requirements.detect,
    locked.detect,
    import_roots.detect,
    web.detect,
    health_routes.detect,
    plain_routes.detect,
    metrics.detect,
    websockets.detect,
    served_ports.detect,
    celery.detect,
    celery_tasks.detect,
    celery_routing.detect,
    celery_beat.detect,
    celery_options.detect,
    flower.detect,
    programs.detect,
    combined.detect,
    schedulers.detect,
    left_out.detect,
    backends.detect,
    pools.detect,
    migrations.detect,
    variables.detect,
    env_templates.detect,
    writable.detect,
    node.detect,
    unreadable.detect,
)


def detect(tree: SourceTree) -> Project:
    """All facts in the order of `DETECTORS`, each once."""
    facts: dict[Fact, None] = {fact: None for detector in DETECTORS for fact in detector(tree)}
    name = next((fact.name for fact in facts if isinstance(fact, Distribution)), tree.name)
    return Project(name=name, facts=tuple(facts), origin=tree.origin)
