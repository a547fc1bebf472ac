"""The parts of a plan, each by a table of small cases."""

import pytest

from stackproof.errors import UserError
from stackproof.model.facts import (
    POOL,
    Ambiguity,
    Backend,
    CeleryApp,
    CeleryOption,
    Fact,
    HealthRoute,
    ImportRoot,
    Installer,
    Project,
    PythonVersion,
    Queue,
    Task,
    TaskRoute,
    Unreadable,
    Variable,
    WebApp,
    WritablePath,
)
from stackproof.model.source import Place
from stackproof.model.stack import Assignment, EnvironmentName, Mount, Need, Service
from stackproof.plan import celery, interpreter, plans, refuse, stores, web
from stackproof.plan.given import slug
from stackproof.plan.storage import storage
from tests.plan.small import (
    ASGI,
    CELERY,
    FLASK,
    JOBS,
    PIP,
    READY,
    ROOT,
    SHOP,
    asks,
    given,
    locked,
    read,
    service,
    stack,
)

HERE = Place("shop/settings.py", 4)


def sqlite(default: str | None, variable: str | None = "DATABASE_URL") -> Backend:
    return Backend("sqlite", variable, default, HERE)


# --- names


@pytest.mark.parametrize(
    ("name", "made"), [("My App_2", "my-app-2"), ("--", "project"), ("Größe", "gr-e"), ("a" * 60, "a" * 40)]
)
def test_names_suit_every_tool(name: str, made: str) -> None:
    assert slug(name) == made


def test_the_settings_name_the_project() -> None:
    assert stack(*SHOP, said='name = "market"').name == "market-prod"
    assert service("api", *SHOP, said='name = "market"').image == "market:prod"


# --- web


def test_uvicorn_runs_a_factory() -> None:
    app = WebApp("fastapi", "shop:make", True, "asgi", HERE)
    assert "--factory" in service("api", PIP, ROOT, app, READY).command


def test_an_old_uvicorn_is_not_given_what_it_does_not_know() -> None:
    assert (
        "--timeout-graceful-shutdown" not in service("api", PIP, ROOT, ASGI, READY, locked("uvicorn", "0.20.0")).command
    )
    assert "--timeout-graceful-shutdown" in service("api", PIP, ROOT, ASGI, READY, locked("uvicorn", "0.22.0")).command


def test_gunicorn_writes_nothing_outside_of_its_scratch_folder() -> None:
    command = service("api", *SHOP).command
    assert command[1] == "shop.web:create_app()"
    assert command[command.index("--worker-tmp-dir") + 1] == "@{tmp}"
    assert command[-1] == "--no-control-socket"


def test_an_old_gunicorn_has_no_control_socket_to_switch_off() -> None:
    facts = (*SHOP[:-1], locked("gunicorn", "25.0.3"))
    assert "--no-control-socket" not in service("api", *facts).command


def test_gunicorn_reloads_in_dev() -> None:
    assert service("api", *SHOP, environment="dev").command[-1] == "--reload"


def test_uvicorn_looks_at_the_project_itself_where_modules_lie_at_its_top() -> None:
    assert service("api", PIP, ROOT, ASGI, READY, environment="dev").command[-2:] == ("--reload-dir", "/app")


@pytest.mark.parametrize(
    ("said", "facts", "expected"),
    [
        ("shop.api:app", (FLASK, ASGI), ASGI),
        ("shop.web:create_app()", (ASGI, FLASK), FLASK),
        ("other:app", (locked("fastapi", "1"),), ("fastapi", "other:app", False, "asgi")),
        ("other:make()", (locked("flask", "3"),), ("flask", "other:make", True, "wsgi")),
        ("site.asgi:application", (locked("django", "6"),), ("django", "site.asgi:application", False, "asgi")),
        ("site.wsgi:application", (locked("starlette", "1"),), ("starlette", "site.wsgi:application", False, "wsgi")),
        ("own.asgi:app", (), ("starlette", "own.asgi:app", False, "asgi")),
    ],
)
def test_the_settings_name_the_application(said: str, facts: tuple[Fact, ...], expected: object) -> None:
    found = web.application(given(*facts, said=f'services.api.app = "{said}"'))
    assert found
    if isinstance(expected, WebApp):
        assert found == expected
    else:
        assert (found.framework, found.target, found.factory, found.interface) == expected


