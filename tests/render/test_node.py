"""Front ends as files: what their images hold, what is sent to the builder, and what Compose says about both."""

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import yaml

from stackproof.model.facts import NodeApp, NodeVariable
from stackproof.model.source import Place
from stackproof.model.stack import ENVIRONMENTS, EnvironmentName, Stack
from stackproof.render import compose, environment, lock, node_dockerfile, node_dockerignore, node_nginx
from tests.plan.small import stack
from tests.plan.test_front import API, NEXT, VITE

CODE = Place("frontend/lib/maps.ts", 2)
PUBLIC = NodeVariable("NEXT_PUBLIC_MAPS", None, True, False, CODE)
REWRITES = NodeVariable("BACKEND_URL", None, True, False, CODE)
EXPORT = replace(NEXT, server=False, standalone=False, output="out", health=None)
KINDS: dict[str, NodeApp] = {
    "next": NEXT,
    "next with pnpm": replace(NEXT, tool="pnpm", lock="pnpm-lock.yaml"),
    "next with yarn": replace(NEXT, tool="yarn", tool_version="1", lock="yarn.lock"),
    "next with a later yarn": replace(NEXT, tool="yarn", tool_version="4.9.1", lock="yarn.lock"),
    "next that says nothing": replace(NEXT, standalone=False, public=False, files=("pages/",)),
    "next that is told by its build": replace(NEXT, variables=(PUBLIC, REWRITES)),
    "next as files": EXPORT,
    "vite": VITE,
}


def stacks(app: NodeApp) -> Mapping[EnvironmentName, Stack]:
    return {name: stack(*API, app, environment=name) for name in ENVIRONMENTS}


def text(app: NodeApp) -> str:
    (artifact,) = node_dockerfile.render(stacks(app))
    return artifact.text


def part(whole: str, stage: str) -> str:
    return next(piece for piece in whole.split("\nFROM ") if piece.splitlines()[0].endswith(f"AS {stage}"))


def composed(app: NodeApp, name: EnvironmentName = "prod") -> dict[str, Any]:
    artifact = next(each for each in compose.render(stacks(app)) if each.path.endswith(f"{name}.yaml"))
    found: dict[str, Any] = yaml.safe_load(artifact.text)["services"][app.folder]
    return found


# --- Dockerfile


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("next", ["npm ci --no-audit --no-fund", "target=/root/.npm,sharing=locked"]),
        (
            "next with pnpm",
            ["install --global --force --no-audit --no-fund pnpm@10.34.8", "pnpm install --frozen-lockfile"],
        ),
        ("next with yarn", ["yarn@1.22.22", "yarn install --frozen-lockfile"]),
        (
            "next with a later yarn",
            ["@yarnpkg/cli-dist@4.9.1", "YARN_NODE_LINKER=node-modules", "yarn install --immutable"],
        ),
    ],
)
def test_packages_come_from_the_lock(kind: str, words: list[str]) -> None:
    packages = part(text(KINDS[kind]), "packages")
    assert all(word in packages for word in words)
    assert "NODE_EXTRA_CA_CERTS=/run/secrets/ca" in packages


@pytest.mark.parametrize("kind", KINDS)
def test_the_packages_layer_sees_nothing_of_the_code(kind: str) -> None:
    assert "COPY" not in part(text(KINDS[kind]), "packages")


def test_what_installing_reads_is_mounted() -> None:
    packages = part(text(NEXT), "packages")
    for path in ("package.json", "package-lock.json", ".npmrc", "patches"):
        assert f"--mount=type=bind,source={path},target={path} " in packages


@pytest.mark.parametrize("kind", KINDS)
def test_images_hold_no_package_manager_and_no_root(kind: str) -> None:
    whole = text(KINDS[kind])
    assert "'*bin/npm'" in part(whole, "base")
    for stage in ("dev", "runtime"):
        image = part(whole, stage)
        assert "USER 0" not in image
        assert "npm " not in image
        assert "HEALTHCHECK" in image
    assert whole.startswith("# Written by stackproof")
    assert part(whole, "dev").splitlines()[0].startswith("base ")


def test_a_next_server_is_its_standalone_output() -> None:
    runtime = part(text(NEXT), "runtime")
    assert [line for line in runtime.splitlines() if line.startswith("COPY")] == [
        "COPY --from=build /modules node_modules",
        "COPY --from=build /app/public public",
        "COPY --from=build /app/.next/static .next/static",
        "COPY --from=build /app/.next/standalone ./",
    ]
    assert 'CMD ["node", "server.js"]' in runtime
    assert "USER 1000:1000" in runtime
    assert "HOSTNAME=0.0.0.0" in runtime
    assert "BACKEND_URL" not in runtime


def test_output_standalone_is_asked_for_where_the_project_does_not() -> None:
    assert "NEXT_PRIVATE_STANDALONE=1 npm run build" in text(KINDS["next that says nothing"])
    assert "NEXT_PRIVATE_STANDALONE" not in text(NEXT)
    assert "/app/public" not in text(KINDS["next that says nothing"])


