"""Comments that set findings aside."""

from stackproof.model.findings import Wanted
from tests.check.looking import looked

RULE = Wanted("strict", only=("SR506", "SR505", "SR003"))
OLD = "    ssl_protocols TLSv1;"


def _found(text: str) -> tuple[list[str], int]:
    checked = looked({"nginx/site.conf": text}, RULE)
    return [f"{each.rule[:5]}:{each.at.line}" for each in checked.findings], checked.ignored


def test_on_its_own_line_and_on_the_line_above() -> None:
    why = "# stackproof: ignore SR505-old-tls, SR506 because old scanners ask"
    assert _found(f"server {{\n{OLD}\n}}\n") == (["SR506:1", "SR505:2"], 0)
    assert _found(f"server {{ {why}\n{OLD} {why}\n}}\n")[1] == 2
    assert _found(f"server {{\n    {why}\n{OLD}\n}}\n") == (["SR506:1", "SR003:2"], 1)


def test_without_a_reason_it_does_nothing() -> None:
    assert _found(f"server {{\n{OLD} # stackproof: ignore SR505\n}}\n") == (["SR506:1", "SR505:2"], 0)


def test_what_nothing_needs_is_told_only_of_rules_that_were_asked() -> None:
    text = "server {\n  server_tokens off; # stackproof: ignore SR505, SR301 because of them\n}\n"
    assert _found(text) == (["SR003:2"], 0)
    checked = looked({"nginx/site.conf": text}, Wanted(only=("SR505",)))
    assert checked.findings == ()