@pytest.mark.parametrize("said", ["shop", "shop:", ":app", "shop:a b", "shop/x:app"])
def test_an_application_that_is_no_name_is_refused(said: str) -> None:
    with pytest.raises(UserError, match=r"stackproof.toml:1: services.api.app is"):
        web.application(given(said=f'services.api.app = "{said}"'))


def test_ready_is_preferred_to_live_and_the_settings_to_both() -> None:
    live, ready = HealthRoute("/live", "live", HERE), HealthRoute("/ready", "ready", HERE)
    api = web.Web("api", ASGI, 0)
    assert web.health_route(given(live, ready), api)[0] == "/ready"
    assert web.health_route(given(live), api)[0] == "/live"
    assert web.health_route(given(live, said='services.api.health = "/own"'), api)[0] == "/own"
    assert web.health_route(given(), web.Web("api", FLASK, 0))[0] == "/"


# --- ports


def test_a_port_can_be_kept_back() -> None:
    assert service("api", *SHOP, said="services.api.publish = false", environment="dev").publish is None
    assert service("api", *SHOP, said="services.api.publish = true", environment="dev").publish
    assert service("api", *SHOP, said="proxy = false").publish
    assert service("api", *SHOP).publish is None  # behind the proxy


def test_ports_and_addresses_are_settable() -> None:
    said = (
        "proxy = false\nservices.api = {publish = 9000, port = 81}\n"
        "environments.prod = {port_offset = 5, address = '0.0.0.0'}"
    )
    found = service("api", *SHOP, said=said)
    assert found.publish
    assert (found.port, found.publish.address, found.publish.port) == (81, "0.0.0.0", 9005)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "proxy = false\nservices.api.publish = 65500",
            "stackproof.toml:2: api would get port 65700 in prod; ports end at 65535",
        ),
        ("environments.dev.port_offset = 60000", "api would get port 68000 in dev"),
    ],
)
def test_ports_that_cannot_be_are_refused(said: str, words: str) -> None:
    environment: EnvironmentName = "dev" if "dev" in words else "prod"
    with pytest.raises(UserError, match=words):
        stack(*SHOP, said=said, environment=environment)


@pytest.mark.parametrize(
    ("said", "words", "setting"),
    [
        (
            "environments.stage.port_offset = 0",
            "proxy in dev and proxy in stage would both take port 8443 of the host",
            "environments.stage.https or environments.stage.port_offset",
        ),
        (
            "proxy = false\nenvironments.stage.port_offset = 0",
            "api in dev and api in stage would both take port 8000 of the host",
            "services.api.publish or environments.stage.port_offset",
        ),
        (
            "[environments]\nstage.https = 443\nprod.https = 443",
            "stackproof.toml:3: proxy in stage and proxy in prod would both take port 443 of the host",
            "environments.prod.https",
        ),
        (
            "environments.stage.http = 8280",
            "stackproof.toml:1: proxy in stage and proxy in prod would both take port 8280 of the host",
            "environments.prod.http or environments.prod.port_offset",
        ),
        (
            "environments.prod = {https = 443, http = 443}",
            "stackproof.toml:1: proxy in prod and proxy in prod would both take port 443 of the host",
            "environments.prod.http",
        ),
    ],
)
def test_environments_on_one_port_are_refused(said: str, words: str, setting: str) -> None:
    with pytest.raises(UserError) as refused:
        plans(Project("shop", SHOP), read(said))
    assert (str(refused.value), refused.value.fix) == (words, f"Change {setting} in stackproof.toml.")


def test_environments_with_ports_of_their_own() -> None:
    stacks = plans(Project("shop", SHOP), read("[environments]\nstage.https = 444\nprod.https = 443"))
    ports = [found.port for stack in stacks.values() if (found := stack.service("proxy").publish)]
    assert ports == [8443, 444, 443]


def test_a_pool_matters_to_postgresql_alone() -> None:
    doubt = Ambiguity(POOL, "not counted", (), "it has no pool", "pool_size", Place("shop/db.py", 1))
    postgres = Backend("postgresql", "DATABASE_URL", None, Place("shop/db.py", 2))
    assert doubt not in stack(*SHOP, doubt).notes
    assert doubt in stack(*SHOP, doubt, postgres).notes


# --- Celery


def test_the_settings_name_the_celery_application() -> None:
    found = celery.application(given(CELERY, said='services.worker.app = "shop.jobs"'))
    assert found is CELERY
    other = celery.application(given(CELERY, said='services.worker.app = "other.jobs:queue"'))
    assert other
    assert (other.module, other.attribute) == ("other.jobs", "queue")
    plain = celery.application(given(said='services.worker.app = "other.jobs"'))
    assert plain
    assert plain.attribute == "app"


