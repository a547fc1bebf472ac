"""The machine as it is now."""

import os

import pytest

from stackproof.tools import host


def test_two_looks_are_in_order() -> None:
    one, other = host.look("engine 1"), host.look("engine 1")
    assert one.steady <= other.steady
    assert (one.cores, one.engine) == (other.cores, "engine 1")
    assert one.cores > 0


@pytest.mark.parametrize(
    ("stat", "ticks"),
    [
        ("cpu  10 20 30 40 50 60 70 800 90 100\ncpu0 1 2 3 4 5 6 7 8 9 10\n", 800),
        ("cpu  10 20 30 40\n", 0),  # a kernel that does not count it
    ],
)
def test_time_that_the_hypervisor_kept(
    stat: str, ticks: int, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path_factory.mktemp("proc") / "stat"
    file.write_text(stat)
    monkeypatch.setattr(host, "_STAT", file)
    assert host.look().stolen == pytest.approx(ticks / os.sysconf("SC_CLK_TCK"))


def test_a_system_that_counts_nothing(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "_STAT", tmp_path_factory.mktemp("none") / "stat")
    assert host.look().stolen == 0.0
