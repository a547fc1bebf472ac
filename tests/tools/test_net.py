"""Ports, and the last words of tools that could not reach a server."""

import pytest

from stackproof.tools import net


@pytest.mark.parametrize(
    ("said", "unreached"),
    [
        ("  cause: dns error\n  cause: failed to lookup address information", True),
        ("curl: (6) Could not resolve host: example.org", True),
        ("dial tcp: lookup example.org: no such host", True),
        ("error: No solution found when resolving dependencies", False),
        ("", False),
    ],
)
def test_a_network_that_is_not_there_is_told_from_a_project_at_fault(said: str, unreached: bool) -> None:
    assert net.unreached(said) is unreached


def test_a_free_port_is_free() -> None:
    assert 0 < net.free_port() < 65536
