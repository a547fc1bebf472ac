"""Celery applications: which module `celery -A` gets, re-exports, several applications."""

import pytest

from stackproof.model.facts import Ambiguity, CeleryApp
from tests.detect.trees import Files, facts

CELERY = "from celery import Celery\n"
APP = CELERY + 'app = Celery("shop")\n'
FACTORY = CELERY + "def make_celery(flask):\n    celery = Celery(flask.name)\n    return celery\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"shop/celery.py": APP}, ["shop.celery app shop/celery.py:2"]),
        ({"a/worker.py": "import celery\nq = celery.Celery()\n"}, ["a.worker q a/worker.py:2"]),
        (
            {
                "shop/config/celery_app.py": APP,
                "shop/celery_app.py": "from shop.config.celery_app import app\n__all__ = ['app']\n",
            },
            [
                "shop.celery_app app again shop/celery_app.py:1",
                "shop.config.celery_app app shop/config/celery_app.py:2",
            ],
        ),
        (
            {
                "shop/config/celery_app.py": APP,
                "shop/cli.py": '"""Shim."""\nfrom shop.config.celery_app import app as celery\n',
            },
            ["shop.config.celery_app app shop/config/celery_app.py:2", "shop.cli celery again shop/cli.py:2"],
        ),
        (
            {
                "shop/config/celery_app.py": APP,
                "shop/x.py": "from shop.config.celery_app import app\n__all__ = ('app',)\nX = 1\n",
            },
            ["shop.config.celery_app app shop/config/celery_app.py:2", "shop.x app again shop/x.py:1"],
        ),
        (
            {
                "shop/celery.py": APP,
                "shop/x.py": "from shop.celery import app\n__all__ = ('y',)\n",
                "shop/y.py": "from shop.celery import app\nx = 1\n",
            },
            ["shop.celery app shop/celery.py:2"],
        ),
        (
            {"site/__init__.py": "from .celery import app as celery_app\n", "site/celery.py": APP},
            ["site.celery app site/celery.py:2", "site celery_app again site/__init__.py:1"],
        ),
        (
            {"m.py": FACTORY + "from flask import Flask\napp = Flask('x')\ncelery = make_celery(app)\n"},
            ["m:celery celery m.py:7"],
        ),
        ({"m.py": APP + "other = app\ncelery = Celery()\n"}, ["m app m.py:2", "m celery m.py:4"]),
        ({"shop/tasks.py": FACTORY}, []),
    ],
)
def test_celery_apps_with_the_best_module_first(files: Files, expected: list[str]) -> None:
    found = facts(CeleryApp, files)
    words = [f"{app.module} {app.attribute} {'again ' if app.reexport else ''}{app.seen}" for app in found]
    assert words == expected


def test_several_applications_are_an_ambiguity_with_its_setting() -> None:
    (doubt,) = facts(Ambiguity, {"a/celery.py": APP, "b/celery.py": APP})
    assert (doubt.chosen, doubt.candidates) == ("a.celery", ("a.celery", "b.celery"))
    assert doubt.setting == 'services.worker.app = "a.celery"'


def test_a_shim_is_no_second_application() -> None:
    assert not facts(
        Ambiguity, {"a/config/celery_app.py": APP, "a/celery_app.py": "from a.config.celery_app import app\n"}
    )
