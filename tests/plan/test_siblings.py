"""Addresses of the stack's own services, in the variables that are named after them."""

import pytest

from stackproof.model.facts import Variable
from stackproof.model.source import Place
from stackproof.model.stack import Need, Service, Stack
from tests.plan.small import ASGI, FLASK, JOBS, READY, locked, stack

AT = Place("shop/settings.py", 4)
AGENT = "[services.agent]\napp = 'shop.api:app'\nport = 8001\n"
ALL = (*JOBS, FLASK, ASGI, READY, locked("gunicorn", "27.0.1"), locked("uvicorn", "0.54.0"))


def variable(name: str, default: str | None) -> Variable:
    return Variable(name, default, False, False, "str", AT)


def made(default: str | None, name: str = "AGENT_URL", said: str = AGENT) -> Stack:
    return stack(*ALL, variable(name, default), said=said)


def value(service: Service, name: str = "AGENT_URL") -> str | None:
    return next(each.value for each in service.environment if each.name == name)


@pytest.mark.parametrize(
    ("default", "leads_to"),
    [
        ("http://127.0.0.1:8001", "http://@{agent.host}:@{agent.port}"),
        ("http://localhost:9/run", "http://@{agent.host}:@{agent.port}/run"),
        ("https://agent.example", "https://agent.example"),
        (None, None),
    ],
)
def test_a_default_on_this_machine_leads_to_the_service_of_that_name(default: str | None, leads_to: str | None) -> None:
    found = made(default)
    assert value(found.service("api")) == leads_to
    assert found.service("worker").waits_for("agent") is (leads_to != default)


def test_a_service_has_no_address_of_itself_and_does_not_wait_for_itself() -> None:
    agent = made("http://127.0.0.1:8001").service("agent")
    assert value(agent) == "http://127.0.0.1:8001"
    assert not agent.waits_for("agent")


def test_a_variable_that_is_named_after_no_service_stays_the_users() -> None:
    found = made("http://127.0.0.1:8001", "PUBLIC_URL")
    assert value(found.service("api"), "PUBLIC_URL") == "http://127.0.0.1:8001"


def test_two_that_know_each_other_do_not_wait_for_each_other() -> None:
    facts = (*ALL, variable("AGENT_URL", "http://localhost:8001"), variable("API_URL", "http://localhost:8000"))
    found = stack(*facts, said=AGENT)
    waits = (found.service("api").waits_for("agent"), found.service("agent").waits_for("api"))
    assert sorted(waits) == [False, True]


def test_jobs_know_it_and_do_not_wait() -> None:
    job = "[jobs.seed]\ncommand = ['python', 'seed.py']\n"
    seed = made("http://127.0.0.1:8001", said=AGENT + job).service("seed")
    assert value(seed) == "http://@{agent.host}:@{agent.port}"
    assert Need("agent") not in seed.needs


def test_other_images_know_nothing_of_it() -> None:
    assert not made("http://127.0.0.1:8001").service("redis").environment
