"""What a command starts."""

import pytest

from stackproof.adopt import commands
from stackproof.model.stack import Role


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("uvicorn shop.main:app", "web"),
        ("/opt/venv/bin/gunicorn -b 0.0.0.0:8000 shop.wsgi", "web"),
        ("python -m uvicorn shop.main:app", "web"),
        ("uv run fastapi run", "web"),
        ("python manage.py runserver 0.0.0.0:8000", "web"),
        ("flask run", "web"),
        ("flask db upgrade", None),
        ("celery -A shop worker -Q a,b", "worker"),
        ("python manage.py celery worker", "worker"),
        ("celery -A shop beat", "beat"),
        ("celery -A shop flower", "monitor"),
        ("celery -A shop inspect ping", None),
        ("rq worker", "worker"),
        ("flower", "monitor"),
        ("DEBUG=1 exec", None),
        ("python bot.py", None),
    ],
)
def test_the_program_says_the_role(said: str, role: Role | None) -> None:
    assert commands.role(tuple(said.split())) == role


def test_a_shell_is_looked_through_to_what_it_starts_last() -> None:
    assert commands.role(("/bin/sh", "-c", "alembic upgrade head && exec uvicorn a:b")) == "web"
    assert commands.plain(("sh", "-c", "it's")) == ("it's",)
    assert commands.plain(("sh", "start.sh")) == ("sh", "start.sh")


@pytest.mark.parametrize(
    ("said", "port"),
    [
        ("uvicorn a:b --port 9000", 9000),
        ("uvicorn a:b --port=9001", 9001),
        ("gunicorn -b 0.0.0.0:9002 a:b", 9002),
        ("manage.py runserver 0.0.0.0:9003", 9003),
        ("manage.py runserver", 8000),
        ("uvicorn a:b --port $PORT", None),
    ],
)
def test_the_command_line_names_the_port(said: str, port: int | None) -> None:
    assert commands.port(tuple(said.split())) == port


def test_queues_are_those_of_the_option_or_celerys_own() -> None:
    assert commands.queues(("celery", "worker", "-Q", "a,b")) == ("a", "b")
    assert commands.queues(("celery", "worker", "--queues=c")) == ("c",)
    assert commands.queues(("celery", "worker")) == ("celery",)


def test_steps_of_a_start_end_by_themselves() -> None:
    assert commands.runs_once(("sh", "-c", "alembic upgrade head"))
    assert commands.runs_once(("python", "manage.py", "migrate"))
    assert not commands.runs_once(("sh", "-c", "alembic upgrade head && uvicorn a:b"))


def test_python_is_seen_by_the_program() -> None:
    assert commands.of_python(("/usr/bin/python3.12", "bot.py"))
    assert commands.of_python(("uvicorn", "a:b"))
    assert not commands.of_python(("./server",))
    assert not commands.of_python(())
