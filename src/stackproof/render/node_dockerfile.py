"""Each front end as a Dockerfile in its own folder: packages, build, and two images without what made them."""

import json
from collections.abc import Iterator, Mapping

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import EnvironmentName, NodeBuild, Service, Stack
from stackproof.render import node_install
from stackproof.render.references import Inside, healthcheck

APP = "/app"
SITE = "/srv/site"  # not where the base keeps pages of its own
NGINX = "deploy/nginx.conf"  # in the front end's folder
_MODULES = "/modules"

# What a runtime must not hold, wherever the base image keeps it. The databases of packages stay: scanners read them.
_TOOLS = (
    "-path '*bin/npm'", "-path '*bin/npx'", "-path '*bin/corepack'", "-path '*bin/yarn*'", "-path '*bin/pnpm*'",
    "-path '*/node_modules/npm'", "-path '*/node_modules/corepack'", "-path '*/nodejs/npm'",
    "-path '*/nodejs/corepack'", "-path '/opt/yarn*'", "-path '*bin/apt*'", "-path '*bin/dpkg*'",
    "-path '*bin/debconf-apt*'", "-path '*/lib/apt'", "-path /var/lib/apt", "-path /var/cache/apt",
    "-path /etc/apt", "-path /usr/lib/dpkg",
)  # fmt: skip
_NGINX_TOOLS = (
    "-path /sbin/apk", "-path /etc/apk", "-path '*bin/apt*'", "-path '*bin/dpkg*'", "-path '*/lib/apt'",
    "-path /var/lib/apt", "-path /var/cache/apt", "-path /etc/apt", "-path /usr/lib/dpkg",
)  # fmt: skip


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    for build in stacks["prod"].node:
        yield Artifact(f"{build.context}/Dockerfile", "\n".join(_lines(stacks, build)) + "\n")


def _lines(stacks: Mapping[EnvironmentName, Stack], build: NodeBuild) -> Iterator[str]:
    prod, dev = stacks["prod"], stacks["dev"]
    yield "# Written by stackproof from the front end's own files; change stackproof.toml and render again."
    yield from _packages(build)
    yield from _built(build)
    yield from _base(build)
    yield from _dev(Inside(dev, dev.service(build.name)), build)
    runtime = _next if build.kind == "next" else _static
    yield from runtime(Inside(prod, prod.service(build.name)), build)


def _packages(build: NodeBuild) -> list[str]:
    return [
        f"FROM {build.base} AS packages",
        f"WORKDIR {APP}",
        "ENV NPM_CONFIG_UPDATE_NOTIFIER=false" + (" NEXT_TELEMETRY_DISABLED=1" if build.framework == "next" else ""),
        *node_install.manager(build),
        *node_install.run(build),
        "",
    ]


def _sources(build: NodeBuild) -> list[str]:
    files = [path for path in build.copy if not path.endswith("/")]
    folders = [path.rstrip("/") for path in build.copy if path.endswith("/")]
    return [f"COPY {' '.join(['package.json', *files])} ./", *(f"COPY {path} {path}" for path in folders)]


def _built(build: NodeBuild) -> list[str]:
    return [
        "FROM packages AS build",
        *_sources(build),
        *_arguments(build),
        "RUN --mount=type=secret,id=ca \\",
        f"    set -eu; {node_install.CA}; \\",
        f"    {_script(build)}; \\",
        *([*_standalone(build)] if build.kind == "next" else [f"    chmod -R u=rwX,go=rX {build.output}"]),
        "",
    ]


def _arguments(build: NodeBuild) -> list[str]:
    """Without a value in the file: Compose knows it, and what is not given stays unset."""
    return [f"ARG {name}" for name, _ in build.arguments]


def _script(build: NodeBuild) -> str:
    asked = "" if build.standalone or build.kind == "static" else "NEXT_PRIVATE_STANDALONE=1 "
    return f"{asked}npm run {build.script}"


