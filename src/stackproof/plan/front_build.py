"""What the image of a front end is made from: its Node, its lock, its sources, and the command for development."""

import re
import shlex

from stackproof.errors import UserError
from stackproof.model.facts import NodeApp
from stackproof.model.stack import NodeBuild, Stack
from stackproof.plan import front_variables, knowledge, node_lines
from stackproof.plan.given import Given

# Read by the install, before any source is there.
_INSTALLING = frozenset({".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", "pnpm-workspace.yaml", "patches/"})
_NAMEABLE = re.compile(r"[\w.@+=~-]+(/[\w.@+=~-]+)*/?")
_LISTEN = {
    "next": ("--hostname", "@{self.bind}", "--port", "@{self.port}"),
    "vite": ("--host", "@{self.bind}", "--port", "@{self.port}", "--strictPort"),
}
_USUAL = {"next": ("next", "dev"), "vite": ("vite",)}


def build(given: Given, stack: Stack, app: NodeApp, name: str) -> NodeBuild:
    """Raises UserError for a front end without a lock or a build, and for a name that no Dockerfile can hold."""
    lock = _lock(app)
    _refuse(app)
    line = node_lines.line(app)
    return NodeBuild(
        name=name,
        context=app.folder,
        node=line.version,
        base=line.base,
        tool=app.tool,
        tool_version=_tool_version(app),
        lock=lock,
        manifests=("package.json", lock, *(path for path in app.files if path in _INSTALLING)),
        copy=tuple(path for path in app.files if path not in _INSTALLING),
        framework=app.framework,
        kind="next" if app.server else "static",
        script="build",
        dev=_dev(app),
        output=app.output,
        public=app.public,
        target="dev" if given.dev else "runtime",
        arguments=front_variables.arguments(stack, app),
        server="" if app.server else knowledge.NGINX_IMAGE,
        standalone=app.standalone,
    )


def _lock(app: NodeApp) -> str:
    if app.lock:
        return app.lock
    raise UserError(
        f"{app.seen}: the front end in {app.folder} has no lock beside its package.json: nothing pins its packages",
        fix=f"Run `{app.tool} install` in {app.folder} and commit the lock that it writes.",
    )


def _refuse(app: NodeApp) -> None:
    if "build" not in dict(app.scripts):
        usual = "next build" if app.framework == "next" else "vite build"
        raise UserError(
            f"{app.seen}: package.json has no script that builds the front end in {app.folder}",
            fix=f'Add it: "scripts": {{ "build": "{usual}" }}.',
        )
    for path in (app.folder, app.output, *app.files):
        if not _NAMEABLE.fullmatch(path):
            raise UserError(
                f"{path!r} belongs to the front end in {app.folder}, and a Dockerfile cannot name it",
                fix="Rename it: letters, digits and . _ - + @ = ~ are safe.",
            )


def _tool_version(app: NodeApp) -> str | None:
    """None for npm, which Node brings."""
    if app.tool == "pnpm":
        return app.tool_version or knowledge.PNPM
    if app.tool == "yarn":
        return {None: knowledge.YARN, "1": knowledge.YARN, "4": knowledge.YARN_NOW}.get(
            app.tool_version, app.tool_version
        )
    return None


def _dev(app: NodeApp) -> tuple[str, ...]:
    """The project's own script where it is one plain call of the development server, and where that listens."""
    words = _words(dict(app.scripts).get("dev", ""))
    usual = _USUAL[app.framework]
    own = words[: len(usual)] == usual and all(re.fullmatch(r"[\w./=:@,+-]+", word) for word in words)
    return (*(words if own else usual), *_LISTEN[app.framework])


def _words(script: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(script))
    except ValueError:
        return ()
