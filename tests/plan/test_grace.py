"""The inequality: what drains is done before what kills."""

import pytest
from hypothesis import given as every
from hypothesis import strategies

from stackproof.errors import UserError
from stackproof.model.facts import CeleryOption
from stackproof.model.source import Place
from stackproof.plan import grace
from tests.plan.small import JOBS, SHOP, locked, service

SOFT = CeleryOption("worker_soft_shutdown_timeout", "20", None, Place("shop/jobs.py", 8))


@every(strategies.floats(6, 86_400))
def test_a_server_is_done_before_it_is_killed(stop: float) -> None:
    assert 1 <= grace.drain("api", stop, None) <= stop - grace.MARGIN


@every(strategies.floats(0.1, 3_600))
def test_a_worker_has_its_soft_phase_and_the_margin(soft: float) -> None:
    assert grace.worker("worker", None, soft, None, None) >= soft + grace.WORKER_MARGIN


def test_a_worker_without_soft_phase_waits_for_its_tasks() -> None:
    assert grace.worker("worker", None, 0.0, None, None) == grace.WARM
    assert grace.worker("worker", 3.0, 0.0, None, None) == 3.0


def test_too_little_for_a_server_is_refused() -> None:
    with pytest.raises(UserError, match=r"stackproof.toml:1: services.api.grace is 5 s") as refused:
        service("api", *SHOP, said="services.api.grace = 5")
    assert "at least 6 s" in refused.value.fix


def test_too_little_for_a_worker_is_refused_with_both_places() -> None:
    with pytest.raises(UserError, match=r"stackproof.toml:1: services.worker.grace is 25 s.*20 s \(shop/jobs.py:8\)"):
        service("worker", *JOBS, SOFT, said="services.worker.grace = 25")
    with pytest.raises(
        UserError, match=r"^services.worker.grace is 5 s, but Celery's soft shutdown takes up to 9 s and"
    ):
        grace.worker("worker", 5.0, 9.0, None, None)


def test_the_settings_decide_within_it() -> None:
    assert service("worker", *JOBS, SOFT, said="services.worker.grace = 40").grace == 40
    assert service("worker", *JOBS, SOFT).grace == 30
    assert service("api", *SHOP, said="services.api.grace = 40").grace == 40
    command = service("api", *SHOP, said="services.api.grace = 40").command
    assert command[command.index("--graceful-timeout") + 1] == "35"


@pytest.mark.parametrize("version", ["5.4.0", "strange"])
def test_an_older_celery_has_no_soft_phase(version: str) -> None:
    facts = (*(fact for fact in JOBS if fact != locked("celery", "5.6.3")), locked("celery", version), SOFT)
    assert service("worker", *facts).grace == grace.WARM
