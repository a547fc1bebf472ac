"""Celery: tasks, routes, queues, periodic tasks, options."""

import pytest

from stackproof.model.facts import Ambiguity, BeatEntry, CeleryOption, Queue, Task, TaskRoute
from tests.detect.trees import Files, facts

APP = 'from celery import Celery\napp = Celery("shop")\n'
TASK = "from shop.celery import app\n@app.task\ndef one(): ...\n"


def _tasks(text: str) -> list[str]:
    files = {"src/shop/__init__.py": "", "src/shop/celery.py": APP, "src/shop/tasks.py": text}
    return [f"{task.name}:{task.seen.line}" for task in facts(Task, files)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TASK, ["shop.tasks.one:3"]),
        ("from .celery import app\n@app.task()\ndef one(): ...\n", ["shop.tasks.one:3"]),
        ("from .celery import app\nNAME = 'a.b'\n@app.task(name=NAME)\ndef one(): ...\n", ["a.b:4"]),
        ("from .celery import app as c\n@c.task(bind=True)\nasync def one(self): ...\n", ["shop.tasks.one:3"]),
        (
            "from celery import shared_task\n@shared_task\ndef one(): ...\n@shared_task(queue='x')\ndef two(): ...\n",
            ["shop.tasks.one:3", "shop.tasks.two:5"],
        ),
        ("import celery\n@celery.shared_task\n@other\ndef one(): ...\n", ["shop.tasks.one:4"]),
        (
            "from celery import Celery\ndef make():\n    c = Celery()\n    @c.task\n    def inner(): ...\n"
            "    return c\n",
            ["shop.tasks.inner:5"],
        ),
        (
            "from celery import Task\nclass Base(Task):\n    x = 1\nclass Run(Base):\n    name = 'run.it'\n"
            "class Odd(Base):\n    name = f()\n",
            ["run.it:4"],
        ),
        ("@task\ndef one(): ...\n@x.task\ndef two(): ...\n@x.y()\ndef three(): ...\n", []),
    ],
)
def test_tasks_under_their_real_names(text: str, expected: list[str]) -> None:
    assert _tasks(text) == expected


ROUTED = APP + "X = 'heavy'\n"

ROUTES = [
    ("app.conf.update(task_routes={'a.*': {'queue': 'q1'}, 'b': 'q2'})\n", ["a.*>q1:4", "b>q2:4"]),
    ("app.conf.task_routes = {\n    'a': {'queue': X},\n    **OTHER,\n}\n", ["a>heavy:5"]),
    ("R = {'a': dict(queue='q')}\napp.conf.update(task_routes=R)\n", ["a>q:4"]),
    ("app.conf.update({'task_routes': {'a': 'q'}, name(): 1})\n", ["a>q:4"]),
    ("C = {'task_routes': {'a': 'q'}}\napp.conf.update(**C)\n", ["a>q:4"]),
    ("app.conf.update(OTHER)\napp.conf.task_routes = ([('a', 'q'), ('b', {'queue': 'r'})],)\n", ["a>q:5", "b>r:5"]),
    ("from kombu import Queue\napp.conf.task_routes = {'a': Queue('q'), 'b': Queue(name='r')}\n", ["a>q:5", "b>r:5"]),
    ("def set():\n    R = {'a': 'q'}\n    app.conf.task_routes = R\n", ["a>q:5"]),
]


@pytest.mark.parametrize(("text", "expected"), ROUTES)
def test_routes(text: str, expected: list[str]) -> None:
    found = facts(TaskRoute, {"shop/celery.py": ROUTED + text})
    assert [f"{route.pattern}>{route.queue}:{route.seen.line}" for route in found] == expected


@pytest.mark.parametrize(
    "files",
    [
        {"c.py": APP + "app.config_from_object('conf')\n", "conf.py": "task_routes = {'a': 'q'}\n"},
        {"c.py": "import conf\n" + APP + "app.config_from_object(conf)\n", "conf.py": "task_routes = {'a': 'q'}\n"},
        {
            "c.py": APP + "app.config_from_object('conf:Conf')\n",
            "conf.py": "class Conf:\n    task_routes = {'a': 'q'}\n",
        },
        {"c.py": APP + "app.config_from_object({'task_routes': {'a': 'q'}})\n"},
        {
            "c.py": APP + "app.config_from_object('django.conf:settings', namespace='CELERY')\n",
            "s.py": "CELERY_TASK_ROUTES = {'a': 'q'}\n",
        },
        {
            "c.py": "from r import R\n" + APP + "app.config_from_object()\napp.conf.task_routes = R\n",
            "r.py": "R = {'a': 'q'}\n",
        },
    ],
)
def test_routes_in_a_configuration_of_their_own(files: Files) -> None:
    assert [(route.pattern, route.queue) for route in facts(TaskRoute, files)] == [("a", "q")]