def test_the_development_server_finds_its_types_as_it_wants_them() -> None:
    assert "ln -s .next/next-env.d.ts next-env.d.ts" in part(text(NEXT), "dev")
    assert "next-env" not in text(KINDS["next that says nothing"])


def test_files_are_served_by_nginx_alone() -> None:
    runtime = part(text(VITE), "runtime")
    assert runtime.startswith("nginx:1.30-alpine-slim AS runtime")
    assert "COPY --from=build /app/dist /srv/site" in runtime
    assert "node_modules" not in runtime
    assert "USER 101:101" in runtime
    assert "ENV " not in runtime


def test_arguments_of_the_build_have_no_value_in_the_file() -> None:
    build = part(text(KINDS["next that is told by its build"]), "build")
    assert "ARG NEXT_PUBLIC_MAPS\nARG BACKEND_URL\n" in build


# --- the context


def test_only_what_the_image_is_made_from_is_sent() -> None:
    (artifact,) = node_dockerignore.render(stacks(NEXT))
    lines = artifact.text.splitlines()
    assert artifact.path == "frontend/.dockerignore"
    assert lines[1] == "*"
    assert [line for line in lines if line.startswith("!")] == [
        "!.npmrc", "!app", "!next.config.ts", "!package-lock.json", "!package.json", "!patches", "!public",
        "!tsconfig.json", "!.npmrc",
    ]  # fmt: skip
    assert lines.index("**/.npmrc") < lines.index("!.npmrc", 10)
    assert {"**/node_modules", "**/.env*", "**/*.key"} <= set(lines)


def test_the_servers_configuration_is_sent_with_the_files() -> None:
    (artifact,) = node_dockerignore.render(stacks(VITE))
    assert "!deploy/nginx.conf" in artifact.text
    assert ".npmrc\n" not in artifact.text.split("# Never")[0]


# --- nginx


def test_one_page_for_every_path_that_is_no_file() -> None:
    (artifact,) = node_nginx.render(stacks(VITE))
    assert artifact.path == "web/deploy/nginx.conf"
    assert "try_files $uri /index.html;" in artifact.text
    assert "location /assets/ {" in artifact.text
    assert "listen 8080;" in artifact.text


def test_pages_of_an_export_are_files() -> None:
    (artifact,) = node_nginx.render(stacks(EXPORT))
    assert "try_files $uri $uri.html $uri/index.html =404;" in artifact.text
    assert "location /_next/static/ {" in artifact.text
    assert "error_page 404 /404.html;" in artifact.text


def test_a_server_of_its_own_needs_none() -> None:
    assert tuple(node_nginx.render(stacks(NEXT))) == ()


# --- Compose, templates, the lock


def test_compose_builds_it_in_its_folder() -> None:
    assert composed(NEXT)["build"] == {
        "context": "../frontend", "dockerfile": "Dockerfile", "target": "runtime", "secrets": ["ca"],
    }  # fmt: skip
    assert composed(NEXT, "dev")["build"]["target"] == "dev"


def test_compose_gives_the_build_what_it_puts_into_files() -> None:
    args = composed(KINDS["next that is told by its build"])["build"]["args"]
    assert args == {"NEXT_PUBLIC_MAPS": None, "BACKEND_URL": "http://api:8000"}


def test_a_front_end_is_asked_by_its_own_program() -> None:
    assert composed(NEXT)["healthcheck"]["test"][:3] == ["CMD", "node", "-e"]
    assert composed(NEXT)["healthcheck"]["test"][-1] == "http://127.0.0.1:3000/healthz"
    assert composed(VITE)["healthcheck"]["test"][:3] == ["CMD", "sh", "-c"]
    assert composed(VITE)["healthcheck"]["test"][3].startswith("wget -q -S -T 2 -O /dev/null http://127.0.0.1:")


def test_what_it_may_write_to_lies_in_memory() -> None:
    assert [each.split(":")[0] for each in composed(NEXT)["tmpfs"]] == ["/tmp", "/app/.next/cache"]
    assert composed(NEXT)["read_only"] is True


def test_the_template_names_what_the_build_reads() -> None:
    found = {each.path: each.text for each in environment.render(stacks(KINDS["next that is told by its build"]))}
    assert "# NEXT_PUBLIC_MAPS=" in found["deploy/env/prod.env.example"]
    assert "frontend/lib/maps.ts:2" in found["deploy/env/prod.env.example"]


def test_the_lock_names_the_bases() -> None:
    assert '"node:24-trixie-slim"' in lock.render(stacks(NEXT), ()).text
    assert '"nginx:1.30-alpine-slim"' in lock.render(stacks(VITE), ()).text


# --- the probe, as the image runs it


@pytest.mark.process
@pytest.mark.parametrize(("status", "code"), [(200, 0), (204, 1), (302, 1), (503, 1)])
def test_the_probe_tells_well_from_unwell(status: int, code: int) -> None:
    import shutil
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002  the name of the library

    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node on this machine")
    with HTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        words = [node, *composed(NEXT)["healthcheck"]["test"][2:-1], f"http://127.0.0.1:{server.server_port}/"]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
        server.shutdown()
        thread.join()
    assert (done.returncode, done.stdout.strip()) == (code, str(status))
