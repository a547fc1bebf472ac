import time
from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest
from fastapi.testclient import TestClient

from conftest import PASSWORD, Person, forget_settings, sign_in
from personal_assistant.auth import totp
from personal_assistant.config.settings import get_api_settings
from personal_assistant.database import cache
from personal_assistant.database.models import now


def _refresh(client: TestClient, token: str) -> dict[str, str]:
    answer = client.post("/api/v1/auth/refresh", json={"refresh_token": token})
    return {**answer.json(), "status": str(answer.status_code)}


def test_who_am_i(ada: Person) -> None:
    me = ada.get("/api/v1/auth/me").json()
    assert (me["id"], me["email"], me["role"]) == (ada.id, ada.email, "user")
    assert me["permissions"] == ["own:read", "own:write"]


def test_registering_and_signing_in(api: TestClient) -> None:
    body = {"email": " Ada@Example.invalid ", "password": PASSWORD}
    new = api.post("/api/v1/auth/register", json=body)
    assert new.status_code == 201
    pair = sign_in(api, "ada@example.invalid").json()
    assert (pair["token_type"], pair["expires_in"]) == ("bearer", 15 * 60)
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    assert api.get("/api/v1/auth/me", headers=headers).json()["id"] == new.json()["id"]


def test_an_address_is_taken_once(ada: Person) -> None:
    body = {"email": ada.email.upper(), "password": PASSWORD}
    assert ada.client.post("/api/v1/auth/register", json=body).status_code == 409


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "a b@c", "a\x00@c"])
def test_no_address(email: str, api: TestClient) -> None:
    body = {"email": email, "password": PASSWORD}
    assert api.post("/api/v1/auth/register", json=body).status_code == 422


def test_a_refusal_does_not_repeat_the_password(api: TestClient) -> None:
    body = {"email": "a@example.invalid", "password": "canary"}
    answer = api.post("/api/v1/auth/register", json=body)
    assert answer.status_code == 422
    assert "canary" not in answer.text


