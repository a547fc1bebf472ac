"""Settings: every value with its line, every problem at once."""

import re

import pytest

from stackproof.errors import Exit, UserError
from stackproof.model.settings import BackupSettings, EnvironmentSettings, JobSettings, Settings
from stackproof.model.source import Place, SourceTree
from stackproof.model.stack import Bounds, Metered, Pace, Shared, TaskRequest
from stackproof.plan.settings import settings
from tests.plan.small import read

TASK = """
[prove.task]
service = "api"
method = "POST"
path = "/transcripts"
body = '''
{"text": "Ada"}
name = "not a key"
'''
id_field = "id"
result_path = "/transcripts/{id}"
state_field = "state"
done_state = "done"
busy_state = "busy"
"""

FULL = f"""\
name = "tubeatlas"
python = "3.12"
installer = "uv"
uid = 1001
include = ["templates", "alembic.ini"]

[bounds]
build_seconds = 120
image_bytes = 500_000_000
ready_seconds = 12.5
task_seconds = 90
reload_seconds = 20
load_p95_ms = 250
load_error_share = 0.01

[services.api]
app = "tubeatlas.main:app"
health = "/health"
port = 9000
publish = false
memory_mb = 300
cpus = 0.5
pids = 50
grace = 20

[services.worker]
queues = ["a", "b"]
concurrency = 4
outward = true

[environments]
stage = {{ port_offset = 1, address = "0.0.0.0" }}
{TASK}
count_field = "runs"
slow_field = "text"
slow_repeat = 50
"""


def test_every_key_is_read() -> None:
    made = read(FULL)
    assert (made.name, made.python, made.installer, made.uid) == ("tubeatlas", "3.12", "uv", 1001)
    assert made.include == ("templates", "alembic.ini")
    assert made.bounds == Bounds(120.0, 500_000_000, 12.5, 90.0, 20.0, 250.0, 0.01)
    assert (made.service("api").port, made.service("api").publish, made.service("api").grace) == (9000, False, 20.0)
    assert (made.service("worker").queues, made.service("worker").outward) == (("a", "b"), True)
    assert made.environment("stage") == EnvironmentSettings(1, "0.0.0.0")
    body = '{"text": "Ada"}\nname = "not a key"\n'
    assert made.task == TaskRequest(
        "api", "POST", "/transcripts", body, "id", "/transcripts/{id}", "state", "done", "busy", "runs", "text", 50
    )


def test_what_is_not_said_is_empty() -> None:
    assert settings(SourceTree({})) == Settings()
    assert settings(SourceTree({"pyproject.toml": b"[project]\nname = 'x'\n"})) == Settings()
    made = read(TASK)
    assert made.task
    assert (made.task.count_field, made.task.slow_field, made.task.slow_repeat) == (None, None, 1)
    assert made.service("flower").port is None
    assert made.environment("dev").port_offset is None


def test_every_value_knows_its_line() -> None:
    made = read(FULL)
    assert made.place("services.api.port") == Place("stackproof.toml", 19)
    assert made.place("environments.stage.port_offset") == Place("stackproof.toml", 32)
    assert made.place("services.api.queues") is None


