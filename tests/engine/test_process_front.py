"""A front end on the process runtime: installed from its lock, built and served by the machine's own Node.js."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from stackproof.errors import BuildFailed
from stackproof.model.running import Site
from stackproof.model.stack import Assignment, Health, NodeBuild, Publish, Service, Stack
from stackproof.run.process.runtime import ProcessRuntime
from stackproof.tools import http, net
from tests.engine import process_stacks as tiny

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="no Node.js on this machine"),
]

BUILD = """
const fs = require("fs");
if (process.env.FAIL) { console.error("cannot find module shoes"); process.exit(1); }
fs.mkdirSync(".next/standalone", {recursive: true});
fs.mkdirSync(".next/static", {recursive: true});
fs.writeFileSync(".next/static/a.js", "1");
fs.copyFileSync("serve.js", ".next/standalone/server.js");
fs.writeFileSync(".next/standalone/built.json", JSON.stringify({backend: process.env.BACKEND}));
"""
SERVE = """
const fs = require("fs");
const said = () => ({
  built: fs.existsSync("built.json") ? JSON.parse(fs.readFileSync("built.json")) : null,
  public: fs.existsSync("public/logo.svg"), static: fs.existsSync(".next/static/a.js"), cwd: process.cwd(),
});
require("http").createServer((_, answer) => answer.end(JSON.stringify(said())))
  .listen(process.env.PORT, process.env.HOSTNAME);
"""


def project(root: Path, engines: str = ">=12") -> Site:
    site = tiny.project(root)
    front = root / "frontend"
    (front / "public").mkdir(parents=True)
    (front / "public/logo.svg").write_text("<svg/>")
    named = {"name": "front", "version": "1.0.0", "private": True}
    package = {**named, "scripts": {"build": "node build.js"}, "engines": {"node": engines}}
    lock = {**named, "lockfileVersion": 3, "requires": True, "packages": {"": {**named, "engines": {"node": engines}}}}
    (front / "package.json").write_text(json.dumps(package))
    (front / "package-lock.json").write_text(json.dumps(lock))
    (front / "build.js").write_text(BUILD)
    (front / "serve.js").write_text(SERVE)
    return site


def stack(**changes: object) -> Stack:
    build = NodeBuild(
        name="frontend", context="frontend", node="24", base="node:24-trixie-slim", tool="npm", tool_version=None,
        lock="package-lock.json", manifests=("package.json", "package-lock.json"),
        copy=("build.js", "serve.js", "public"), framework="next", kind="next", script="build",
        dev=("node", "serve.js"), output=".next", public=True, target="runtime",
        arguments=(("BACKEND", "http://@{web.host}:@{web.port}"), ("UNSET", "")),
    )  # fmt: skip
    build = replace(build, **changes)  # type: ignore[arg-type]
    front = Service(
        "frontend", "front", "tiny-frontend", True,
        build.dev if build.target == "dev" else ("node", "server.js"), port=3000,
        publish=Publish("127.0.0.1", net.free_port()), software="node", build="frontend",
        environment=(Assignment("PORT", "@{self.port}", settable=False),
                     Assignment("HOSTNAME", "@{self.bind}", settable=False)),
        health=Health("http", "/", 3000, interval=0.2, timeout=5.0, start_period=60.0, start_interval=0.05), grace=2.0,
    )  # fmt: skip
    web = replace(tiny.web(net.free_port()), needs=())
    return replace(tiny.stack(web, front), node=(build,))


def answers(planned: Stack, site: Site) -> dict[str, object]:
    runtime = ProcessRuntime()
    running = runtime.up(planned, site, tiny.quiet)
    try:
        found: dict[str, object] = json.loads(http.request("GET", running.address("frontend")).body)
        return found
    finally:
        runtime.down(planned, site, tiny.quiet, volumes=True)
        assert tiny.belonging(site.state) == []


def test_it_is_built_with_its_arguments_and_serves_all_it_needs(tmp_path: Path) -> None:
    site, planned = project(tmp_path / "shop"), stack()
    port = planned.service("web").publish
    assert port
    found = answers(planned, site)
    assert found["built"] == {"backend": f"http://127.0.0.1:{port.port}"}
    assert (found["public"], found["static"]) == (True, True)
    assert str(found["cwd"]).startswith(str(tmp_path.resolve() / "shop/.stackproof/cache/node-"))
    assert not (tmp_path / "shop/frontend/.next").exists()


def test_the_development_server_has_files_of_its_own(tmp_path: Path) -> None:
    site = project(tmp_path / "shop")
    found = answers(stack(target="dev"), site)
    assert found["built"] is None
    assert str(found["cwd"]).startswith(str(tmp_path.resolve() / "shop/.stackproof/dev/node/frontend/"))


def test_a_nodejs_that_its_packages_refuse_leaves_it_out(tmp_path: Path) -> None:
    site, planned = project(tmp_path / "shop", engines=">=99"), stack()
    runtime = ProcessRuntime()
    running = runtime.up(planned, site, tiny.quiet)
    try:
        assert "do not accept this machine's Node.js" in running.left_out["frontend"]
        assert [state.name for state in running.states()] == ["web"]
    finally:
        runtime.down(planned, site, tiny.quiet, volumes=True)


def test_a_build_that_fails_says_why(tmp_path: Path) -> None:
    site = project(tmp_path / "shop")
    with pytest.raises(BuildFailed, match="cannot find module shoes"):
        ProcessRuntime().up(stack(arguments=(("FAIL", "1"),)), site, tiny.quiet)
    assert tiny.belonging(site.state) == []
