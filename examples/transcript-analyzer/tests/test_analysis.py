from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from conftest import PROJECT, TEXT
from src.app import analysis, prompts
from src.app.analysis import Sentence

PROMPTS = prompts.load(PROJECT / "prompts")


def _analysis(text: str, characters: int = analysis.PART_CHARACTERS) -> dict[str, Any]:
    found = [analysis.analyse(part, PROMPTS) for part in analysis.parts(text, characters)]
    return analysis.merge(found, PROMPTS)


def _items(text: str, key: str) -> list[dict[str, Any]]:
    (section,) = [section for section in _analysis(text)["sections"] if section["key"] == key]
    items: list[dict[str, Any]] = section["items"]
    return items


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("... !", []),
        ("Hello. Bye!", [("", "Hello."), ("", "Bye!")]),
        ("[00:01:02] Ada: Hello.\nBye.", [("Ada", "Hello."), ("Ada", "Bye.")]),
        ("Ada Ray:\nHello\nKen: Hi", [("Ada Ray", "Hello"), ("Ken", "Hi")]),
        ("We met at 10:30: it rained", [("", "We met at 10:30: it rained")]),
        ("x" * 700, [("", "x" * 600), ("", "x" * 100)]),
    ],
)
def test_sentences(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(analysis.sentences(text)) == [Sentence(*pair) for pair in expected]


def test_parts_hold_every_sentence_once_and_are_bounded() -> None:
    text = " ".join(f"Sentence number {number}." for number in range(500))
    made = list(analysis.parts(text, 300))
    assert [part.number for part in made] == list(range(len(made)))
    assert [said for part in made for said in part.sentences] == list(analysis.sentences(text))
    assert all(sum(len(said.text) for said in part.sentences) <= 300 for part in made)


def test_questions_and_action_items() -> None:
    asked = _items(TEXT, "questions")
    assert asked == [{"speaker": "Ada Lovelace", "text": "When will the engine be ready?"}]
    assert [item["text"] for item in _items(TEXT, "action_items")] == [
        "I will finish the engine on Monday.",
        "Please test the program twice.",
    ]


def test_a_question_without_its_mark() -> None:
    assert _items("Ken: Who is late", "questions")
    assert not _items("Ken: Whoever is late", "questions")


def test_what_is_said_often_is_listed_once() -> None:
    assert len(_items("Ken: Who is late?\n" * 9, "questions")) == 1


def test_key_terms_and_speakers() -> None:
    assert _items(TEXT, "key_terms")[0] == {"term": "engine", "count": 4}
    assert _items(TEXT, "speakers") == [
        {"speaker": "Charles", "sentences": 3, "words": 16},
        {"speaker": "Ada Lovelace", "sentences": 2, "words": 11},
    ]


def test_summary_holds_what_others_repeat() -> None:
    lonely = "Bananas ripen slowly. "
    others = [
        f"Engine {word} program failed again." for word in "test load steam main old new".split()
    ]
    summary = [item["text"] for item in _items(lonely + " ".join(others), "summary")]
    assert len(summary) == 5
    assert "Bananas ripen slowly." not in summary
    assert all(others.index(a) < others.index(b) for a, b in pairwise(summary))


def test_parts_change_nothing_that_is_counted() -> None:
    whole, cut = _analysis(TEXT * 40), _analysis(TEXT * 40, 300)
    assert (whole["words"], whole["sentences"]) == (cut["words"], cut["sentences"])
    assert whole["sections"][1:] == cut["sections"][1:]


def test_prompts_decide_about_titles_limits_and_phrases(tmp_path: Path) -> None:
    for key in prompts.SECTIONS:
        (tmp_path / f"{key}.md").write_text(f"# T {key}\n\nOne\ntwo\n\nlimit: 1\n\n- Engine\n")
    found = prompts.load(tmp_path)
    assert found["summary"] == prompts.Prompt("summary", "T summary", "One two", 1, ("engine",))
    (part,) = analysis.parts(TEXT)
    sections = analysis.merge([analysis.analyse(part, found)], found)["sections"]
    assert sections[4]["items"] == [
        {"speaker": "Ada Lovelace", "text": "The engine needs a program."}
    ]
    assert {section["title"][0] for section in sections} == {"T"}


@pytest.mark.parametrize("text", [None, "limit: 3", "# Title", "# Title\nlimit: 0"])
def test_a_prompt_that_says_too_little(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "summary.md").write_text(text)
    with pytest.raises(ValueError, match=r"the prompt .*summary\.md"):
        prompts.load(tmp_path)