def test_a_reexport_is_there_for_the_command_line() -> None:
    shim = CeleryApp("shop.celery_app", "app", True, HERE)
    assert celery.application(given(CELERY, shim)) is shim
    assert celery.application(given()) is None


ROUTE = TaskRoute("shop.mail.*", "mail", HERE)
MAIL, OTHER = Task("shop.mail.send", HERE), Task("shop.other", HERE)


@pytest.mark.parametrize(
    ("facts", "queues", "routed"),
    [
        ((), ("celery",), ()),
        ((OTHER,), ("celery",), (("celery", "shop.other"),)),
        ((ROUTE, MAIL), ("mail",), (("mail", "shop.mail.send"),)),
        ((ROUTE, MAIL, OTHER), ("mail", "celery"), (("mail", "shop.mail.send"), ("celery", "shop.other"))),
        ((ROUTE, OTHER, CeleryOption("task_default_queue", "mail", None, HERE)), ("mail",), (("mail", "shop.other"),)),
        ((Queue("rare", HERE), ROUTE, MAIL), ("rare", "mail"), (("mail", "shop.mail.send"),)),
    ],
)
def test_every_queue_is_consumed(
    facts: tuple[Fact, ...], queues: tuple[str, ...], routed: tuple[tuple[str, str], ...]
) -> None:
    here = given(*facts)
    assert celery.queues(here) == queues
    assert celery.plan(here, CELERY, "redis").routed == routed


def test_the_settings_name_the_queues() -> None:
    assert service("worker", *JOBS, ROUTE, said='services.worker.queues = ["x"]').queues == ("x",)


def test_an_option_that_only_the_program_knows_counts_as_nothing() -> None:
    option = CeleryOption("worker_soft_shutdown_timeout", "limit()", None, HERE)
    assert celery.soft_shutdown(given(option))[0] == 0.0


# --- stores


def test_redis_is_bounded_below_its_memory_limit() -> None:
    command = service("redis", *JOBS, said="services.redis = {memory_mb = 100, port = 6400}").command
    assert command[command.index("--maxmemory") + 1] == "60mb"
    assert service("redis", *JOBS, said="services.redis.port = 6400").port == 6400


def test_no_redis_where_nothing_asks_for_it() -> None:
    assert stores.stores(given(*SHOP, locked("redis", "8"))) == ()


# --- storage


@pytest.mark.parametrize(
    ("facts", "mounts", "databases"),
    [
        ((sqlite("sqlite:///data/x.db"),), {"/app/data"}, ("@{volume.data}/x.db",)),
        ((sqlite("sqlite:////var/lib/shop/x.db?a=1"),), {"/var/lib/shop"}, ("@{volume.var-lib-shop}/x.db",)),
        ((sqlite("sqlite:///x.db"),), {"/app/data"}, ("@{volume.data}/x.db",)),
        ((sqlite("sqlite:///"),), {"/app/data"}, ("@{volume.data}/app.db",)),
        ((sqlite("sqlite:///:memory:"), sqlite(None)), set(), ()),
        ((sqlite("sqlite:///data/x.db"), sqlite("sqlite:///data/x.db", None)), {"/app/data"}, ("@{volume.data}/x.db",)),
        ((WritablePath("uploads", HERE),), {"/app/uploads"}, ()),
        ((WritablePath("logs/app.log", HERE), WritablePath("logs", HERE)), {"/app/logs"}, ()),
        ((WritablePath("data/cache", HERE), WritablePath("data", HERE)), {"/app/data"}, ()),
        ((WritablePath("/tmp/x", HERE), WritablePath("app.log", HERE), WritablePath("/", HERE)), set(), ()),
        ((WritablePath("/srv/files", HERE),), {"/srv/files"}, ()),
    ],
)
def test_what_is_written_lies_on_volumes(facts: tuple[Fact, ...], mounts: set[str], databases: tuple[str, ...]) -> None:
    kept = storage(given(*facts))
    assert {mount.path for mount in kept.mounts} == mounts
    assert kept.databases == databases
    assert {mount.volume for mount in kept.mounts} == {volume.name for volume in kept.volumes}