def test_wrong_password_and_unknown_address_look_the_same(ada: Person) -> None:
    answers = [
        ada.client.post(
            "/api/v1/auth/login", json={"email": email, "password": "wrong wrong wrong"}
        )
        for email in (ada.email, "nobody@example.invalid")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()


def test_tries_are_limited_for_each_account(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    codes = [sign_in(ada.client, ada.email).status_code for _ in range(11)]
    assert (codes[0], codes[-1]) == (200, 429)


@pytest.mark.parametrize(
    "header",
    ["Bearer nonsense", "Bearer a.b.c", "Basic YTpi", "Bearer", "bearer  "],
)
def test_no_way_in(header: str, api: TestClient) -> None:
    answer = api.get("/api/v1/notes", headers={"Authorization": header})
    assert answer.status_code == 401


@pytest.mark.parametrize("what", ["another secret", "no algorithm", "too old", "no session"])
def test_forged_tokens(what: str, ada: Person) -> None:
    secret = get_api_settings().jwt_secret.get_secret_value()
    claims = jwt.decode(ada.tokens["access_token"], secret, algorithms=["HS256"])
    token = {
        "another secret": lambda: jwt.encode(claims, "x" * 32, "HS256"),
        "no algorithm": lambda: jwt.encode(claims, "", "none"),
        "too old": lambda: jwt.encode(
            {**claims, "exp": now() - timedelta(seconds=1)}, secret, "HS256"
        ),
        "no session": lambda: jwt.encode({**claims, "sid": "0" * 32}, secret, "HS256"),
    }[what]()
    headers = {"Authorization": f"Bearer {token}"}
    assert ada.client.get("/api/v1/notes", headers=headers).status_code == 401


def test_a_session_of_somebody_else(ada: Person, bob: Person) -> None:
    secret = get_api_settings().jwt_secret.get_secret_value()
    claims = jwt.decode(ada.tokens["access_token"], secret, algorithms=["HS256"])
    token = jwt.encode({**claims, "sub": bob.id}, secret, "HS256")
    headers = {"Authorization": f"Bearer {token}"}
    assert ada.client.get("/api/v1/notes", headers=headers).status_code == 401


def test_a_session_expires_in_redis(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    (key,) = cache.client().keys("session:*")
    assert 0 < cache.client().ttl(key) <= 60 * 60
    cache.client().delete(key)
    assert ada.get("/api/v1/notes").status_code == 401
    fresh = _refresh(ada.client, ada.tokens["refresh_token"])
    headers = {"Authorization": f"Bearer {fresh['access_token']}"}
    assert ada.client.get("/api/v1/notes", headers=headers).status_code == 200


def test_using_a_session_prolongs_it(ada: Person) -> None:
    (key,) = cache.client().keys("session:*")
    cache.client().expire(key, 1_000)
    ada.get("/api/v1/notes")
    assert cache.client().ttl(key) > 1_000


def test_logout_ends_the_session_and_its_refresh_tokens(ada: Person) -> None:
    assert ada.post("/api/v1/auth/logout").status_code == 204
    assert ada.get("/api/v1/notes").status_code == 401
    assert _refresh(ada.client, ada.tokens["refresh_token"])["status"] == "401"


def test_a_stolen_refresh_token_ends_the_login(ada: Person) -> None:
    second = _refresh(ada.client, ada.tokens["refresh_token"])
    assert second["status"] == "200"
    assert _refresh(ada.client, ada.tokens["refresh_token"])["status"] == "401"
    assert _refresh(ada.client, second["refresh_token"])["status"] == "401"
    headers = {"Authorization": f"Bearer {second['access_token']}"}
    assert ada.client.get("/api/v1/notes", headers=headers).status_code == 401


def _enrolled(person: Person) -> tuple[str, list[str]]:
    secret = person.post("/api/v1/auth/totp/enrol").json()["secret"]
    code = totp.code(secret, int(time.time()) // totp.STEP_SECONDS)
    return secret, person.post("/api/v1/auth/totp/confirm", code=code).json()["backup_codes"]


def test_second_factor(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 1_800_000_000.0
    monkeypatch.setattr(time, "time", lambda: clock)
    secret, backup = _enrolled(ada)
    assert sign_in(ada.client, ada.email).json()["detail"] == "a code is needed"
    assert sign_in(ada.client, ada.email, code="000000").status_code == 401
    clock += totp.STEP_SECONDS
    code = totp.code(secret, int(clock) // totp.STEP_SECONDS)
    assert sign_in(ada.client, ada.email, code=code).status_code == 200
    assert sign_in(ada.client, ada.email, code=code).status_code == 401  # each code once
    assert sign_in(ada.client, ada.email, code=backup[0]).status_code == 200
    assert sign_in(ada.client, ada.email, code=backup[0]).status_code == 401
    assert sign_in(ada.client, ada.email, code=backup[1]).status_code == 200


def test_backup_codes_are_of_one_user(ada: Person, bob: Person) -> None:
    _, codes = _enrolled(ada)
    _enrolled(bob)
    assert sign_in(bob.client, bob.email, code=codes[0]).status_code == 401


def test_enrolling_needs_a_right_code_and_dropping_the_password(ada: Person) -> None:
    ada.post("/api/v1/auth/totp/enrol")
    assert ada.post("/api/v1/auth/totp/confirm", code="12345x").status_code == 400
    assert sign_in(ada.client, ada.email).status_code == 200
    _enrolled(ada)
    assert ada.post("/api/v1/auth/totp/enrol").status_code == 409
    assert ada.post("/api/v1/auth/totp/drop", password="wrong").status_code == 403
    assert ada.post("/api/v1/auth/totp/drop", password=PASSWORD).status_code == 204
    assert sign_in(ada.client, ada.email).status_code == 200


def test_codes_of_the_rfc() -> None:
    """RFC 6238, appendix B, cut to six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    known = {59: "287082", 1111111109: "081804", 2000000000: "279037"}
    assert {at: totp.code(secret, at // totp.STEP_SECONDS) for at in known} == known


def test_a_secret_at_rest_needs_its_key() -> None:
    box = totp.sealed("SECRET", "k" * 32)
    assert "SECRET" not in box
    assert (totp.opened(box, "k" * 32), totp.opened(box, "x" * 32)) == ("SECRET", None)


def test_a_key_is_enough_for_ones_own_things_only(ada: Person) -> None:
    key = ada.post("/api/v1/keys", name="script").json()
    headers = {"X-Api-Key": key["key"]}
    assert ada.client.get("/api/v1/notes", headers=headers).status_code == 200
    body = {"name": "another"}
    assert ada.client.post("/api/v1/keys", json=body, headers=headers).status_code == 403
    assert ada.client.get("/api/v1/admin/users", headers=headers).status_code == 403
    assert key["key"] not in ada.get("/api/v1/keys").text
    assert ada.call("DELETE", f"/api/v1/keys/{key['id']}").status_code == 204
    assert ada.client.get("/api/v1/notes", headers=headers).status_code == 401


def test_the_limit_is_for_each_user(
    ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMIT_PER_MINUTE", "3")
    forget_settings()
    monkeypatch.setattr(time, "time", lambda: 1_900_000_015.0)
    answers = [ada.get("/api/v1/notes") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert bob.get("/api/v1/notes").status_code == 200
    assert ada.client.get("/health/live").status_code == 200


def test_guesses_count_against_their_address(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMIT_PER_MINUTE", "3")
    forget_settings()
    monkeypatch.setattr(time, "time", lambda: 1_900_000_015.0)
    codes = [
        api.get("/api/v1/notes", headers={"X-Api-Key": f"guess {number}"}).status_code
        for number in range(4)
    ]
    assert codes == [401, 401, 401, 429]


def test_admins(person: Callable[[], Person], capsys: pytest.CaptureFixture[str]) -> None:
    from personal_assistant.database import promote

    ada, bob = person(), person()
    assert ada.get("/api/v1/admin/users").status_code == 403
    assert promote.main([ada.email]) == 0
    assert promote.main(["nobody@example.invalid"]) == 2
    capsys.readouterr()
    assert [user["email"] for user in ada.get("/api/v1/admin/users").json()] == [
        ada.email,
        bob.email,
    ]
    number = {"sms_number": "+4915112345678"}
    for somebody, code in ((bob.id, 200), (ada.id, 409), ("0" * 32, 404)):
        path = f"/api/v1/admin/users/{somebody}/sms-number"
        assert ada.call("PUT", path, json=number).status_code == code
    role = f"/api/v1/admin/users/{bob.id}/role"
    assert bob.call("PUT", role, json={"role": "admin"}).status_code == 403
    assert ada.call("PUT", role, json={"role": "admin"}).status_code == 200
    assert bob.get("/api/v1/admin/users").status_code == 200
    assert ada.call("PUT", role, json={"role": "user"}).status_code == 200
    assert bob.get("/api/v1/admin/users").status_code == 403
