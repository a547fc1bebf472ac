import httpx
import pytest

from conftest import AGENT_TOKEN, Person
from personal_assistant.core import model, planner
from personal_assistant.core.planner import Step
from personal_assistant.memory import extract, text
from personal_assistant.tools import calculator, registry

HEADERS = {"Authorization": f"Bearer {AGENT_TOKEN}"}


@pytest.mark.parametrize(
    ("said", "steps"),
    [
        ("", []),
        ("The cat sat on the mat.", []),
        ("Note that milk is out.", [Step("notes.add", "milk is out")]),
        ("Please write down: buy 2.5 l of milk", [Step("notes.add", "buy 2.5 l of milk")]),
        ("Remind me to rest in 5 minutes!", [Step("reminders.add", "rest in 5 minutes")]),
        ("What time is it?", [Step("clock", "")]),
        ("What is 2*(3+4)?", [Step("calculator", "2*(3+4)")]),
        ("What is love?", []),
        (
            "Show me all my notes. List reminders.",
            [Step("notes.list", ""), Step("reminders.list", "")],
        ),
    ],
)
def test_plans(said: str, steps: list[Step]) -> None:
    assert list(planner.plan(said)) == steps


def test_plans_are_bounded() -> None:
    assert len(planner.plan("What time is it? " * 100)) == planner.MAX_STEPS


def test_every_step_has_a_tool() -> None:
    assert {tool for tool, _ in planner._RULES} == set(registry.TOOLS)


@pytest.mark.parametrize(
    ("given", "value"),
    [("6*7", 42), ("-(1+2)", -3), ("7/2", 3.5), ("7%4", 3), ("+1.5 + .5", 2), ("1e3", 1000)],
)
def test_sums(given: str, value: float) -> None:
    assert calculator.work_out(given) == value


@pytest.mark.parametrize(
    "given",
    [
        "",
        "2**999999",
        "1/0",
        "a+1",
        "__import__('os')",
        "(" * 150,
        "9" * 150,
        "True",
        "1j",
        "9" * 201,
    ],
)
def test_no_sums(given: str) -> None:
    with pytest.raises(calculator.NoSum):
        calculator.work_out(given)


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("", []),
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("It is 3.5 m. Yes", ["It is 3.5 m.", "Yes"]),
        ("...", []),
        ("a\nb", ["a", "b"]),
    ],
)
def test_sentences(whole: str, parts: list[str]) -> None:
    assert [part for part in text.sentences(whole) if part.strip(".")] == parts


def test_the_sentence_that_says_most_comes_first() -> None:
    found = extract.extract(
        "The tomato plants want water. Tomato plants want much water and light. "
        "My bicycle is blue. Do plants want water?",
        most=10,
    )
    assert found[0].text == "The tomato plants want water."
    assert found[0].weight > found[-1].weight == 0
    assert not any(sentence.text.endswith("?") for sentence in found)


def test_extraction_is_bounded_and_does_not_repeat() -> None:
    found = extract.extract(
        "Tomato plants want water. " * 50 + "A walnut grows behind the mill.", 10
    )
    assert [sentence.text for sentence in found] == ["Tomato plants want water."]
    assert len(extract._terms(" ".join(f"term{chr(97 + n)}" for n in range(26)))) == 12


@pytest.mark.parametrize("path", ["/run", "/tools"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_the_agent_wants_its_token(path: str, headers: dict[str, str], agent: str) -> None:
    method = "POST" if path == "/run" else "GET"
    body = {"user_id": "0" * 32, "text": "Hello"} if path == "/run" else None
    answer = httpx.request(method, agent + path, headers=headers, json=body, timeout=60)
    assert answer.status_code == 401


def test_the_agent_answers(ada: Person, agent: str) -> None:
    body = {"user_id": ada.id, "text": "Note that it rains. List my notes."}
    answer = httpx.post(f"{agent}/run", headers=HEADERS, json=body, timeout=60)
    assert answer.json() == {
        "reply": "Noted: it rains.\nYour notes:\n- it rains",
        "steps": ["notes.add", "notes.list"],
        "effects": [{"kind": "note", "text": "it rains", "due_at": None}],
    }
    assert ada.get("/api/v1/notes").json() == []  # what it wants is for the worker to commit


def test_the_api_shows_the_tools_of_the_agent(ada: Person, agent: str) -> None:
    names = [tool["name"] for tool in ada.get("/api/v1/tools").json()]
    assert names == list(registry.TOOLS)


def test_the_api_without_the_agent(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from conftest import forget_settings

    monkeypatch.setenv("AGENT_URL", "http://127.0.0.1:1")
    forget_settings()
    assert ada.get("/api/v1/tools").status_code == 503


def test_same_words_same_reply() -> None:
    built_in = model.BuiltIn()
    assert built_in.reply("Hello there", [], []) == "I have read your message of 2 words."
    assert built_in.reply("x", ["a"], ["b"]) == "a\nYou told me:\n- b"


def test_a_model_outside_that_does_not_answer() -> None:
    with pytest.raises(model.ModelFailed, match="ConnectError"):
        model.External("http://127.0.0.1:1/", "name", "key").reply("Hello", [], [])
