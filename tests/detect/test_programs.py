"""Programs without a server: what never ends, what ends, and which start line is one."""

import pytest

from stackproof.model.facts import Ambiguity, CeleryApp, LeftOut, Program, WebApp
from tests.detect.trees import Files, facts

LOOP = "import time\ndef loop():\n    while 1:\n        time.sleep(1)\n"
PYPROJECT = '[project]\nname = "x"\n[project.scripts]\n'


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("import signal\nsignal.pause()\n", "script"),
        ("import kafka\nfor message in kafka.KafkaConsumer('jobs'):\n    print(message)\n", "consumer"),
        ("import redis\nfor message in redis.Redis().pubsub().listen():\n    print(message)\n", "consumer"),
        (LOOP + "from threading import Thread\nThread(target=loop).start()\n", "script"),
        ("import rq\nrq.Worker(['a']).work()\n", "rq"),
        ("import time\nwhile True:\n    if input('?'):\n        time.sleep(1)\n", None),
        ("import time\nwhile True:\n    time.sleep(1)\n    break\n", None),
        ("while True:\n    print(1)\n", None),
        ("n = 1\nwhile n:\n    n -= 1\n", None),
        ("for item in range(3):\n    print(item)\n", None),
        ("from waitress import serve\nimport time\nserve(None)\nwhile True:\n    time.sleep(1)\n", None),
    ],
)  # fmt: skip
def test_what_never_ends(text: str, kind: str | None) -> None:
    assert [fact.kind for fact in facts(Program, {"m.py": text})] == ([kind] if kind else [])


def test_a_demo_that_loops_is_a_page_and_no_process() -> None:
    text = "import time\nimport gradio\ngradio.Interface(str).launch()\nwhile True:\n    time.sleep(1)\n"
    assert not facts(Program, {"m.py": text})
    assert [app.target for app in facts(WebApp, {"m.py": text})] == ["m.py"]


def test_a_console_script_is_called_without_being_installed() -> None:
    loop = "import time\ndef run():\n    while True:\n        time.sleep(1)\n"
    said = PYPROJECT + 'loop = "x.main:run"\ngone = "x.main:missing"\n'
    found = facts(Program, {"pyproject.toml": said, "x/__init__.py": "", "x/main.py": loop})
    assert [fact.command for fact in found] == [("python", "-c", "import sys; from x.main import run; sys.exit(run())")]


@pytest.mark.parametrize(
    "line", ['clock: python "clock.py', "clock: python clock.py | tee log", "clock: python gone.py", "clock: sh x"]
)
def test_a_start_line_that_is_no_command_of_the_project_is_no_process(line: str) -> None:
    assert not facts(Program, {"Procfile": line, "clock.py": "print(1)\n"})


def test_a_bot_that_serves_a_page_nobody_can_name_is_a_bot() -> None:
    made = "import discord\nfrom flask import Flask\na = Flask('a')\nb = Flask('b')\n"
    files: Files = {"m.py": made + "Flask('c').run()\ndiscord.Client().run('x')\n"}
    assert [fact.kind for fact in facts(Program, files)] == ["bot"]
    assert [app.target for app in facts(WebApp, files)] == ["m:a", "m:b"]


def test_a_page_inside_of_a_bot_is_told_with_the_setting_that_serves_it() -> None:
    text = "import discord\nfrom flask import Flask\na = Flask('a')\na.run()\ndiscord.Client().run('x')\n"
    (doubt,) = facts(Ambiguity, {"m.py": text})
    assert (doubt.about, doubt.setting) == ("web application m:a", 'services.api.app = "m:a"')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("from flask import Flask\ndef make(*, name):\n    return Flask(name)\n", "needs to be given arguments"),
        ("print('done')\n", "it runs to its end"),
    ],
)
def test_what_came_near_is_named(text: str, words: str) -> None:
    (near,) = facts(LeftOut, {"m.py": text})
    assert words in near.because


def test_celery_that_only_a_start_line_names() -> None:
    files: Files = {
        "docker/start": "celery -A main.celery worker\n",
        "main.py": "from shop import create_app\napp = create_app()\ncelery = app.celery_app\n",
        "Makefile": "beat:\n\tcelery -A gone beat\n",
    }
    assert [(app.module, app.attribute) for app in facts(CeleryApp, files)] == [("main.celery", "celery")]
