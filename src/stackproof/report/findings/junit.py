"""Findings as JUnit XML: a case for each rule, failed where it found an error or a warning."""

from xml.etree import ElementTree as Xml

from stackproof.model.findings import Checked, Finding
from stackproof.report.printable import printable


def render(checked: Checked, _version: str) -> str:
    asked = [rule.id for rule in checked.rules]
    names = dict.fromkeys([*asked, *(each.rule for each in checked.findings)])
    cases = [_case(name, [each for each in checked.findings if each.rule == name]) for name in names]
    failed = sum(case.find("failure") is not None for case in cases)
    suite = Xml.Element("testsuite", name="stackproof check", tests=str(len(cases)), failures=str(failed), errors="0")
    suite.extend(cases)
    Xml.indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(suite, encoding="unicode")}'


def _case(name: str, findings: list[Finding]) -> Xml.Element:
    case = Xml.Element("testcase", classname="stackproof.check", name=name)
    heavy = [each for each in findings if each.severity != "info"]
    if heavy:
        failure = Xml.SubElement(case, "failure", message=printable(f"{heavy[0].at}: {heavy[0].found}"))
        failure.text = "\n".join(printable(f"{each.at}: {each.found}. {each.fix}") for each in heavy)
    if light := [each for each in findings if each.severity == "info"]:
        text = "\n".join(printable(f"{each.at}: {each.found}. {each.fix}") for each in light)
        Xml.SubElement(case, "system-out").text = text
    return case
