"""What the pages of the Compose rules do not show: where a rule stays silent, and what its edits do."""

import pytest

from tests.check.compose.looked import seen

STORE = "services: {db: {image: 'postgres:17', %s}}\n"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("SR202", "services: {a: {image: 'grafana/alloy:v1', volumes: ['/run/docker.sock:/run/docker.sock:ro']}}"),
        ("SR208", "services: {a: {image: x, user: '1000:0'}}"),
        ("SR209", "# file: compose.dev.yaml\nservices: {a: {image: x}}"),
        ("SR209", "services: {a: {image: x, mem_limit: 64m}}"),
        ("SR213", "services: {a: {image: x, deploy: {restart_policy: {condition: any}}}}"),
        ("SR216", "services: {a: {image: x, environment: {TOKEN_MINUTES: 5, A_TOKEN: '${A_TOKEN}', PASSWORD: ''}}}"),
        ("SR216", "services: {a: {image: x, environment: {URL: 'redis://r:6379', B: 'a://u@h', C: 'a://u:pass@h'}}}"),
        ("SR218", "services: {a: {image: x, env_file: x.env}}"),
        ("SR219", "services: {a: {image: x, build: .}, b: {image: 'x@sha256:1'}, c: {image: 'r:5000/x:1'}}"),
        ("SR220", "services: {a: {image: 'postgres:17'}, b: {image: shop}, c: {image: 'python:3.9', build: .}}"),
        ("SR222", "services: {a: {image: 'postgres:18', volumes: ['d:/x']}, b: {image: 'postgres:alpine'}}"),
        ("SR222", "services: {a: {image: 'postgres:18', environment: [PGDATA=], volumes: [/var/lib/postgresql/data]}}"),
        ("SR223", "services: {a: {image: 'redis:8', command: 'redis-server --dir /keep', volumes: ['dd:/keep']}}"),
        ("SR224", "services: {a: {image: 'redis:8'}, b: {image: 'postgres:17', tmpfs: /var/lib/postgresql/data}}"),
        ("SR224", "services: {a: {image: 'postgres:17', command: [sh, -c, pg_dump]}}"),
        ("SR226", "services: {a: {build: ., volumes: ['./data:/data', '.:/app:ro']}}"),
        ("SR232", "services: {a: {image: x, logging: {driver: local}}}"),
        ("SR233", "services: {r: {image: 'redis:8', command: 'redis-server --maxmemory-policy=allkeys-lru'}}"),
        ("SR240", "services: {a: {image: 'postgres:17', ports: ['[::1]:5432:5432']}}"),
        ("SR242", "services: {a: {image: x, environment: {DEBUG: '1'}}}"),
        ("SR244", "services: {a: {image: x, env_file: .env}}"),
        ("SR245", "services: {a: {image: x, command: [$SHOWN, '$${X}', '${Y}']}}"),
        ("SR249", "services: {a: {build: {context: ., secrets: [s]}}}\nsecrets: {s: {file: x}}"),
        ("SR250", "services: {a: {image: x, depends_on: {b: {condition: service_started, required: false}}}}"),
        ("SR251", "services: {a: {image: x, profiles: [p], depends_on: [b]}, b: {image: y, profiles: [p, q]}}"),
        ("SR253", "services: {a: {build: ., depends_on: [b, c]}, b: {image: y}}"),
        ("SR256", "services: {a: {image: x, healthcheck: {test: 'curl -s x | grep ok'}}}"),
        ("SR257", "services: {a: {image: redis, command: 'r --requirepass', healthcheck: {test: 'redis-cli -a x'}}}"),
        ("SR260", "services: {a: {image: x, environment: {PGHOST: localhost}, healthcheck: {test: pg_isready}}}"),
        ("SR261", "services:\n  a:\n    image: x\n    command: a 'b && c' # and & more"),
        ("SR261", "services:\n  a:\n    image: x\n    command: >-\n      sh -c \"a\n      && b\"\n    user: x&y"),
        ("SR261", 'services:\n  a:\n    image: x\n    command: "sh -c \\"a && b\\""'),
        ("SR261", "services:\n  a:\n    image: x\n    command: 'sh -c ''a && b'' c'"),
        ("SR261", "services:\n  a:\n    image: x\n    command:\n    - a\n    - '&'"),
        ("SR263", "services: {a: {provider: {type: x}}}"),
        ("SR264", "services: {a: {build: {context: ., args: {VERSION: 1, NPM_TOKEN: ''}}}}"),
    ],
)  # fmt: skip
def test_silent(number: str, text: str) -> None:
    assert seen(number, text, _env__example="SHOWN=1\n", x__env="PASSWORD=postgres\n") == []


@pytest.mark.parametrize(
    ("number", "text", "words"),
    [
        ("SR216", "services: {a: {image: x, environment: {DB: 'a://u:hunter2@h/x'}}}", "the secret in DB of a"),
        ("SR218", "services: {a: {image: x, environment: {DB: 'a://u:postgres@h/x'}}}", "in DB of a is postgres"),
        ("SR220", "services: {a: {image: 'library/python:3.9-slim'}}", "since 2025-10-31"),
        ("SR221", "services: {a: {image: redis}}", "the next pull may bring a redis"),
        ("SR237", "services: {a: {image: x, scale: 2, command: [sh, -c, 'exec celery -A a beat']}}", "runs 2 times"),
        ("SR239", "services: {a: {image: x, command: celery -A a flower, ports: ['5555:5555']}}", "reaches flower"),
        ("SR243", "# file: compose.yaml\nname: shop-prod\nservices: {a: {image: x, command: flask run}}", "flask run"),
        ("SR250", "services: {a: {image: x, depends_on: [b]}}", "there is no such service"),
        ("SR254", "services: {a: {image: x, depends_on: {b: {condition: service_healthy}}},"
                  " b: {image: y, healthcheck: {test: [NONE]}}}", "switched off"),
        ("SR255", "services: {a: {image: x, healthcheck: {test: [CMD, 'true']}}}", "always succeeds"),
        ("SR261", "services:\n  a:\n    image: x\n    command: >\n      a\n      && b\n", "of a off at &"),
        ("SR261", 'services:\n  a:\n    image: x\n    command: "a; b"', "cuts the command of a off at ;"),
    ],
)  # fmt: skip
def test_seen(number: str, text: str, words: str) -> None:
    (sighting,) = seen(number, text)
    assert words in sighting.found


def test_the_line_of_version_is_taken_out() -> None:
    (sighting,) = seen("SR227", "# c\nversion: '3'\nservices: {}\n")
    assert [(each.first, each.last, each.text) for each in sighting.edits] == [(2, 2, "")]


def test_ports_are_quoted() -> None:
    (sighting,) = seen("SR246", "services:\n  a:\n    image: x\n    ports:\n    - 22:22 # ssh\n    - 80:8080\n")
    assert [(each.first, each.text) for each in sighting.edits] == [(5, '    - "22:22" # ssh\n')]


def test_sightings_name_the_line() -> None:
    (sighting,) = seen("SR201", "services:\n  a:\n    image: x\n    privileged: true\n")
    assert str(sighting.at) == "compose.yaml:4"
