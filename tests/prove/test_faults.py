"""Every fault has a page, says to whom it can happen, and is undone whatever happens."""

from dataclasses import replace
from pathlib import Path

import pytest

from stackproof.model.stack import Stack
from stackproof.prove.faults import (
    FAULTS,
    Fault,
    cut_off,
    hung_child,
    killed,
    late,
    no_names,
    no_writes,
    out_of_memory,
    slow_line,
)
from tests.prove.fake_proxy import BEHIND, FakeProxied
from tests.prove.fake_running import API, STACK, FakeRunning

PAGES = Path(__file__).parents[2] / "docs" / "faults"
HEADINGS = ["## What it does", "## How it is undone", "## Runtimes", "## Claim", "## Wrong", "## Right"]
CONNECTED = replace(STACK, services=tuple(replace(each, networks=("back",)) for each in STACK.services))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_has_a_page(fault: Fault) -> None:
    page = (PAGES / f"{fault.name}.md").read_text("utf-8")
    assert page.startswith(f"# {fault.name}\n\n{fault.says}\n")
    assert [line for line in page.splitlines() if line.startswith("## ")] == HEADINGS


def test_every_page_has_a_fault() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} == {fault.name for fault in FAULTS}


def concerned(fault: Fault, stack: Stack) -> list[str]:
    return [each.name for each in stack.services if fault.applies(each, stack)]


def test_to_whom_it_can_happen() -> None:
    assert concerned(killed.FAULT, BEHIND) == ["redis", "api", "frontend", "proxy"]  # a worker: SP403
    assert concerned(cut_off.FAULT, STACK) == []
    assert concerned(cut_off.FAULT, CONNECTED) == ["redis", "api", "worker"]
    assert concerned(late.FAULT, STACK) == ["redis"]
    assert concerned(out_of_memory.FAULT, STACK) == ["redis", "api", "worker"]
    assert concerned(no_names.FAULT, STACK) == []
    assert concerned(no_names.FAULT, CONNECTED) == ["api", "worker"]
    alone = replace(
        CONNECTED.services[0], command=("redis-server", "--bind", "@{self.host}", "--port", "@{redis.port}")
    )
    assert not no_names.FAULT.applies(alone, CONNECTED)
    assert concerned(no_writes.FAULT, STACK) == ["api", "worker"]
    assert concerned(slow_line.FAULT, STACK) == []
    assert concerned(slow_line.FAULT, CONNECTED) == ["redis"]


@pytest.mark.parametrize(
    ("command", "several"),
    [
        (("gunicorn", "shop:app"), True),
        (("uvicorn", "shop:app"), False),
        (("uvicorn", "shop:app", "--workers", "2"), True),
        (("uvicorn", "shop:app", "--workers", "2", "--reload"), False),
    ],
)
def test_who_has_worker_processes(command: tuple[str, ...], several: bool) -> None:
    assert hung_child.FAULT.applies(replace(API, command=command), STACK) is several


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_it_is_undone_after_an_error(fault: Fault) -> None:
    up = FakeProxied()
    with pytest.raises(ZeroDivisionError), fault.inject(up, "redis"):
        _ = 1 / 0
    assert not up.gone


def test_a_late_store_starts_last_and_its_users_are_started_once() -> None:
    up = FakeRunning()
    with late.FAULT.inject(up, "redis"):
        assert set(up.gone) == {"redis"}
        up.gone["api"] = up.clock  # it gave up
    assert set(up.gone) == {"api"}


def test_a_late_store_whose_users_cannot_be_stopped_brings_all_back() -> None:
    up = FakeRunning(breaks="stop")
    with pytest.raises(Exception, match="the engine is gone"), late.FAULT.inject(up, "redis"):
        pass
    assert set(up.back) == {"redis", "api", "worker"}
