"""Every rule has a page; its wrong example is seen, its right one is not."""

import re

import pytest

from stackproof.check.rules.dockerfile import DOCKERFILE_RULES
from stackproof.model.findings import Rule
from tests.check.dockerfile.pages import FOLDER, HEADINGS, examples, page, sightings

rules = pytest.mark.parametrize("rule", DOCKERFILE_RULES, ids=lambda rule: rule.id)


@rules
def test_a_page_is_complete(rule: Rule) -> None:
    text = page(rule)
    assert text.startswith(f"# {rule.id}\n\n{rule.says} Severity: {rule.severity}. Profile: {rule.profile}.\n")
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == HEADINGS
    assert re.search(r"^Source: \S", text, re.MULTILINE)


@rules
def test_the_wrong_example_is_seen(rule: Rule) -> None:
    assert sightings(rule, examples(rule)["Wrong"])


@rules
def test_the_right_example_is_not(rule: Rule) -> None:
    assert not sightings(rule, examples(rule)["Right"])


@rules
def test_words_are_sentences_and_findings_are_not(rule: Rule) -> None:
    assert rule.says.endswith(".")
    assert rule.fix.endswith(".")
    assert not any(each.found.endswith(".") for each in sightings(rule, examples(rule)["Wrong"]))


def test_numbers_are_unique_and_no_page_is_left_over() -> None:
    ids = [each.id for each in DOCKERFILE_RULES]
    assert ids == sorted(ids)
    assert len({each.split("-")[0] for each in ids}) == len(ids)
    assert {each.stem for each in FOLDER.glob("SR1*.md")} == set(ids)
