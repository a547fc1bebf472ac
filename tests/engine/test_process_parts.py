"""The process runtime with the parts of a larger stack: PostgreSQL, a guarded Redis, jobs, secrets."""

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from stackproof.errors import BuildFailed, NotHealthy, Unmeasurable
from stackproof.model.parts import Because, Database, Proxy, Route, Secret
from stackproof.model.running import Progress, Site
from stackproof.model.stack import Assignment, Health, Mount, Need, Publish, Service, Stack, Volume
from stackproof.run.process.running import ProcessRunning
from stackproof.run.process.runtime import ProcessRuntime
from stackproof.tools import http, secret_files
from tests.engine import process_stacks as tiny
from tests.engine.commands import PATIENCE

pytestmark = pytest.mark.process

WHY = Because("a test")
SECRETS = (
    Secret("postgres-password", "password", WHY, generated=True),
    Secret("redis-password", "password", WHY, generated=True),
    Secret("redis-acl", "redis-acl", WHY, source="redis-password"),
)
SHOWN = """
import http.server, json, os, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())
    def log_message(self, *parts):
        pass
http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Answer).serve_forever()
"""


def postgres() -> Service:
    values = {
        "POSTGRES_USER": "shop", "POSTGRES_DB": "shop_db",
        "POSTGRES_PASSWORD_FILE": "@{secret.postgres-password}",
    }  # fmt: skip
    return Service(
        "postgres", "store", "postgres:17-trixie", False,
        ("postgres", "-c", "listen_addresses=@{self.bind}", "-c", "port=@{self.port}", "-c", "max_connections=50"),
        environment=tuple(Assignment(name, value, settable=False) for name, value in values.items()),
        port=5432, health=Health("postgres", "", 5432, interval=0.2, timeout=2.0, start_interval=0.05),
        mounts=(Mount("/var/lib/postgresql/data", volume="postgres"),), secrets=("postgres-password",),
        scratch=("/var/run/postgresql",), software="postgres", grace=30.0,
    )  # fmt: skip


def redis() -> Service:
    plain = tiny.redis()
    return replace(
        plain, command=(*plain.command, "--aclfile", "@{secret.redis-acl}"), software="redis", secrets=("redis-acl",)
    )


def shown(**environment: str) -> Service:
    """A web service that answers with its environment; not published, but behind the proxy."""
    return Service(
        "api", "web", "tiny", True, ("python", "shown.py", "@{self.bind}", "@{self.port}"), port=8000,
        environment=tuple(Assignment(name, value, settable=False) for name, value in environment.items()),
        health=Health("http", "/", 8000, interval=0.2, timeout=5.0, start_interval=0.05), grace=2.0,
    )  # fmt: skip


def job(name: str, script: str, *needs: Need) -> Service:
    return Service(
        name, "job", "tiny", True, ("python", "-c", script), needs=needs, restart="no", one_shot=True,
    )  # fmt: skip


def stack(*services: Service) -> Stack:
    return replace(
        tiny.stack(*services),
        volumes=(Volume("redis", WHY), Volume("postgres", WHY)),
        secrets=SECRETS,
        database=Database("postgres", "shop", "shop_db", "postgres-password", 50),
    )


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = tiny.project(tmp_path / "shop")
    (site.root / "shown.py").write_text(SHOWN)
    health = site.root / "deploy/health"
    health.mkdir(parents=True)
    source = Path(__file__).parents[2] / "src/stackproof/render/health/stackproof_start.py"
    (health / "stackproof_start.py").write_text(source.read_text())
    return site


@contextmanager
def up(stack: Stack, site: Site, told: list[Progress] | None = None) -> Iterator[ProcessRunning]:
    secret_files.make_for_proof(site.root, stack)
    runtime = ProcessRuntime()
    running = runtime.up(stack, site, told.append if told is not None else tiny.quiet)
    try:
        yield running
    finally:
        runtime.down(stack, site, tiny.quiet, volumes=True)
        assert tiny.belonging(site.state) == []


