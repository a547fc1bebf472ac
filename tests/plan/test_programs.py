"""Programs that serve by themselves, and processes that were found: how they are started, counted, left out."""

import pytest

from stackproof.errors import UserError
from stackproof.model.facts import Framework, PlainRoute, Program, Scheduler, ServedPort, WebApp
from stackproof.model.source import Place
from stackproof.model.stack import Service
from tests.plan.small import JOBS, PIP, ROOT, SHOP, asks, service, stack

HERE = Place("bot.py", 4)
BOT = Program("bot", "bot", ("python", "bot.py"), HERE)
WORKER = Program("worker", "rq", ("rq", "worker", "mails"), HERE)


def own(framework: Framework, target: str, **said: str) -> Service:
    app = WebApp(framework, target, False, "own", HERE)
    return service("api", PIP, ROOT, app, environment="dev" if "dev" in said else "prod")


def test_each_is_told_where_to_listen() -> None:
    page = own("streamlit", "ui/page.py")
    assert page.command[:5] == (
        "streamlit", "run", "ui/page.py", "--server.address=@{self.bind}", "--server.port=@{self.port}",
    )  # fmt: skip
    assert page.health
    assert page.health.target == "/_stcore/health"
    told = {each.name: each.value for each in own("gradio", "app.py").environment}
    assert (told["GRADIO_SERVER_NAME"], told["GRADIO_SERVER_PORT"]) == ("@{self.bind}", "@{self.port}")
    assert own("aiohttp", "relay").command == ("python", "-m", "relay")
    assert own("aiohttp", "relay").port == 8080


def test_the_variable_of_the_codes_own_port_is_set() -> None:
    app = WebApp("aiohttp", "relay", False, "own", HERE)
    planned = service("api", PIP, ROOT, app, ServedPort("relay", 9090, HERE, "PORT"), environment="dev")
    assert {each.name: each.value for each in planned.environment}["PORT"] == "@{self.port}"
    assert planned.port == 9090
    assert planned.publish
    assert planned.publish.port == 9090


def test_in_dev_they_start_again_on_a_change_and_nobody_attaches_a_debugger() -> None:
    demo = own("gradio", "app.py", dev="")
    assert demo.command[0] == "watchfiles"
    assert demo.debugger == () == demo.more
    assert "--server.runOnSave=true" in own("streamlit", "page.py", dev="").command


def test_a_word_with_spaces_stays_one_word_for_what_starts_it_again() -> None:
    fact = Program("loop", "script", ("python", "-c", "import x; x.run()"), HERE)
    assert "python -c 'import x; x.run()'" in service("loop", PIP, ROOT, fact, environment="dev").command


def test_no_server_is_added_to_a_program_that_serves() -> None:
    assert not stack(PIP, ROOT, WebApp("gradio", "app.py", False, "own", HERE)).build.install.extra


def test_a_bot_alone_is_a_stack_and_there_is_one() -> None:
    planned = stack(PIP, ROOT, BOT, asks("discord-py"))
    (bot,) = planned.services
    assert (bot.role, bot.command, bot.replicas, bot.port) == ("process", ("python", "bot.py"), 1, None)
    assert bot.networks == ("out",)
    assert service("bot", PIP, ROOT, BOT, said="services.bot.replicas = 2").replicas == 2


def test_a_name_that_the_settings_use_otherwise_gets_another() -> None:
    planned = stack(*SHOP, WORKER)
    assert planned.service("worker-process").replicas == 2
    assert planned.service("worker-process").command == ("rq", "worker", "mails")


def test_the_settings_have_the_last_word() -> None:
    assert not stack(*SHOP, BOT, said="services.bot.enabled = false").has("bot")
    assert stack(*SHOP, BOT, said='services.bot.command = ["python", "x.py"]').service("bot").command[1] == "x.py"
    assert not stack(*SHOP, *JOBS[2:], said="services.worker.enabled = false").has("worker")


@pytest.mark.parametrize(("facts", "there"), [((), "none here"), ((BOT,), "bot")])
def test_what_is_no_process_cannot_be_left_out(facts: tuple[Program, ...], there: str) -> None:
    with pytest.raises(UserError, match=r"stackproof.toml:1: services.api cannot be left out") as refused:
        stack(*SHOP, *facts, said="services.api.enabled = false")
    assert refused.value.fix == f"Only processes can: {there}."


@pytest.mark.parametrize(("said", "count", "words"), [("", 1, "once more"), ("services.api.workers = 3", 1, "3 times")])
def test_a_scheduler_in_the_web_process_is_said(said: str, count: int, words: str) -> None:
    planned = stack(*SHOP, Scheduler("BackgroundScheduler", HERE), said=said)
    assert planned.service("api").replicas == count
    note = next(note for note in planned.notes if note.about == "replicas")
    assert words in note.because


def test_a_file_that_serves_nothing_known_is_refused_with_the_way_out() -> None:
    with pytest.raises(UserError, match=r"stackproof.toml:1: services.api.app is 'x.py', and nothing") as refused:
        stack(*SHOP, said='services.api.app = "x.py"')
    assert "command" in refused.value.fix


def test_a_moved_page_of_the_framework_is_asked_where_it_is() -> None:
    app = WebApp("fastapi", "shop.api:app", False, "asgi", HERE)
    for instead, asked in ((True, "/v1/openapi.json"), (False, "/openapi.json")):
        found = service("api", PIP, ROOT, app, PlainRoute("/v1/openapi.json", HERE, "shop.api:app", instead)).health
        assert found
        assert found.target == asked
