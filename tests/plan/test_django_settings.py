"""Each environment runs with the settings that are meant for it, and says which."""

import pytest

from stackproof.detect import detect
from stackproof.model.facts import DjangoSettings, Fact, Variable
from stackproof.model.source import Place, SourceTree
from stackproof.plan import plans
from stackproof.plan.settings import settings
from tests.plan.small import SHOP, stack

SETS = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "{}")\n'
HERE = Place("manage.py", 2)
READ = Variable("DJANGO_SETTINGS_MODULE", "config.local", False, False, "str", HERE)
FILES = {
    "pyproject.toml": b'[project]\nname = "x"\ndependencies = ["django"]\n',
    "manage.py": SETS.format("config.settings.local").encode(),
    "config/wsgi.py": (
        "from django.core.wsgi import get_wsgi_application\n" + SETS.format("config.settings.production")
        + "application = get_wsgi_application()\n"
    ).encode(),
    "config/__init__.py": b"", "config/settings/__init__.py": b"", "config/settings/base.py": b"A = 1\n",
    "config/settings/local.py": b"A = 2\n", "config/settings/production.py": b"A = 3\n",
    "config/settings/staging.py": b"A = 4\n", "config/settings/extra.py": b"A = 5\n",
}  # fmt: skip


def test_the_modules_that_are_named_and_those_beside_them() -> None:
    found = {fact.module: fact.named_by for fact in detect(SourceTree(FILES)).all(DjangoSettings)}
    assert found == {
        "config.settings.local": "manage.py", "config.settings.production": "config/wsgi.py",
        "config.settings.base": "", "config.settings.staging": "",
    }  # fmt: skip


@pytest.mark.parametrize(("environment", "module"), [("dev", "local"), ("stage", "staging"), ("prod", "production")])
def test_each_environment_has_its_own(environment: str, module: str) -> None:
    tree = SourceTree(FILES)
    planned = plans(detect(tree), settings(tree))[environment]  # type: ignore[index]
    given = {each.name: each.value for each in planned.service("api").environment}
    assert given["DJANGO_SETTINGS_MODULE"] == f"config.settings.{module}"
    (note,) = (each for each in planned.notes if each.about == "Django's settings")
    assert note.setting == f"DJANGO_SETTINGS_MODULE=... in deploy/env/{environment}.env"


@pytest.mark.parametrize(
    ("facts", "module"),
    [
        ((DjangoSettings("a", "manage.py", HERE), DjangoSettings("b", "shop/asgi.py", HERE)), "b"),
        ((DjangoSettings("a", "manage.py", HERE),), "a"),
        ((), "config.local"),
    ],
)
def test_without_a_telling_name_what_serves_the_site_names_it(facts: tuple[Fact, ...], module: str) -> None:
    planned = stack(*SHOP, READ, *facts, environment="prod")
    given = {each.name: each.value for each in planned.service("api").environment}
    assert given["DJANGO_SETTINGS_MODULE"] == module