def sql(running: ProcessRunning, text: str) -> str:
    done = running.run("postgres", ("psql", "-U", "shop", "-d", "shop_db", "-Atc", text))
    assert done.exit_code == 0, done.errors
    return done.output.strip()


def test_postgresql_keeps_its_data_over_a_restart_and_a_kill(site: Site) -> None:
    with up(stack(postgres()), site) as running:
        assert sql(running, "show max_connections") == "50"
        assert sql(running, "show server_encoding") == "UTF8"
        sql(running, "create table shoes (size int); insert into shoes values (42)")
        stopped = running.stop("postgres")
        assert (stopped.exit_code, stopped.killed) == (0, False)
        running.start("postgres")
        assert running.wait_for("postgres", "healthy", PATIENCE) is not None
        running.kill("postgres")
        assert running.wait_for("postgres", "healthy", PATIENCE) is not None
        assert sql(running, "select size from shoes") == "42"


def test_postgresql_wants_its_password_and_runs_without_roots_rights(site: Site) -> None:
    with up(stack(postgres()), site) as running:
        wrong = ("psql", "-w", "-U", "shop", "-d", "shop_db", "-c", "select 1")
        done = running.run("postgres", ("env", "-u", "PGPASSFILE", *wrong))
        assert done.exit_code == 2
        assert "password" in done.errors
        pid = next(state.pid for state in running.states())
        uid = int(
            next(line.split()[1] for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "Uid:" in line)
        )
        assert uid != 0


def test_an_open_connection_does_not_hold_up_the_stop(site: Site) -> None:
    with up(stack(postgres()), site) as running:
        waiting = ("sh", "-c", "psql -U shop -d shop_db -Atc 'select pg_sleep(600)'")
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(running.run, "postgres", waiting, 120.0)
            count = "select count(*) from pg_stat_activity where query like 'select pg_sleep%'"
            until = time.monotonic() + 60
            while sql(running, count) != "1" and time.monotonic() < until:
                time.sleep(0.05)
            assert not running.stop("postgres").killed
            assert asked.result().exit_code != 0


def test_a_guarded_redis_answers_its_probe_and_refuses_strangers(site: Site) -> None:
    client = "import os, socket; s = socket.create_connection(('127.0.0.1', int(os.environ['PORT']))); "
    client += "s.sendall(b'GET x\\r\\n'); print(s.recv(99).decode())"
    asking = shown(PORT="@{redis.port}")
    with up(stack(redis(), asking), site) as running:
        assert {state.health for state in running.states()} == {"healthy"}
        assert "NOAUTH" in running.run("api", ("python", "-c", client)).output


def test_secrets_reach_the_process_as_files_and_inside_urls(site: Site) -> None:
    url = "redis://:@{reveal.redis-password}@{at}@{redis.host}:@{redis.port}/0"
    api = shown(URL=url, FILE="@{secret.redis-password}")
    planned = replace(stack(redis(), api), proxy=Proxy("proxy", (Route("/", "api"),), "_", 8443, "/health", "api"))
    with up(planned, site) as running:
        environment = json.loads(http.request("GET", running.address("api")).body)
        password = secret_files.text(Path(environment["FILE"]))
        assert len(password) == 64
        from urllib.parse import unquote, urlsplit

        assert unquote(urlsplit(environment["URL"]).password or "") == password
        printed = running.run("api", ("python", "-c", "import os; print(os.environ['URL'])")).output.strip()
        assert printed == environment["URL"]
        kept = (site.state / "state.json").read_text()
        assert password not in kept


def test_a_job_runs_before_what_needs_it_and_again_at_each_up(site: Site) -> None:
    counting = "open('ran', 'a').write('x')"
    migrate = job("migrate", counting)
    api = replace(shown(), needs=(Need("migrate", "completed"),))
    planned = stack(migrate, api)
    with up(planned, site) as running:
        assert (site.root / "ran").read_text() == "x"
        states = {state.name: state for state in running.states()}
        assert (states["migrate"].status, states["migrate"].exit_code) == ("exited", 0)
        pid = states["api"].pid
        again = ProcessRuntime().up(planned, site, tiny.quiet)
        assert (site.root / "ran").read_text() == "xx"
        assert {state.name: state for state in again.states()}["api"].pid == pid