def test_a_database_beside_the_code_that_nothing_can_move_is_refused() -> None:
    with pytest.raises(UserError, match=r"shop/settings.py:4: the database file x.db lies beside the code"):
        stack(*SHOP, sqlite("sqlite:///x.db", None))


# --- variables


def value(name: str, *facts: Fact, environment: EnvironmentName = "prod") -> Assignment:
    found = service("api", *SHOP, *facts, environment=environment).environment
    return next(each for each in found if each.name == name)


def test_the_user_sets_what_the_stack_does_not() -> None:
    found = value("PAGE", Variable("PAGE", "10", False, False, "int", HERE))
    assert (found.value, found.settable, found.because.seen) == ("10", True, HERE)


def test_a_secret_has_no_default_in_any_file() -> None:
    assert value("OPENAI_KEY", Variable("OPENAI_KEY", "changeme", False, True, "str", HERE)).value is None


@pytest.mark.parametrize(("default", "in_dev"), [("INFO", "DEBUG"), ("info", "debug"), ("7", "7"), (None, None)])
def test_dev_logs_more(default: str | None, in_dev: str | None) -> None:
    variable = Variable("SHOP_LOG_LEVEL", default, False, False, "str", HERE)
    assert value("SHOP_LOG_LEVEL", variable, environment="dev").value == in_dev
    assert value("SHOP_LOG_LEVEL", variable).value == default


def test_a_redis_without_variable_is_there_all_the_same() -> None:
    assert stack(*SHOP, Backend("redis", None, None, HERE)).service("api").needs == (Need("redis"),)


# --- build


@pytest.mark.parametrize(
    ("facts", "said", "version"),
    [
        ((), "", "3.13"),
        ((PythonVersion(">=3.12", False, HERE),), "", "3.12"),
        ((PythonVersion(">=3.9", False, HERE),), "", "3.11"),
        ((PythonVersion("==3.10.*", False, HERE),), "", "3.10"),
        ((PythonVersion(">=3.11", False, HERE), PythonVersion("3.12.4", True, HERE)), "", "3.12"),
        ((PythonVersion("3.12", True, HERE),), 'python = "3.14"', "3.14"),
        ((PythonVersion("python-3.11.9", True, HERE),), "", "3.11"),
    ],
)
def test_the_python_line(facts: tuple[Fact, ...], said: str, version: str) -> None:
    assert interpreter.python(given(*facts, said=said)).version == version


