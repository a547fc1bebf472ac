"""nginx for a front end that is files alone: pages fresh, hashed files for ever, unknown paths to the one page."""

from collections.abc import Iterator, Mapping

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import EnvironmentName, NodeBuild, Stack
from stackproof.render.node_dockerfile import NGINX, SITE

_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    for build in stacks["prod"].node:
        if build.kind == "static":
            port = stacks["prod"].service(build.name).port
            yield Artifact(f"{build.context}/{NGINX}", "\n".join(_lines(build, port or 0)) + "\n")


def _lines(build: NodeBuild, port: int) -> Iterator[str]:
    yield "# Written by stackproof; change stackproof.toml and render again."
    yield "worker_processes 1;"
    yield "pid /tmp/nginx.pid;"
    yield "error_log /dev/stderr warn;"
    yield "events {"
    yield "    worker_connections 1024;"
    yield "}"
    yield "http {"
    yield "    include /etc/nginx/mime.types;"
    yield "    default_type application/octet-stream;"
    yield "    server_tokens off;"
    yield "    access_log /dev/stdout;"
    yield "    sendfile on;"
    yield "    gzip on;"
    yield "    gzip_types text/css text/javascript application/javascript application/json image/svg+xml;"
    yield from (f"    {kind}_temp_path /tmp/{kind};" for kind in _TEMPORARY)
    yield "    server {"
    yield f"        listen {port};"
    yield "        server_name _;"
    yield f"        root {SITE};"
    yield "        absolute_redirect off;"
    yield from (f"        {line}" for line in _locations(_is_export(build)))
    yield "    }"
    yield "}"


def _locations(exported: bool) -> Iterator[str]:
    """`exported`: a file for each page, as Next.js writes them; else one page that finds its way in the browser."""
    yield "# The build names these files after their contents: a new one has a new name."
    yield f"location {'/_next/static/' if exported else '/assets/'} {{"
    yield "    try_files $uri =404;"
    yield '    add_header Cache-Control "public, max-age=31536000, immutable";'
    yield '    add_header X-Content-Type-Options "nosniff" always;'
    yield "}"
    yield "location / {"
    yield f"    try_files $uri {'$uri.html $uri/index.html =404' if exported else '/index.html'};"
    yield '    add_header Cache-Control "no-cache";'
    yield '    add_header X-Content-Type-Options "nosniff" always;'
    yield "}"
    if exported:
        yield "error_page 404 /404.html;"


def _is_export(build: NodeBuild) -> bool:
    return build.framework == "next"