def test_a_job_that_fails_fails_the_start_with_its_last_lines(site: Site) -> None:
    migrate = job("migrate", "raise SystemExit('no such revision')")
    api = replace(shown(), needs=(Need("migrate", "completed"),))
    with (
        pytest.raises(NotHealthy, match="migrate failed with exit code 1\nno such revision"),
        up(stack(migrate, api), site),
    ):
        pass
    assert tiny.belonging(site.state) == []


def test_what_cannot_run_is_left_out_by_name(site: Site) -> None:
    proxy = Service(
        "proxy", "proxy", "nginx", False, ("nginx",), port=8443, publish=Publish("127.0.0.1", 1, 8443, "https"),
        needs=(Need("api"),), software="nginx",
    )  # fmt: skip
    jaeger = Service("jaeger", "observe", "jaeger", False, (), port=4317, software="jaeger")
    api = shown(TRACES="http://@{jaeger.host}:@{jaeger.port}", REST="kept")
    planned = replace(
        stack(proxy, jaeger, api), proxy=Proxy("proxy", (Route("/", "api"),), "_", 8443, "/health", "api")
    )
    told: list[Progress] = []
    with up(planned, site, told) as running:
        assert [step.text for step in told if step.about == "left out"] == [
            "jaeger: Jaeger runs in a container only; proxy: nginx runs in a container only"
        ]
        assert set(running.left_out) == {"proxy", "jaeger"}
        assert [service.name for service in running.stack.services] == ["api"]
        assert running.stack.proxy is None
        environment = json.loads(http.request("GET", running.address("api")).body)
        assert environment["REST"] == "kept"
        assert "TRACES" not in environment
        found = ProcessRuntime().attach(planned, site)
        assert found is not None
        assert found.left_out == running.left_out
        with pytest.raises(Unmeasurable, match="one process of api"):
            running.kill("api", replica=2)


def test_a_scratch_folder_is_the_services_own(site: Site) -> None:
    api = replace(shown(CACHE="/var/cache/shop/x"), scratch=("/var/cache/shop",))
    planned = replace(stack(api), proxy=Proxy("proxy", (Route("/", "api"),), "_", 8443, "/health", "api"))
    with up(planned, site) as running:
        environment = json.loads(http.request("GET", running.address("api")).body)
        folder = Path(environment["CACHE"]).parent
        assert folder.is_dir()
        assert folder.is_relative_to(site.state.resolve())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
def test_a_child_without_roots_rights_still_enters_our_folders(tmp_path: Path) -> None:
    import subprocess

    from stackproof.run.process import rights

    tmp_path.chmod(0o700)
    script = f"import os; print(os.getuid(), os.path.isdir({str(tmp_path / 'x')!r}))"
    (tmp_path / "x").mkdir()
    done = subprocess.run(
        ("python3", "-c", script), preexec_fn=rights.give_up, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == [str(rights.owner()[0]), "True"]


def test_what_the_build_makes_is_there_and_the_project_stays_as_it_is(site: Site) -> None:
    (site.root / "train.py").write_text("import os; os.mkdir('model'); open('model/weights', 'w').write('42')")
    show = "import sys, pathlib; sys.exit(pathlib.Path('/app/model/weights'.replace('/app', '.')).read_text() != '42')"
    build = replace(tiny.BUILD, copy=("shown.py", "train.py"), prepare=(("python", "train.py"),), prepared=("model",))
    for target in ("runtime", "dev"):
        planned = replace(stack(job("look", show)), build=replace(build, target=target))
        with up(planned, site) as running:
            assert running.logs("look") == ""
    assert not (site.root / "model").exists()
    broken = replace(stack(), build=replace(build, prepare=(("python", "train.py"), ("python", "train.py"))))
    with pytest.raises(BuildFailed, match=r"could not be made: python train\.py"):
        ProcessRuntime().up(broken, site, tiny.quiet)
