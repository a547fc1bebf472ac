"""Addresses that are made of parts: what each part is told by."""

from stackproof.model.facts import Backend, Part
from tests.detect.trees import facts


def found(text: str, requirements: str) -> tuple[Backend, ...]:
    return facts(Backend, {"m.py": text, "requirements.txt": requirements})


def test_a_url_made_of_variables_and_texts() -> None:
    text = (
        "import os\nHOST = os.getenv('H', 'db')\n"
        "URL = f\"postgresql://shop:{os.environ['P']}@{HOST}:5432/pre_{os.environ['N']}\"\nX = f'{HOST}/x'\n"
    )
    (backend,) = found(text, "psycopg\n")
    assert backend.parts == (
        Part("host", "H", "db"), Part("port", None, "5432"), Part("user", None, "shop"), Part("password", "P", None),
    )  # fmt: skip
    assert backend.default == "postgresql://"


def test_what_is_built_without_a_scheme_that_is_known_is_none() -> None:
    text = "from sqlalchemy import URL\nURL.create('oracle', host='db')\nURL.create(f(), host='db')\n"
    assert found(text, "psycopg\n") == ()


def test_an_engine_of_django_that_is_made_by_running_and_no_driver() -> None:
    assert found("D = {'ENGINE': f(), 'HOST': 'db'}\n", "") == ()


def test_a_host_that_only_running_tells_has_no_part() -> None:
    assert found("import redis\nredis.Redis(host=f())\n", "redis\n") == ()


def test_two_places_for_one_server_are_one() -> None:
    text = "import redis\nredis.Redis(host='queue')\nredis.Redis(host='queue', port=6380)\n"
    (backend,) = found(text, "redis\n")
    assert backend.parts == (Part("host", None, "queue"), Part("port", None, "6380"))
