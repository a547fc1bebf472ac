from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from conftest import Person
from personal_assistant.auth import twilio
from personal_assistant.database import seed
from personal_assistant.database.models import Message, User
from personal_assistant.database.session import transaction

URL = "https://assistant.example/sms"
TOKEN = "twilio-token-0123456789"
FORM = {
    "To": seed.SMS_NUMBER,
    "From": "+4915100000000",
    "Body": "Note that it rains & snows.",
    "MessageSid": "SM01",
}


@pytest.fixture
def client(sms: TestClient) -> TestClient:
    assert seed.main() == 0
    return sms


def _send(
    client: TestClient, form: dict[str, str], signed: str | None = None, query: str = ""
) -> int:
    fields = {name: [value] for name, value in form.items()}
    signature = twilio.signature(TOKEN, URL + query, fields) if signed is None else signed
    answer = client.post(
        "/sms" + query,
        content=urlencode(form),
        headers={
            b"X-Twilio-Signature": signature.encode("latin-1"),
            b"Content-Type": b"application/x-www-form-urlencoded",
        },
    )
    return answer.status_code


def _messages() -> list[Message]:
    return transaction(lambda session: session.query(Message).all())


def test_a_text_becomes_a_message_of_the_user_whose_number_was_called(client: TestClient) -> None:
    assert _send(client, FORM) == 200
    (message,) = _messages()
    assert (message.user_id, message.text, message.channel) == (seed.USER_ID, FORM["Body"], "sms")


def test_each_user_has_a_number(client: TestClient, ada: Person, bob: Person) -> None:
    def number(session: object) -> None:
        for somebody, called in ((ada, "+15005550001"), (bob, "+15005550002")):
            session.get_one(User, somebody.id).sms_number = called  # type: ignore[attr-defined]

    transaction(number)
    assert _send(client, {**FORM, "To": "+15005550002"}) == 200
    assert [message.user_id for message in _messages()] == [bob.id]


def test_the_same_text_twice_is_one_message(client: TestClient) -> None:
    assert [_send(client, FORM) for _ in range(2)] == [200, 200]
    assert len(_messages()) == 1


def test_a_query_is_signed_too(client: TestClient) -> None:
    assert _send(client, FORM, query="?a=b") == 200


def test_a_number_of_nobody(client: TestClient) -> None:
    assert _send(client, {**FORM, "To": "+10000000000"}) == 404


@pytest.mark.parametrize("signed", ["", "nonsense", "\xff", twilio.signature("x" * 20, URL, {})])
def test_a_wrong_signature(signed: str, client: TestClient) -> None:
    assert _send(client, FORM, signed) == 403
    assert _messages() == []


def test_a_changed_text(client: TestClient) -> None:
    fields = {name: [value] for name, value in FORM.items()}
    signature = twilio.signature(TOKEN, URL, fields)
    assert _send(client, {**FORM, "Body": "Something else"}, signature) == 403


@pytest.mark.parametrize("name", ["To", "Body", "MessageSid"])
def test_something_is_missing(name: str, client: TestClient) -> None:
    assert _send(client, {key: value for key, value in FORM.items() if key != name}) == 422
    assert _send(client, {**FORM, name: "a\x00b"}) == 422


def test_the_signature_of_twilios_documents() -> None:
    form = {
        "Digits": ["1234"],
        "To": ["+18005551212"],
        "From": ["+14158675309"],
        "Caller": ["+14158675309"],
        "CallSid": ["CA1234567890ABCDE"],
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert twilio.signature("12345", url, form) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_the_seed_may_run_again(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    assert (seed.main(), seed.main()) == (0, 0)
    assert "without a key" in capsys.readouterr().out
    assert transaction(lambda session: session.query(User).count()) == 1
