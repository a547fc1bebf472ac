"""The stack as a whole."""

from dataclasses import replace

import pytest

from stackproof.errors import UserError
from stackproof.model.builds import Build, Install
from stackproof.model.composition import Composition
from stackproof.model.settings import Settings
from stackproof.model.stack import Adopted, CeleryPlan, Network, Stack, TaskRequest
from tests.adopt.given import ASKED, composition, document, stack

BUILD = Build("3.13", "", "", "", Install("uv", "pyproject.toml", "uv.lock", None, ()), ("shop",), ("",), "runtime")
CELERY = CeleryPlan("shop.celery", "app", (), acks_late=True, soft_shutdown=0.0, visibility_timeout=60.0)
PLANNED = Stack("shop", "prod", (), (), (), BUILD, celery=CELERY)
TASK = TaskRequest("api", "POST", "/jobs", "{}", "id", "/jobs/{id}", "state", "done", "busy", None, None, 1)


def test_networks_are_those_that_services_are_on() -> None:
    content = {
        "services": {"api": {"image": "x", "networks": ["back"]}},
        "networks": {"back": {"internal": True}, "idle": {}},
    }
    assert stack(document(content)).networks == (Network("back", internal=True),)


def test_the_code_is_told_of_by_what_would_be_rendered() -> None:
    made = stack(composition(api={"build": "."}), replace(ASKED, planned=PLANNED))
    assert (made.build.install.lock, made.build.name, made.build.base) == ("uv.lock", "api", "python:3.13-slim")
    nothing = stack(composition(api={"image": "x"}))
    assert (nothing.build.install.lock, nothing.build.name, nothing.celery) == (None, "", None)
    assert stack(composition(api={"image": "x"}), replace(ASKED, planned=PLANNED)).build.base == ""
    assert stack(composition(api={"build": "."})).build.base == "python:3.13-slim"


def test_the_broker_is_the_store_that_a_worker_names() -> None:
    worker = {"image": "x", "command": "celery -A shop worker", "environment": {"BROKER_URL": "redis://queue:6379"}}
    made = stack(composition(queue={"image": "redis"}, worker=worker), replace(ASKED, planned=PLANNED))
    assert made.celery is not None
    assert made.celery.broker == "queue"
    other = stack(composition(worker={**worker, "environment": {}}), replace(ASKED, planned=PLANNED))
    assert other.celery is not None
    assert other.celery.broker == ""


@pytest.mark.parametrize(("name", "found"), [("api", "api"), ("elsewhere", "web")])
def test_a_task_is_sent_to_the_one_web_service_where_its_own_is_not_there(name: str, found: str) -> None:
    asked = replace(ASKED, settings=Settings(task=replace(TASK, service=name)))
    made = stack(composition(web={"image": "x", "command": "uvicorn a:b"}, api={"image": "x"}), asked)
    assert made.task is not None
    assert made.task.service == found
    assert stack(composition(worker={"image": "x"}), asked).task is None


def test_a_circle_is_refused() -> None:
    given = Composition(
        "x", ("compose.yaml",), (), {"services": {"a": {"depends_on": {"b": {}}}, "b": {"depends_on": {"a": {}}}}}, {}
    )
    with pytest.raises(UserError, match="circle"):
        stack(given)


def test_secrets_are_masked_and_plain_words_are_not() -> None:
    environment = {
        "API_KEY": 'a"b-c1',
        "DB_PASSWORD": "postgres",
        "PIN_TOKEN": "123456",
        "X_TOKEN": "a-b",
        "NAME": "a-b-c-d",
    }
    made = stack(composition(api={"image": "x", "environment": environment}))
    assert made.adopted is not None
    assert made.adopted.hidden == ('a"b-c1',)
    assert made.adopted.masked('said a"b-c1 and "a\\"b-c1"') == 'said *** and "***"'
    assert Adopted((), "", "").masked("x") == "x"
