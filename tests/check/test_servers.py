"""What a command starts, whatever wraps it."""

import pytest

from stackproof.check.servers import flat, option, server


@pytest.mark.parametrize(
    ("command", "environment", "program", "host", "port"),
    [
        ("uvicorn shop.main:app", {}, "uvicorn", "127.0.0.1", 8000),
        ("uvicorn shop.main:app --host 0.0.0.0 --port=80", {}, "uvicorn", "0.0.0.0", 80),
        ("uvicorn shop.main:app", {"UVICORN_HOST": "0.0.0.0", "UVICORN_PORT": "9000"}, "uvicorn", "0.0.0.0", 9000),
        ("uvicorn shop.main:app --host $HOST --port $PORT", {}, "uvicorn", None, None),
        ("uvicorn shop.main:app --uds /run/x", {}, "uvicorn", None, None),
        ("tini -- poetry run gunicorn shop.wsgi -b :8000", {}, "gunicorn", "0.0.0.0", 8000),
        ("gunicorn -b0.0.0.0:8000 shop.wsgi", {}, "gunicorn", "0.0.0.0", 8000),
        ("gunicorn shop.wsgi --bind 0.0.0.0", {}, "gunicorn", "0.0.0.0", 8000),
        ("gunicorn shop.wsgi --bind $HOST", {}, "gunicorn", None, 8000),
        ("gunicorn shop.wsgi --bind unix:/run/x", {}, "gunicorn", None, None),
        ("gunicorn shop.wsgi", {"PORT": "5000"}, "gunicorn", None, None),
        ("gunicorn shop.wsgi", {}, "gunicorn", "127.0.0.1", 8000),
        ("gunicorn -c conf.py shop.wsgi", {}, "gunicorn", None, None),
        ("python manage.py runserver", {}, "runserver", "127.0.0.1", 8000),
        ("python manage.py runserver 0.0.0.0:80", {}, "runserver", "0.0.0.0", 80),
        ("python manage.py runserver 8001", {}, "runserver", "127.0.0.1", 8001),
        ("fastapi run shop/main.py", {}, "fastapi", "0.0.0.0", 8000),
        ("fastapi dev shop/main.py", {}, "fastapi", "127.0.0.1", 8000),
        ("flask run -h 0.0.0.0 -p 80", {}, "flask", "0.0.0.0", 80),
        ("celery -A shop worker", {}, "celery", None, None),
    ],
)
def test_where_a_server_listens(
    command: str, environment: dict[str, str], program: str, host: str | None, port: int | None
) -> None:
    found = server(tuple(command.split()), environment)
    assert found is not None
    assert (found.program, found.host, found.port) == (program, host, port)


def test_no_server() -> None:
    assert server(("python", "-m", "shop.bot"), {}) is None


def test_how_long_it_takes_and_in_how_many_processes() -> None:
    found = server(("gunicorn", "shop.main:app", "--graceful-timeout", "45", "-w4"), {})
    assert found is not None
    assert (found.grace, found.workers, found.target) == (45.0, 4, "shop.main:app")
    found = server(("uvicorn", "shop.main:make()", "--timeout-graceful-shutdown", "$T"), {"WEB_CONCURRENCY": "x"})
    assert found is not None
    assert (found.grace, found.workers, found.is_loopback) == (None, None, True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("sh", "-c", "alembic upgrade head && exec uvicorn a:b"), ("exec", "uvicorn", "a:b")),
        (("/bin/bash", "-lc", "echo hi; uvicorn a:b"), ("uvicorn", "a:b")),
        (("sh", "-c", "uvicorn a:b;"), ("uvicorn", "a:b;")),
        (("sh", "-c", 'echo "open'), ()),
        (("sh", "-c"), ()),
        (("uvicorn", "a:b"), ("uvicorn", "a:b")),
        (("sh", "run.sh"), ("sh", "run.sh")),
    ],
)
def test_scripts_are_taken_apart(words: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert flat(words) == found


def test_options() -> None:
    assert option(("-p", "1", "-p2", "--port=3"), ("-p", "--port")) == "3"
    assert option(("-p",), ("-p",)) is None
