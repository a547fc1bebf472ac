"""What `check` found, in every format."""

import json
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from stackproof.model.findings import Checked, Edit, Finding, Rule, Severity, Stored
from stackproof.model.source import Place, SourceTree
from stackproof.report.findings import FORMATS

RULE = Rule("SR505-old-tls", "Only new TLS.", "Write it anew.", "error", "recommended", lambda _: iter(()))
QUIET = Rule("SR001-unreadable", "Readable.", "Mend it.", "error", "recommended", lambda _: iter(()))
TREE = SourceTree({"a b.conf": b"server {\n\tssl TLSv1; \x1b[2J\n}\n"})
EDIT = (Edit("a b.conf", 2, 2, "x"),)
FINDINGS = (
    Finding(RULE.id, "error", Place("a b.conf", 2), "100% of it, see: here", "Write\nit.", EDIT),
    Finding("DL3008", "info", Place("a b.conf"), "Pin", "See"),
    Finding(RULE.id, "warning", Place("a b.conf", 9), "behind the end", "Write."),
)
FULL = Checked(TREE, FINDINGS, (QUIET, RULE), ("a b.conf",), 1, 2, (Stored("SR101-x", "Dockerfile", "0"),))


def _said(name: str, checked: Checked = FULL) -> str:
    return FORMATS[name](checked, "1.2.3")


def test_text_shows_the_line_and_a_marker() -> None:
    assert _said("text") == (
        "a b.conf:2: error: 100% of it, see: here [SR505-old-tls]\n"
        "  2 |     ssl TLSv1; [2J\n"
        "    |     ^^^^^^^^^^^^^^\n"
        "  fix: Write\nit. (--fix does it)\n\n"
        "a b.conf: info: Pin [DL3008]\n  fix: See\n\n"
        "a b.conf:9: warning: behind the end [SR505-old-tls]\n  fix: Write.\n\n"
        "1 container file, 2 rules: 1 error, 1 warning, 1 info\n"
        "1 finding ignored, with a reason each\n"
        "2 findings in the baseline\n"
        "gone: SR101-x in Dockerfile is in the baseline and not there any more\n"
        "1 finding can be mended: stackproof check --fix --diff shows how"
    )


def test_nothing_to_look_at_is_said() -> None:
    assert "Nothing to check" in _said("text", Checked(TREE, (), (), ()))


def test_json() -> None:
    document = json.loads(_said("json"))
    assert document["findings"][0] == {
        "rule": "SR505-old-tls", "severity": "error", "path": "a b.conf", "line": 2, "found": "100% of it, see: here",
        "fix": "Write\nit.", "mendable": True,
    }  # fmt: skip
    assert (document["ignored"], document["known"], document["gone"][0]["path"]) == (1, 2, "Dockerfile")


def test_sarif_has_what_its_schema_requires() -> None:
    document = json.loads(_said("sarif"))
    assert (document["version"], document["$schema"][-23:]) == ("2.1.0", "sarif-schema-2.1.0.json")
    (run,) = document["runs"]
    rules: list[dict[str, Any]] = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["SR001-unreadable", "SR505-old-tls", "DL3008"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.conf"
        assert place["physicalLocation"]["region"]["startLine"] >= 1


def test_junit_fails_for_errors_and_warnings_alone() -> None:
    suite = Xml.fromstring(_said("junit"))
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    cases = {case.get("name"): case for case in suite}
    failure = cases["SR505-old-tls"].find("failure")
    assert failure is not None
    assert failure.get("message") == "a b.conf:2: 100% of it, see: here"
    assert cases["DL3008"].findtext("system-out") == "a b.conf: Pin. See"


def test_github_escapes() -> None:
    assert _said("github").splitlines() == [
        "::error file=a b.conf,line=2,title=SR505-old-tls::100%25 of it, see: here. Write%0Ait.",
        "::notice file=a b.conf,title=DL3008::Pin. See",
        "::warning file=a b.conf,line=9,title=SR505-old-tls::behind the end. Write.",
    ]


@pytest.mark.parametrize(("severity", "fails"), [("error", True), ("warning", True), ("info", False)])
def test_an_info_does_not_fail(severity: Severity, fails: bool) -> None:
    assert Checked(TREE, (Finding("x", severity, Place("a"), "", ""),), (), ()).fails is fails