def _standalone(build: NodeBuild) -> list[str]:
    """The packages apart from the code: a change of the code leaves their layer as it is."""
    made = f"{build.output}/standalone"
    words = f"no {made}/server.js: next.config needs output standalone, and no outputFileTracingRoot above its folder"
    return [
        f"    test -f {made}/server.js || {{ echo '{words}' >&2; exit 1; }}; \\",
        f"    mv {made}/node_modules {_MODULES}; \\",
        f"    mkdir -p public {build.output}/static; \\",
        f"    chmod -R u=rwX,go=rX {_MODULES} {build.output} public",
    ]


def _base(build: NodeBuild) -> list[str]:
    return [
        f"FROM {build.base} AS base",
        "# No package manager in what runs.",
        *_without(_TOOLS),
        "ENV HOME=/tmp",
        f"WORKDIR {APP}",
        "",
    ]


def _without(tools: tuple[str, ...]) -> list[str]:
    return [
        "RUN find / -xdev \\( \\",
        *(f"      {test} -o \\" for test in tools[:-1]),
        f"      {tools[-1]} \\",
        "    \\) -prune -exec rm -rf {} +",
    ]


def _dev(inside: Inside, build: NodeBuild) -> list[str]:
    return [
        "FROM base AS dev",
        *_labels(inside, build.base),
        f"ENV PATH={APP}/node_modules/.bin:$PATH",
        f"COPY --from=packages {APP}/node_modules node_modules",
        *_sources(build),
        *(_types(build) if build.framework == "next" and "tsconfig.json" in build.copy else []),
        *_end(inside),
        "",
    ]


def _types(build: NodeBuild) -> list[str]:
    """Next.js writes two files beside the sources at its start: one is made as it wants it, one where it may write."""
    return [
        "RUN if [ -f node_modules/next/dist/cli/next-typegen.js ]; then next typegen; fi; \\",
        f"    rm -rf {build.output} next-env.d.ts; \\",
        f"    ln -s {build.output}/next-env.d.ts next-env.d.ts",
    ]


def _next(inside: Inside, build: NodeBuild) -> list[str]:
    return [
        "FROM base AS runtime",
        *_labels(inside, build.base),
        f"COPY --from=build {_MODULES} node_modules",
        *([f"COPY --from=build {APP}/public public"] if build.public else []),
        f"COPY --from=build {APP}/{build.output}/static {build.output}/static",
        f"COPY --from=build {APP}/{build.output}/standalone ./",
        *_end(inside),
    ]


def _static(inside: Inside, build: NodeBuild) -> list[str]:
    return [
        f"FROM {build.server} AS runtime",
        *_labels(inside, build.server),
        *_without(_NGINX_TOOLS),
        f"COPY {NGINX} /etc/nginx/nginx.conf",
        f"COPY --from=build {APP}/{build.output} {SITE}",
        "ENTRYPOINT []",
        *_end(inside),
    ]


def _labels(inside: Inside, base: str) -> list[str]:
    title = json.dumps(f"{inside.stack.project}-{inside.service.name}")
    return [
        f"LABEL org.opencontainers.image.title={title} \\",
        f"      org.opencontainers.image.base.name={json.dumps(base)}",
    ]


def _end(inside: Inside) -> list[str]:
    service: Service = inside.service
    return [
        *_environment(inside),
        f"USER {service.uid}:{service.gid}",
        f"EXPOSE {service.port}",
        "STOPSIGNAL SIGTERM" if service.software == "node" else "STOPSIGNAL SIGQUIT",
        *healthcheck(inside),
        f"CMD {json.dumps(inside.command())}",
    ]


def _environment(inside: Inside) -> list[str]:
    """What the stack sets for the server itself, so that the image runs alone, too."""
    ours = [each for each in inside.service.environment if not each.settable and each.because.seen is None]
    lines = [f"{each.name}={inside.text(each.value or '')}" for each in ours]
    joined = " \\\n    ".join(lines)
    return [f"ENV {joined}"] if lines else []
