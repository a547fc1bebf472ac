"""What `check` found, as text, JSON, SARIF, JUnit and GitHub annotations."""

from collections.abc import Callable, Mapping

from stackproof.model.findings import Checked
from stackproof.report.findings import as_json, frames, github, junit, sarif

FORMATS: Mapping[str, Callable[[Checked, str], str]] = {
    "text": frames.render,
    "json": as_json.render,
    "sarif": sarif.render,
    "junit": junit.render,
    "github": github.render,
}