@pytest.mark.parametrize(
    "text",
    [
        "app.conf.task_routes = route\n",
        "app.conf.task_routes = {'a': pick()}\n",
        "app.conf.task_routes = {'a': {'x': 1}}\n",
    ],
)
def test_routes_made_at_run_time_are_an_ambiguity(text: str) -> None:
    files = {"shop/celery.py": APP + text}
    (doubt,) = facts(Ambiguity, files)
    assert (doubt.setting, str(doubt.seen)) == ("services.worker.queues = [...]", "shop/celery.py:3")
    assert not facts(TaskRoute, files)


@pytest.mark.parametrize(
    ("conf", "tasks", "expected"),
    [
        ("", "", ["celery:2"]),
        ("", TASK, ["celery:3"]),
        ("app.conf.task_routes = {'shop.*': 'q'}\n", TASK, ["q:3"]),
        ("app.conf.task_routes = {'mail.*': 'q'}\n", TASK, ["q:3", "celery:3"]),
        ("app.conf.task_default_queue = 'main'\n", TASK, ["main:3"]),
        ("app.conf.task_default_queue = name()\n", TASK, []),
        (
            "from kombu import Queue\napp.conf.task_queues = (\n    Queue('a'),\n    'b',\n    odd(),\n)\n",
            TASK,
            ["a:5", "b:6", "celery:3"],
        ),
        ("Q = ['a']\napp.conf.task_queues = Q\n", "", ["a:3", "celery:2"]),
        ("app.conf.task_queues = {'a': {}, name(): {}}\n", "", ["a:3", "celery:2"]),
        ("", "from shop.celery import app\n@app.task(queue='q')\ndef one(): ...\n", ["q:2"]),
        ("", "from shop.celery import app\n@app.task(queue=pick())\ndef one(): ...\n", []),
        (
            "",
            TASK + "one.apply_async(\n    queue='sent')\none.apply_async(queue=pick(), x=1)\n",
            ["sent:5", "celery:3"],
        ),
    ],
)
def test_queues_that_need_a_consumer(conf: str, tasks: str, expected: list[str]) -> None:
    found = facts(Queue, {"shop/celery.py": APP + conf, "shop/tasks.py": tasks})
    assert [f"{queue.name}:{queue.seen.line}" for queue in found] == expected


def test_without_a_celery_application_there_are_no_queues() -> None:
    assert not facts(Queue, {"m.py": "x.apply_async(queue='q')\nx.add_periodic_task(1, y.s())\n"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "app.conf.beat_schedule = {\n    'nightly': {'task': 'x'},\n    name(): {},\n}\n",
            ["nightly:4", "entry named while the program runs:5"],
        ),
        ("app.conf.beat_schedule = make()\n", ["schedule made while the program runs:3"]),
        (
            "app.conf.beat_scheduler = 'django_celery_beat.schedulers:DatabaseScheduler'\n",
            ["django_celery_beat.schedulers:DatabaseScheduler:3"],
        ),
        ("app.conf.beat_scheduler = X\n", ["scheduler:3"]),
        (
            "@app.on_after_configure.connect\ndef setup(sender, **k):\n"
            "    sender.add_periodic_task(1.0, check.s(), name='check')\n",
            ["check:5"],
        ),
        (
            "app.add_periodic_task(1.0, a.check.s())\napp.add_periodic_task(1.0, sig())\napp.add_periodic_task(1.0)\n",
            ["a.check:3", "sig:4", "periodic task:5"],
        ),
    ],
)
def test_beat(text: str, expected: list[str]) -> None:
    assert [f"{entry.name}:{entry.seen.line}" for entry in facts(BeatEntry, {"c.py": APP + text})] == expected


SETTINGS = (
    "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    limit: int = 30\n"
    "    grace: float\ns = S()\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("app.conf.task_acks_late = True\n", [("task_acks_late", "true", None)]),
        ("app.conf.update(task_time_limit=60 * 5)\n", [("task_time_limit", "300", None)]),
        ("app.conf.update(task_time_limit=s.limit)\n", [("task_time_limit", "30", "LIMIT")]),
        ("app.conf.update(worker_soft_shutdown_timeout=s.grace)\n", [("worker_soft_shutdown_timeout", "", "GRACE")]),
        ("import os\napp.conf.task_time_limit = int(os.getenv('LIMIT', '5'))\n", [("task_time_limit", "5", "LIMIT")]),
        (
            "app.conf.broker_transport_options = {'visibility_timeout': 9, 'x': 1, f(): 2}\n",
            [("visibility_timeout", "9", None)],
        ),
        ("app.conf.broker_transport_options = dict(visibility_timeout=9, **X)\n", [("visibility_timeout", "9", None)]),
        ("app.conf.broker_transport_options = OPTIONS\n", []),
        ("app.conf.timezone = 'UTC'\n", []),
    ],
)
def test_options(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    found = facts(CeleryOption, {"c.py": APP + "from s import s\n" + text, "s.py": SETTINGS})
    assert [(option.name, option.value, option.variable) for option in found] == expected


def test_an_option_made_at_run_time_is_an_ambiguity() -> None:
    (doubt,) = facts(Ambiguity, {"c.py": APP + "app.conf.task_time_limit = pick()\n"})
    assert (doubt.about, str(doubt.seen)) == ("Celery option task_time_limit", "c.py:3")
