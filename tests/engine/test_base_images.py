"""The base images that rendered files name do what those files count on, published or stand-in."""

import http.client
import json
import re
import ssl
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.engine.containers import Container, Said, network, once, started, volume
from tests.listed_bases import image

pytestmark = pytest.mark.engine
NODE, POSTGRES, NGINX, REDIS = (image(name) for name in ("node", "postgres", "nginx", "redis"))
PROMETHEUS = image("prom/prometheus")
AS_POSTGRES = ("--user", "999:999", "--tmpfs", "/var/run/postgresql:mode=3777")
AS_NGINX = ("--user", "101:101")
_PASSWORD = 'it\'s $HOME "and" \\ # : @ % more'


@pytest.fixture
def net() -> Iterator[str]:
    with network() as name:
        yield name


def given(folder: Path, name: str, text: str, target: str) -> tuple[str, ...]:
    """Options that put a file into a container, where any user may read it."""
    path = folder / name
    path.write_text(text)
    path.chmod(0o644)
    return ("--mount", f"type=bind,source={path},target={target},readonly")


def fetched(url: str, trusted: str | None = None) -> str:
    """The page, or nothing as long as nobody answers; TLS only with this certificate."""
    context = ssl.create_default_context(cadata=trusted) if trusted else None
    directly = (urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with urllib.request.build_opener(*directly).open(url, timeout=10) as answer:
            return str(answer.read().decode())
    except (OSError, http.client.HTTPException):
        return ""


# ---- node


def test_node_runs_as_its_user_and_has_npm() -> None:
    options = ("--user", "1000:1000")
    said = once(NODE, "-e", "console.log(require('os').userInfo().username, 6 * 7)", options=options)
    assert (said.code, said.output) == (0, "node 42\n"), said.errors
    assert once(NODE, "sh", "-c", "node -p process.versions.node", options=options).output.startswith("24.")
    for program in ("npm", "npx"):
        assert re.match(r"\d+\.\d+\.\d+\n", once(NODE, program, "--version", options=options).output)


# ---- postgres


def test_postgres_makes_its_database_from_secrets_and_scripts_and_keeps_it(tmp_path: Path, net: str) -> None:
    with volume() as data:
        options = (
            *(
                "--network",
                net,
                "--network-alias",
                "db",
                "--mount",
                f"type=volume,source={data},target=/var/lib/postgresql/data",
            ),
            *(
                "--env",
                "POSTGRES_USER=shop",
                "--env",
                "POSTGRES_DB=goods",
                "--env",
                "POSTGRES_PASSWORD_FILE=/run/secrets/pw",
            ),
            *given(tmp_path, "pw", f"{_PASSWORD}\n", "/run/secrets/pw"),
            *given(tmp_path, "it.sql", "CREATE TABLE t AS SELECT 7 AS n;", "/docker-entrypoint-initdb.d/it.sql"),
            *AS_POSTGRES,
        )
        with started(POSTGRES, "-c", "max_connections=33", options=options) as server:
            server.eventually("pg_isready", "--host", "127.0.0.1", "--username", "shop", says="accepting")
            assert asked(net, "SELECT n FROM t; SHOW max_connections", _PASSWORD) == "7\n33\n"
            refused = psql(net, "SELECT 1", "wrong")
            assert (refused.code, "password authentication failed" in refused.errors) == (2, True), refused
            assert asked(net, "INSERT INTO t VALUES (8) RETURNING n", _PASSWORD) == "8\n"
            assert server.stop() == 0
            assert _PASSWORD not in server.output()
        with started(POSTGRES, options=options) as server:
            server.eventually("pg_isready", "--host", "127.0.0.1", "--username", "shop", says="accepting")
            assert asked(net, "SELECT sum(n) FROM t", _PASSWORD) == "15\n"
            assert "Skipping initialization" in server.output()


def test_postgres_refuses_an_empty_database_without_a_password() -> None:
    said = once(POSTGRES, options=AS_POSTGRES)
    assert (said.code, "superuser password is not specified" in said.errors) == (1, True), said


def psql(net: str, query: str, password: str) -> Said:
    options = ("--network", net, "--env", f"PGPASSWORD={password}", *AS_POSTGRES)
    words = (
        "psql",
        "--host",
        "db",
        "--username",
        "shop",
        "--dbname",
        "goods",
        "--quiet",
        "--tuples-only",
        "--no-align",
    )
    return once(POSTGRES, *words, "--command", query, options=options)


def asked(net: str, query: str, password: str) -> str:
    said = psql(net, query, password)
    assert said.code == 0, said.errors
    return said.output


# ---- nginx

_PROXY = """
pid /tmp/nginx.pid;
error_log /dev/stderr notice;
events {}
http {
    client_body_temp_path /tmp/body;
    proxy_temp_path /tmp/proxy;
    fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi;
    scgi_temp_path /tmp/scgi;
    access_log /dev/stdout;
    include /etc/nginx/mime.types;
    resolver 127.0.0.11 valid=1s;
    upstream back {
        zone back 64k;
        server back:8000 resolve;
    }
    server {
        listen 8443 ssl;
        ssl_certificate /run/secrets/cert;
        ssl_certificate_key /run/secrets/key;
        location / { proxy_pass http://back; }
    }
    server {
        listen 8080;
        location = /stub_status { stub_status; }
        location / { return 301 https://$host$request_uri; }
    }
}
"""
_BACK = "require('http').createServer((q, a) => a.end('from behind')).listen(8000)"


def test_nginx_ends_tls_and_finds_a_server_that_comes_later(tmp_path: Path, net: str) -> None:
    certificate, key = pair()
    options = (
        *("--network", net, "--publish", "127.0.0.1::8443"),
        *given(tmp_path, "nginx.conf", _PROXY, "/etc/nginx/nginx.conf"),
        *given(tmp_path, "cert", certificate, "/run/secrets/cert"),
        *given(tmp_path, "key", key, "/run/secrets/key"),
        *AS_NGINX,
    )
    tested = once(NGINX, "nginx", "-t", options=options)
    assert (tested.code, "test is successful" in tested.errors) == (0, True), tested
    with started(NGINX, options=options) as proxy:
        proxy.eventually("wget", "-q", "-O", "-", "http://127.0.0.1:8080/stub_status", says="Active connections")
        back = ("--network", net, "--network-alias", "back", "--user", "1000:1000")
        with started(NODE, "-e", _BACK, options=back):
            url = f"https://localhost:{proxy.port(8443)}/found"
            proxy.until(lambda: fetched(url, certificate) == "from behind", "the server behind")
        assert proxy.stop() == 0
        assert '"GET /found HTTP/1.1" 200' in proxy.output()


def test_nginx_fills_templates_and_knows_the_name_servers(tmp_path: Path, net: str) -> None:
    template = "resolver ${NGINX_LOCAL_RESOLVERS}; # ${COLOUR} $host"
    options = (
        *("--network", net, "--env", "COLOUR=blue", "--env", "NGINX_ENTRYPOINT_LOCAL_RESOLVERS=1"),
        *("--env", "NGINX_ENVSUBST_OUTPUT_DIR=/tmp", "--env", "NGINX_ENTRYPOINT_QUIET_LOGS=1"),
        *given(tmp_path, "it", template, "/etc/nginx/templates/it.conf.template"),
        *given(tmp_path, "nginx.conf", _IDLE, "/etc/nginx/nginx.conf"),
        *AS_NGINX,
    )
    with started(NGINX, options=options) as server:
        server.eventually("cat", "/tmp/it.conf", says="resolver 127.0.0.11; # blue $host")


_IDLE = "pid /tmp/nginx.pid; error_log /dev/stderr; events {}"


def pair() -> tuple[str, str]:
    """A certificate for localhost and its key, from the programs in the database's image."""
    words = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    said = once(POSTGRES, "sh", "-c", f"{words} -keyout - -out -", options=AS_POSTGRES)
    found = re.findall(r"-----BEGIN (.+?)-----.+?-----END .+?-----\n", said.output, re.DOTALL)
    blocks = re.findall(r"-----BEGIN .+?-----.+?-----END .+?-----\n", said.output, re.DOTALL)
    by_kind = dict(zip(found, blocks, strict=True))
    return by_kind["CERTIFICATE"], by_kind["PRIVATE KEY"]


# ---- prometheus and its exporters

_SCRAPE = """
global: {scrape_interval: 1s}
rule_files: [/etc/prometheus/rules.yml]
scrape_configs:
  - job_name: prometheus
    static_configs: [{targets: ["127.0.0.1:9090"]}]
  - job_name: redis
    static_configs: [{targets: ["redis-exporter:9121"]}]
  - job_name: postgres
    static_configs: [{targets: ["postgres-exporter:9187"]}]
  - job_name: nginx
    static_configs: [{targets: ["nginx-exporter:9113"]}]
"""
_RULES = """
groups:
  - name: all
    rules:
      - alert: Down
        expr: up == 0
        for: 1m
"""
_STATUS = """
pid /tmp/nginx.pid;
events {}
http {
    client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;
    server { listen 8080; location = /stub_status { stub_status; } }
}
"""


def test_prometheus_sees_every_server_through_its_exporter(tmp_path: Path, net: str) -> None:
    options = (
        *("--network", net, "--user", "65534:65534", "--publish", "127.0.0.1::9090"),
        *given(tmp_path, "prometheus.yml", _SCRAPE, "/etc/prometheus/prometheus.yml"),
        *given(tmp_path, "rules.yml", _RULES, "/etc/prometheus/rules.yml"),
    )
    checked = once(
        PROMETHEUS, "check", "config", "/etc/prometheus/prometheus.yml", options=("--entrypoint", "promtool", *options)
    )
    assert (checked.code, "1 rules found" in checked.output) == (0, True), checked
    with ExitStack() as stack:
        watched(stack, tmp_path, net)
        prometheus = stack.enter_context(started(PROMETHEUS, options=options))
        prometheus.eventually("wget", "-q", "-O", "-", "http://127.0.0.1:9090/-/ready", says="Ready")
        for query, value in (("sum(up)", "4"), ("redis_up", "1"), ("pg_up", "1"), ("nginx_up", "1")):
            prometheus.until(partial(_answers, prometheus, query, value), f"{query} is {value}")
        assert prometheus.stop() == 0


def watched(stack: ExitStack, tmp_path: Path, net: str) -> None:
    """Three servers and their exporters."""

    def start(name: str, image: str, *words: str, options: tuple[str, ...]) -> Container:
        joined = ("--network", net, "--network-alias", name)
        return stack.enter_context(started(image, *words, options=(*joined, *options)))

    status = given(tmp_path, "status.conf", _STATUS, "/etc/nginx/nginx.conf")
    secret = given(
        tmp_path, "pw", _PASSWORD.replace(" ", "_"), "/run/secrets/pw"
    )  # a space is too much for its exporter
    start("nginx", NGINX, options=(*status, *AS_NGINX))
    start("redis", REDIS, "--save", "", "--requirepass", "secret", options=("--user", "999:1000"))
    start("db", POSTGRES, options=("--env", "POSTGRES_PASSWORD_FILE=/run/secrets/pw", *secret, *AS_POSTGRES))
    uri = "--nginx.scrape-uri=http://nginx:8080/stub_status"
    start("nginx-exporter", image("nginx/nginx-prometheus-exporter"), uri, options=("--user", "1001:1001"))
    address = ("--env", "REDIS_ADDR=redis://redis:6379", "--env", "REDIS_PASSWORD=secret")
    start("redis-exporter", image("oliver006/redis_exporter"), options=("--user", "59000:59000", *address))
    source = (
        "DATA_SOURCE_URI=db:5432/postgres?sslmode=disable",
        "DATA_SOURCE_USER=postgres",
        "DATA_SOURCE_PASS_FILE=/run/secrets/pw",
    )
    environment = (word for value in source for word in ("--env", value))
    exporter = image("prometheuscommunity/postgres-exporter")
    start("postgres-exporter", exporter, options=("--user", "65534:65534", *environment, *secret))


def _answers(prometheus: Container, query: str, value: str) -> bool:
    """Whether the query finds one series, with this value."""
    page = fetched(f"http://127.0.0.1:{prometheus.port(9090)}/api/v1/query?query={urllib.parse.quote(query)}")
    found = json.loads(page)["data"]["result"] if page else []
    return [series["value"][1] for series in found] == [value]
