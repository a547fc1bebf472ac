"""The record as JUnit XML: refuted is a failure, unmeasured is skipped with its reason."""

from xml.etree import ElementTree as Xml

from stackproof.model.proof import Evidence, Record, Verdict
from stackproof.report.counts import counts
from stackproof.report.printable import printable


def render(record: Record) -> str:
    found = counts(record.evidence)
    suite = Xml.Element(
        "testsuite",
        name=f"stackproof {record.project} {record.environment} on {record.runtime}",
        tests=str(len(record.evidence)),
        failures=str(found[Verdict.REFUTED]),
        skipped=str(found[Verdict.UNMEASURED]),
        errors="0",
        time=f"{record.seconds:.3f}",
        timestamp=record.begun,
    )
    suite.extend(_case(item) for item in record.evidence)
    Xml.indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(suite, encoding="unicode")}\n'


def _case(item: Evidence) -> Xml.Element:
    case = Xml.Element("testcase", classname=f"stackproof.{item.group}", name=item.claim, time=f"{item.seconds:.3f}")
    if item.verdict is Verdict.REFUTED:
        Xml.SubElement(case, "failure", message=printable(item.because)).text = printable(item.says)
    elif item.verdict is Verdict.UNMEASURED:
        Xml.SubElement(case, "skipped", message=printable(item.because))
    if item.measurement:
        Xml.SubElement(case, "system-out").text = printable(f"{item.measurement.figure}\n{item.measurement.how}")
    return case
