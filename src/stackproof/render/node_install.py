"""The RUN that puts a front end's locked packages into node_modules, for each package manager."""

from stackproof.model.stack import NodeBuild

_CACHES = {"npm": "/root/.npm", "pnpm": "/root/.pnpm-store", "yarn": "/root/.yarn-cache"}
CA = "if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi"


def run(build: NodeBuild) -> list[str]:
    """Lines of one RUN. The bundle of a corporate CA comes as a secret: no layer ever holds it."""
    mounts = [
        "--mount=type=secret,id=ca",
        f"--mount=type=cache,target={_CACHES[build.tool]},sharing=locked",
        *(f"--mount=type=bind,source={path},target={path}" for path in _mounted(build)),
    ]
    steps = [f"set -eu; {CA}", *_steps(build)]
    first = [f"RUN {mounts[0]} \\", *(f"    {mount} \\" for mount in mounts[1:])]
    return [*_excused(build), *first, *(f"    {step}; \\" for step in steps[:-1]), f"    {steps[-1]}"]


def manager(build: NodeBuild) -> list[str]:
    """The package manager itself, where Node does not bring it; the same version as the project's."""
    if build.tool == "npm":
        return []
    later = build.tool == "yarn" and not str(build.tool_version).startswith("1.")
    package = f"{'@yarnpkg/cli-dist' if later else build.tool}@{build.tool_version}"
    steps = [f"set -eu; {CA}", f"npm install --global --force --no-audit --no-fund {package}"]
    mounts = ["--mount=type=secret,id=ca", "--mount=type=cache,target=/root/.npm,sharing=locked"]
    return [f"RUN {mounts[0]} \\", f"    {mounts[1]} \\", f"    {steps[0]}; \\", f"    {steps[1]}"]


def _excused(build: NodeBuild) -> list[str]:
    return ["# The cache is a mount: no layer holds it.", "# hadolint ignore=DL3060"] if build.tool == "yarn" else []


def _mounted(build: NodeBuild) -> list[str]:
    return [path.rstrip("/") for path in build.manifests]


def _steps(build: NodeBuild) -> list[str]:
    if build.tool == "pnpm":
        return [f"pnpm install --frozen-lockfile --store-dir {_CACHES['pnpm']} --package-import-method copy"]
    if build.tool == "yarn" and str(build.tool_version).startswith("1."):
        return [f"yarn install --frozen-lockfile --non-interactive --cache-folder {_CACHES['yarn']}"]
    if build.tool == "yarn":
        # Plug'n'Play would leave no node_modules for the server to be made from.
        there = f"YARN_IGNORE_PATH=1 YARN_NODE_LINKER=node-modules YARN_GLOBAL_FOLDER={_CACHES['yarn']}"
        return [f"{there} YARN_ENABLE_TELEMETRY=0 yarn install --immutable"]
    return ["npm ci --no-audit --no-fund"]
