"""Which of Django's settings modules an environment runs with."""

from collections.abc import Iterator

from stackproof.model.facts import DJANGO_SETTINGS, Ambiguity, DjangoSettings
from stackproof.plan.given import Given

_PRODUCTION = ("production", "prod")
_WORDS = {
    "dev": ("local", "dev", "develop", "development"),
    "stage": ("staging", "stage", *_PRODUCTION),
    "prod": _PRODUCTION,
}
_SERVED = ("wsgi.py", "asgi.py")


def chosen(given: Given) -> DjangoSettings | None:
    """By the environment's name; else what serves the site names, or, in dev, what `manage.py` names."""
    found = given.project.all(DjangoSettings)
    words = _WORDS[given.environment]
    by_word = {fact.module.rpartition(".")[2]: fact for fact in reversed(found)}
    if named := next((by_word[word] for word in words if word in by_word), None):
        return named
    files = ("manage.py",) if given.dev else _SERVED
    return next((fact for fact in found if fact.named_by.endswith(files)), next(iter(found), None))


def notes(given: Given) -> Iterator[Ambiguity]:
    fact, modules = chosen(given), {each.module: None for each in given.project.all(DjangoSettings)}
    if fact and len(modules) > 1:
        because = f"by its name, or by who names it, it is the one for {given.environment}"
        way = f"{DJANGO_SETTINGS}=... in deploy/env/{given.environment}.env"
        yield Ambiguity("Django's settings", fact.module, tuple(modules), because, way, fact.seen)
