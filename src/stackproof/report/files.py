"""The files of a report by name, each made from the record alone."""

from collections.abc import Callable, Mapping

from stackproof.model.proof import Record
from stackproof.report import badge, html, junit, markdown, sarif

REPORTS: Mapping[str, Callable[[Record], str]] = {
    "index.html": html.render,
    "summary.md": markdown.render,
    "junit.xml": junit.render,
    "report.sarif": sarif.render,
    "badge.svg": badge.render,
}
