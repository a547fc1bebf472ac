"""The proxy of each environment as nginx configuration: TLS, routes, cache, limits, and headers that no block loses."""

from collections.abc import Iterator, Mapping

from stackproof.model.artifacts import Artifact
from stackproof.model.parts import Proxy, Route
from stackproof.model.stack import EnvironmentName, Service, Stack

_SECRETS = "/run/secrets"
_YEAR = 31_536_000  # seconds
# A replica that is back must be believed before the next one stops, or a rolling restart meets "no live upstreams".
_DISTRUST = "max_fails=3 fail_timeout=1s"

# What every answer carries; nginx drops inherited ones in a block that adds its own, so each block includes this file.
_HEADERS = (
    ("Strict-Transport-Security", f"max-age={_YEAR}"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Request-ID", "$request_id"),
)

# Besides text/html, which nginx always takes. What is missing is compressed already: pictures, fonts as woff2.
_TEXTS = (
    "text/css", "text/javascript", "application/javascript", "application/json", "application/manifest+json",
    "application/wasm", "image/svg+xml", "text/plain", "font/ttf",
)  # fmt: skip


def folder(name: EnvironmentName) -> str:
    return f"deploy/nginx/{name}"


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    for stack in stacks.values():
        if stack.proxy:
            here = folder(stack.environment)
            yield Artifact(f"{here}/nginx.conf", "\n".join(_main(stack, stack.proxy)) + "\n")
            yield Artifact(f"{here}/headers.conf", "\n".join(_headers()) + "\n")
            yield Artifact(f"{here}/forward.conf", "\n".join(_forward()) + "\n")


def _main(stack: Stack, proxy: Proxy) -> Iterator[str]:
    yield "# Written by stackproof; change stackproof.toml and render again."
    yield "worker_processes auto;"
    yield "pid /tmp/nginx.pid;"
    yield "error_log /dev/stderr warn;"
    yield from _block("events", ["worker_connections 1024;"])
    yield ""
    yield from _block("http", _http(stack, proxy))


def _http(stack: Stack, proxy: Proxy) -> Iterator[str]:
    yield "include /etc/nginx/mime.types;"
    yield "default_type application/octet-stream;"
    yield "server_tokens off;"
    yield "sendfile on;"
    yield f"client_max_body_size {proxy.body_mb}m;"
    for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        yield f"{kind}_temp_path /tmp/{kind};"
    yield ""
    yield from _log()
    yield ""
    yield "# The engine's own name server: an address is asked for anew, so a replaced container is found again."
    yield "resolver 127.0.0.11 valid=1s ipv6=off;"
    yield "resolver_timeout 2s;"
    for name in _names(proxy):
        yield from _upstream(stack.service(name), _sticky(proxy, name))
    yield ""
    yield from _block("map $http_upgrade $connection_upgrade", ["default upgrade;", "'' '';"])
    yield f"limit_req_zone $binary_remote_addr zone=clients:10m rate={proxy.rate:g}r/s;"
    yield "limit_req_status 429;"
    if any(route.cached for route in proxy.routes):
        yield "proxy_cache_path /tmp/cache levels=1:2 keys_zone=files:10m max_size=64m inactive=1h use_temp_path=off;"
    yield ""
    yield from _tls(stack, proxy)
    yield ""
    yield from _redirect(stack, proxy)
    yield ""
    yield from _inside(stack, proxy)


def _names(proxy: Proxy) -> tuple[str, ...]:
    """The services behind it."""
    return tuple(dict.fromkeys([*(route.service for route in proxy.routes), proxy.health_service]))


def _log() -> Iterator[str]:
    fields = (
        ("time", "$time_iso8601"), ("request_id", "$request_id"), ("client", "$remote_addr"), ("host", "$host"),
        ("method", "$request_method"), ("uri", "$uri"), ("status", "$status"), ("bytes", "$body_bytes_sent"),
        ("seconds", "$request_time"), ("upstream", "$upstream_addr"), ("upstream_status", "$upstream_status"),
        ("cache", "$upstream_cache_status"),
    )  # fmt: skip
    yield "# No query strings: they may hold what nobody should read in a log."
    yield "log_format json escape=json '{'"
    yield from (f'    \'"{name}":"{value}"{"," if name != "cache" else ""}\'' for name, value in fields)
    yield "    '}';"
    yield "access_log /dev/stdout json;"


def _sticky(proxy: Proxy, service: str) -> bool:
    return any(route.sticky for route in proxy.routes if route.service == service)


def _upstream(service: Service, sticky: bool) -> Iterator[str]:
    yield ""
    yield from _block(
        f"upstream {service.name}",
        [
            f"zone {service.name} 64k;",
            *(["ip_hash;"] if sticky else []),
            f"server {service.name}:{service.port} resolve {_DISTRUST};",
            *([] if sticky else ["keepalive 16;"]),
        ],
    )


def _tls(stack: Stack, proxy: Proxy) -> Iterator[str]:
    yield from _block("server", _tls_server(stack, proxy))


def _tls_server(stack: Stack, proxy: Proxy) -> Iterator[str]:
    yield f"listen {stack.service(proxy.service).port} ssl default_server;"
    yield "http2 on;"
    yield f"server_name {proxy.server_name};"
    yield f"ssl_certificate {_SECRETS}/{proxy.certificate};"
    yield f"ssl_certificate_key {_SECRETS}/{proxy.key};"
    yield "ssl_protocols TLSv1.2 TLSv1.3;"
    yield "ssl_session_cache shared:tls:5m;"
    yield "ssl_session_tickets off;"
    yield "# For what is refused before a block is chosen."
    yield "include headers.conf;"
    yield ""
    yield "# Asks the application; counted against no limit."
    yield from _block(
        f"location = {proxy.health}",
        [
            "include headers.conf;",
            "include forward.conf;",
            f"error_page 502 = @{proxy.health_service};",
            f"proxy_pass http://{proxy.health_service};",
        ],
    )
    for route in proxy.routes:
        yield from _block(f"location {route.prefix}", _location(proxy, route))
    yield ""
    yield "# Once more from the start: where an address has changed while another one was tried, nginx gives up (502)."
    for name in _names(proxy):
        yield from _block(f"location @{name}", _again(name))


def _location(proxy: Proxy, route: Route) -> Iterator[str]:
    yield "include headers.conf;"
    yield "include forward.conf;"
    if route.limited:
        yield f"limit_req zone=clients burst={proxy.burst} nodelay;"
    if route.websocket:
        yield "# A connection that says nothing for an hour is closed."
        yield "proxy_read_timeout 1h;"
        yield "proxy_send_timeout 1h;"
    if route.cached:
        yield "proxy_cache files;"
        yield "proxy_cache_valid 200 1h;"
        yield "proxy_cache_lock on;"
        yield "proxy_cache_use_stale error timeout updating http_502 http_503 http_504;"
        yield "add_header X-Cache $upstream_cache_status always;"
        yield from _compressed()
    if not route.websocket:
        yield f"error_page 502 = @{route.service};"
    yield f"proxy_pass http://{route.service};"


def _compressed() -> Iterator[str]:
    """Files that are the same for everybody, and no other answer: https://www.breachattack.com shows why."""
    yield "# One copy is kept, as it is. Nothing else is compressed here: its length could tell a secret in it."
    yield 'proxy_set_header Accept-Encoding "";'
    yield "gzip on;"
    yield "gzip_vary on;"
    yield "gzip_proxied any;"
    yield "gzip_min_length 1024;"
    yield f"gzip_types {' '.join(_TEXTS)};"


def _again(service: str) -> Iterator[str]:
    yield "include headers.conf;"
    yield "include forward.conf;"
    yield from _block("if ($request_method !~ ^(GET|HEAD)$)", ["return 502;"])
    yield f"proxy_pass http://{service};"


def _redirect(stack: Stack, proxy: Proxy) -> Iterator[str]:
    listening = (each.target for each in stack.service(proxy.service).more)
    host = "$host" if proxy.server_name == "_" else proxy.server_name
    port = "" if proxy.https_port == 443 else f":{proxy.https_port}"
    yield from _block(
        "server",
        [
            *(f"listen {target} default_server;" for target in listening),
            "server_name _;",
            f"return 308 https://{host}{port}$request_uri;",
        ],
    )


def _inside(stack: Stack, proxy: Proxy) -> Iterator[str]:
    route = stack.service(proxy.health_service).health
    yield "# Not published: for the health check of this container and for the exporter."
    yield from _block(
        "server",
        [
            f"listen {proxy.inside};",
            "access_log off;",
            *_block(f"location = {proxy.status}", ["stub_status;"]),
            *_block(
                f"location = {proxy.healthy}",
                [
                    "include forward.conf;",
                    "# Any address of the stack may ask here, and only for this.",
                    f"proxy_pass http://{proxy.health_service}{route.target if route else proxy.health};",
                ],
            ),
            *_block("location /", ["return 404;"]),
        ],
    )


def _headers() -> Iterator[str]:
    yield "# Included by every block that answers: a block with an add_header of its own inherits none."
    for name, value in _HEADERS:
        yield f"proxy_hide_header {name};"
        yield f'add_header {name} "{value}" always;'


def _forward() -> Iterator[str]:
    yield "# What an application may believe about the client: what it says itself is replaced."
    yield "proxy_http_version 1.1;"
    yield "proxy_set_header Host $http_host;"
    yield "proxy_set_header X-Real-IP $remote_addr;"
    yield "proxy_set_header X-Forwarded-For $remote_addr;"
    yield "proxy_set_header X-Forwarded-Proto $scheme;"
    yield "proxy_set_header X-Forwarded-Host $http_host;"
    yield "proxy_set_header X-Request-ID $request_id;"
    yield "proxy_set_header Upgrade $http_upgrade;"
    yield "proxy_set_header Connection $connection_upgrade;"
    yield "proxy_connect_timeout 2s;"
    yield "proxy_next_upstream error timeout http_502;"
    yield "proxy_next_upstream_tries 3;"


def _block(head: str, lines: Iterator[str] | list[str]) -> Iterator[str]:
    yield f"{head} {{"
    yield from (f"    {line}" if line else "" for line in lines)
    yield "}"