def test_pyproject_holds_them_too() -> None:
    text = b"[project]\nname = 'x'\n[tool.stackproof.services.api]\nport = 81\n"
    made = settings(SourceTree({"pyproject.toml": text}))
    assert made.service("api").port == 81
    assert made.place("services.api.port") == Place("pyproject.toml", 4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nmae = 'x'", "stackproof.toml:1: unknown key 'nmae'; did you mean 'name'?"),
        ("zzz = 1", "stackproof.toml:1: unknown key 'zzz'; known here: name, python"),
        ("\n[services.Api]\nport = 1", "stackproof.toml:2: the name in services.Api is 'Api': only a-z, 0-9 and -"),
        ("[services.api]\nmemory = 5", "2: unknown key 'services.api.memory'; did you mean 'memory_mb'?"),
        ("[environments.test]", "1: unknown key 'environments.test'; known here: dev, stage, prod"),
        ("prove.tsk = 1", "1: unknown key 'prove.tsk'; did you mean 'task'?"),
        ("name = 5", "stackproof.toml:1: name must be text, not a whole number"),
        ("name = ''", "name must be text, not empty"),
        ("name = 'A b'", "name is 'A b': only a-z"),
        ("installer = 'conda'", "installer must be one of poetry, uv, pip, pdm, pipenv, not 'conda'"),
        ("uid = 0", "uid is 0: must be 1 to"),
        ("uid = true", "uid must be a whole number, not true or false"),
        ("uid = 1.5", "uid must be a whole number, not a number"),
        ("include = 'x'", "include must be a list of texts"),
        ("include = ['../x']", "include holds '../x': only paths inside the project"),
        ("include = ['/etc']", "include holds '/etc'"),
        ("include = ['a b']", "include holds 'a b'"),
        ("bounds = 3", "stackproof.toml:1: bounds must be a table, not a whole number"),
        ("bounds.ready_seconds = '3'", "bounds.ready_seconds must be a number, not text"),
        ("bounds.ready_seconds = 0", "bounds.ready_seconds is 0: must be 0.1 to 3600"),
        ("bounds.ready_seconds = 2026-01-01", "must be a number, not a date or time"),
        ("services.api.health = 'health'", "services.api.health is 'health': must be a path"),
        ("services.api.health = '/a b'", "must be a path"),
        ("services.api.publish = 'no'", "must be a port of the host, or false, not text"),
        ("services.api.publish = 0", "services.api.publish is 0: must be 1 to 65535"),
        ("services.worker.outward = 1", "services.worker.outward must be true or false, not a whole number"),
        ("environments.dev.address = 'home'", "environments.dev.address is 'home': must be an IP address"),
        ("[prove.task]\nservice = 'api'", "stackproof.toml:1: prove.task.method is missing"),
        ("prove.task = 1", "prove.task must be a table"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        read(text)
    assert said in str(refused.value)
    assert refused.value.exit_code is Exit.USER
    assert "docs/settings.md" in refused.value.fix


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(UserError) as refused:
        read("nmae = 1\nuid = 'x'\n[services.api]\nport = 0\n")
    assert [line.split(":")[1] for line in str(refused.value).splitlines()] == ["1", "2", "4"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"stackproof.toml": b"a = 1\nb =\n"}, "stackproof.toml:2: not TOML: Invalid value"),
        ({"stackproof.toml": b"a = 1\nb = ["}, "stackproof.toml:2: not TOML: "),
        ({"stackproof.toml": b"a = 1\n# \xff\n"}, "stackproof.toml:2: not UTF-8: invalid start byte"),
        ({"pyproject.toml": b"[project\n"}, "pyproject.toml:1: not TOML: "),
        ({"stackproof.toml": b"", "pyproject.toml": b"[tool.stackproof]\n"}, "stand in both"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(files: dict[str, bytes], said: str) -> None:
    with pytest.raises(UserError) as refused:
        settings(SourceTree(files))
    assert said in str(refused.value)


def test_a_tool_table_that_is_none_holds_no_settings() -> None:
    assert settings(SourceTree({"pyproject.toml": b"tool = 1\n"})) == Settings()
    assert settings(SourceTree({"pyproject.toml": b"tool.stackproof = 1\n"})) == Settings()


MORE = """\
prepare = [["python", "train.py"]]
prepared = ["model"]
proxy = true
monitoring = false
secrets = { JWT_SECRET = "generated", OPENAI_API_KEY = "given" }
backup = { every_hours = 6, keep = 2 }

[services.api]
workers = 4
replicas = 3
route = "/api/"
stores = []
metrics = false
debugger = 7000

[services.pulse]
command = ["python", "pulse.py"]
metrics = "/metrics"

[environments.prod]
server_name = "shop.example"
https = 443
http = 80

[jobs.seed]
command = ["python", "seed.py"]
environments = ["dev"]
before = ["api"]

[prove]
headers = { "X-Api-Key" = "k" }

[prove.load]
rate = 50
seconds = 4
paths = ["/", "/search?q=a"]

[prove.metrics]
service = "api"
path = "/ping"
counter = "requests_total"
labels = { route = "/ping" }

[[prove.shared]]
service = "api"
path = "/notes"
body = "{}"
id_field = "id"
read = "/notes/{id}"
headers = { "X-Who" = "me" }

[[prove.shared]]
service = "api"
path = "/seen"
method = "PUT"
body = "{}"
read = "/seen"
"""


def test_every_further_key_is_read() -> None:
    made = read(MORE)
    assert (made.prepare, made.prepared) == ((("python", "train.py"),), ("model",))
    assert (made.proxy, made.monitoring, made.backup) == (True, False, BackupSettings(6.0, 2))
    assert made.secrets == {"JWT_SECRET": "generated", "OPENAI_API_KEY": "given"}
    api, pulse = made.service("api"), made.service("pulse")
    assert (api.workers, api.replicas, api.route, api.stores) == (4, 3, "/api/", ())
    assert (api.metrics, api.debugger, pulse.metrics) == (False, 7000, "/metrics")
    assert pulse.command == ("python", "pulse.py")
    assert made.environment("prod") == EnvironmentSettings(None, None, 80, 443, "shop.example")
    assert made.jobs == {"seed": JobSettings(("python", "seed.py"), ("dev",), ("api",))}
    assert made.metered == Metered("api", "/ping", "requests_total", (("route", "/ping"),))
    assert made.headers == (("X-Api-Key", "k"),)
    assert made.pace == Pace(50.0, 4.0, ("/", "/search?q=a"))
    assert made.shared == (
        Shared("api", "/notes", "{}", "/notes/{id}", "id", headers=(("X-Who", "me"),)),
        Shared("api", "/seen", "{}", "/seen", method="PUT"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("services = 1", "1: services must be a table, not a whole number"),
        ("[jobs.seed]\nbefore = ['api']", "1: jobs.seed.command is missing"),
        (
            "[prove.metrics]\npath = '/x'",
            "1: prove.metrics.service is missing\nstackproof.toml:1: prove.metrics.counter is",
        ),
        ("[[prove.shared]]\nservice = 'api'", "1: prove.shared.path is missing"),
        ("[prove.load]\nrate = 0", "2: prove.load.rate is 0: must be 0.1 to 1000"),
        ("[prove.load]\npaths = ['search']", "2: prove.load.paths is 'search': must be a path such as"),
        ("[bounds]\nload_error_share = 2", "2: bounds.load_error_share is 2: must be 0 to 1"),
        (
            "[[prove.shared]]\nservice = 'api'\npath = '/n'\nbody = '{}'\nread = '/n/{id}'",
            "5: prove.shared.read holds {id} if, and only if, there is an id_field",
        ),
        ("prove.shared = 1", "prove.shared must be a list of tables ([[prove.shared]]), not a whole number"),
        ("prepare = ['a']", 'prepare must be a list of commands: [["python", "train.py"]]'),
        ("prove.headers = 1", "prove.headers must be a table of texts"),
        ("environments.prod.server_name = 'A b'", "server_name is 'A b': must be a host name"),
        ("services.api.metrics = 'x'", """services.api.metrics is 'x': must be a path such as "/health\""""),
        ("secrets.KEY = 'x'", "secrets.KEY must be one of generated, given, unset, not 'x'"),
    ],
)
def test_further_values_that_cannot_be_are_refused(text: str, said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        read(text)


def test_advisories_and_from_which_severity_on_they_count() -> None:
    found = settings(SourceTree({"stackproof.toml": b'[prove]\nadvisories = "osv"\n[bounds]\nseverity = "high"\n'}))
    assert (found.advisories, found.bounds.severity) == ("osv", "high")