@pytest.mark.parametrize(
    ("facts", "said", "words"),
    [
        ((PythonVersion(">=4", False, HERE),), "", "no Python that we know fits"),
        ((PythonVersion(">=three", False, HERE),), "", "cannot be understood"),
        ((PythonVersion("2.7", True, HERE),), "", r"shop/settings.py:4: Python '2.7' is none that we know"),
        ((), 'python = "9"', "stackproof.toml:1: Python '9'"),
    ],
)
def test_a_python_that_there_is_not_is_refused(facts: tuple[Fact, ...], said: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        interpreter.python(given(*facts, said=said))


def test_a_python_without_support_is_noted() -> None:
    assert "Python version" in [note.about for note in stack(*SHOP, PythonVersion("3.10", True, HERE)).notes]
    assert "Python version" in [note.about for note in stack(*SHOP, said='python = "3.10"').notes]
    assert stack(*SHOP).notes == ()


UV = Installer("uv", "pyproject.toml", "uv.lock", None, (), HERE)
POETRY = Installer("poetry", "pyproject.toml", "poetry.lock", None, (), HERE)


def test_the_settings_choose_between_locks() -> None:
    facts = (POETRY, UV, ROOT, FLASK, READY)
    assert stack(*facts).build.install.tool == "poetry"
    assert stack(*facts).build.install.tool_version == "2.5.1"
    install = stack(*facts, said='installer = "uv"').build.install
    assert (install.tool, install.tool_version, install.inputs) == ("uv", None, ("pyproject.toml", "uv.lock"))
    with pytest.raises(UserError, match=r"stackproof.toml:1: installer is 'pip', but the project has no file of it"):
        stack(*facts, said='installer = "pip"')


def test_pip_reads_the_files_that_its_files_include() -> None:
    facts = (*SHOP, asks("flask", path="base.txt"), asks("pytest", "dev", "dev.txt"), asks("x", path="pyproject.toml"))
    assert stack(*facts).build.install.inputs == ("requirements.txt", "base.txt")
    assert stack(*facts, environment="dev").build.install.inputs == ("requirements.txt", "base.txt", "dev.txt")


def test_what_goes_into_the_image() -> None:
    root = ImportRoot("", ("shop", "run"), HERE, ("shop", "run.py"))
    src = ImportRoot("src", ("x",), HERE)
    found = stack(PIP, root, src, FLASK, READY, said='include = ["templates"]').build
    assert found.copy == ("run.py", "shop", "src", "templates")
    assert found.import_roots == ("", "src")
    assert stack(PIP, FLASK, READY).build.import_roots == ("",)


def test_dev_has_what_goes_into_the_image_from_the_host() -> None:
    assert Mount("/app/shop", source="shop", read_only=True) in service("api", *SHOP, environment="dev").mounts


# --- refusals


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ((), r"No Python project here \(memory\): no manifest was found. Looked for Poetry"),
        ((ROOT,), "no manifest was found"),
        ((PIP, ROOT), "No application found: .* in the project's folder"),
        ((PIP,), "in no import root"),
        ((PIP, ROOT, FLASK, Unreadable("bad", Place("poetry.lock", 3))), "^poetry.lock:3: bad$"),
        ((PIP, ROOT, FLASK, Unreadable("bad", Place("shop/x.py", 3))), "^shop/x.py:3: bad$"),
        (
            (Unreadable("one", Place("pyproject.toml", 1)), Unreadable("two", Place("uv.lock", 2))),
            "one\nuv.lock:2: two",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused(facts: tuple[Fact, ...], words: str) -> None:
    with pytest.raises(UserError, match=words) as refused:
        stack(*facts)
    assert refused.value.exit_code == 2
    assert refused.value.fix


@pytest.mark.parametrize("path", ["scripts/x.py", "README.md", ".env.example", "src.py"])
def test_a_broken_file_that_decides_nothing_is_noted(path: str) -> None:
    src = ImportRoot("src", ("app",), HERE)
    notes = stack(PIP, src, FLASK, READY, locked("gunicorn", "27"), Unreadable("bad", Place(path, 3))).notes
    assert [(note.about, note.chosen) for note in notes] == [("unreadable file", path)]


def test_a_broken_file_below_a_root_is_refused() -> None:
    src = ImportRoot("src", ("app",), HERE)
    with pytest.raises(UserError, match=r"src/app/x.py:1: bad"):
        stack(PIP, src, FLASK, READY, Unreadable("bad", Place("src/app/x.py", 1)))


def waiting(name: str, *needs: str) -> Service:
    return Service(name, "web", "i", False, (), needs=tuple(Need(need) for need in needs))


def test_services_that_wait_for_each_other_are_refused() -> None:
    refuse.circles((waiting("a", "b"), waiting("b")))
    with pytest.raises(UserError, match="a waits for b; b waits for a"):
        refuse.circles((waiting("a", "b"), waiting("b", "a"), waiting("c")))
    with pytest.raises(UserError, match="a waits for nobody"):
        refuse.circles((waiting("a", "nobody"),))


def test_what_detection_could_not_decide_is_passed_on() -> None:
    note = Ambiguity("web application", "a", ("a", "b"), "first", "services.api.app", HERE)
    assert note in stack(*SHOP, note).notes


# --- what the build makes


def test_what_the_build_makes_is_not_hidden_by_the_source_of_the_host() -> None:
    said = 'include = ["ml"]\nprepare = [["python", "ml/train.py"]]\nprepared = ["ml/model"]'
    planned = stack(*SHOP, said=said, environment="dev")
    assert planned.build.prepare == (("python", "ml/train.py"),)
    assert planned.build.prepared == ("ml/model",)
    assert "ml" in planned.build.copy
    assert [mount.source for mount in planned.service("api").mounts] == ["shop"]


def test_what_the_build_makes_lies_outside_of_the_code() -> None:
    with pytest.raises(UserError, match=r"stackproof.toml:1: prepared holds 'shop/model', among the code in 'shop'"):
        stack(*SHOP, said='prepared = ["shop/model"]')


def test_a_path_that_a_dockerfile_cannot_name_is_refused() -> None:
    root = ImportRoot("", ("shop",), HERE, ("my shop",))
    with pytest.raises(UserError, match="'my shop' goes into the image, and a Dockerfile cannot name it"):
        stack(PIP, root, FLASK, READY)


def test_a_folder_holds_what_is_in_it() -> None:
    assert stack(*SHOP, said='include = ["ml", "ml/data", "shop/x"]').build.copy == ("ml", "shop")
