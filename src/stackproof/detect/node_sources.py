"""The files of a front end: which of them building needs, and which environment variables they read."""

import re
from collections.abc import Iterator

from stackproof.detect import javascript
from stackproof.detect.node_manifest import Manifest
from stackproof.detect.variables import is_secret
from stackproof.model.facts import NodeVariable
from stackproof.model.source import Place, SourceTree

# What no build of a front end needs, at the top of its folder.
_TESTS = frozenset({"tests", "test", "__tests__", "__mocks__", "e2e", "cypress", "playwright", "stories", "coverage"})
_BESIDE = frozenset({"docs", "deploy", "node_modules", "out", "dist", "package.json"})
_NEEDLESS = re.compile(
    r"(?:Dockerfile|Containerfile|docker-compose|compose\.|README|LICENSE|LICENCE|CHANGELOG|CONTRIBUTING|Makefile"
    r"|eslint\.|prettier\.|jest\.|vitest\.|playwright\.|cypress\.|stackproof\.|bun\.lock|tsconfig\.tsbuildinfo).*"
    r"|.*\.(?:md|log|example|dockerignore)|.*[._-](?:test|spec)\.\w+"
)
_LOCKS = frozenset({"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock"})
# Of the hidden files, those that configure the install or the build. `.env*` is none: it would bring secrets along.
_HIDDEN = re.compile(r"\.(?:npmrc|yarnrc\.yml|yarnrc|pnpmfile\.cjs|browserslistrc|swcrc|(?:babel|postcss|sass)rc.*)")
_CREDENTIALS = re.compile(r"_auth|_password|:username", re.IGNORECASE)

_TEST_PATH = re.compile(r"(?:^|/)(?:tests?|__tests__|__mocks__|e2e|cypress|stories)/|[._-](?:test|spec|stories)\.\w+$")
_DEFAULT = r"""(?:\s*(?:\?\?|\|\|)\s*(?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|`(?P<plain>[^`$]*)`))?"""
_ENV = r"(?:process\.env|import\.meta\.env)"
_READ = re.compile(rf"""\b{_ENV}(?:\??\.(\w++)|(?:\?\.)?\[\s*["'](\w+)["']\s*\])(?!\s*=[^=]){_DEFAULT}""", re.ASCII)
_TAKEN = re.compile(rf"\{{(?P<names>[^{{}}]*)\}}\s*=\s*{_ENV}(?![\w.\[?])")
_NAMED = re.compile(r"""^\s*(\w+)[^=]*(?:=\s*["'](?P<double>[^"']*)["'])?""", re.ASCII)
_PUBLIC = ("NEXT_PUBLIC_", "VITE_")
# Set by Node, the framework or the platform itself.
_GIVEN = frozenset({
    "NODE_ENV", "PORT", "HOST", "HOSTNAME", "CI", "HOME", "PATH", "TZ", "PWD", "USER", "NEXT_RUNTIME", "NEXT_PHASE",
    "MODE", "DEV", "PROD", "SSR", "BASE_URL", "ANALYZE", "NODE_OPTIONS", "NEXT_TELEMETRY_DISABLED",
})  # fmt: skip
_PLATFORM = ("VERCEL", "npm_", "NETLIFY", "__NEXT")


def files(tree: SourceTree, manifest: Manifest) -> tuple[str, ...]:
    """Top-level files, and folders with a slash behind; an .npmrc with credentials is not among them."""
    prefix = manifest.file("")
    tops = {_top(path.removeprefix(prefix)) for path in tree.under(manifest.folder)}
    wanted = (top for top in tops if _wanted(top.rstrip("/")))
    return tuple(sorted(top for top in wanted if top != ".npmrc" or not credentials(tree, manifest)))


def credentials(tree: SourceTree, manifest: Manifest) -> bool:
    """Whether the .npmrc holds, or names, what opens a registry."""
    data = tree.files.get(manifest.file(".npmrc"), b"")
    return bool(_CREDENTIALS.search(data.decode("utf-8", "replace")))


def scripts(tree: SourceTree, manifest: Manifest) -> tuple[str, ...]:
    """The paths of its code, without tests and without what is served as it lies."""
    prefix, others = manifest.file(""), _others(tree, manifest)
    return tuple(
        path
        for path in tree.under(manifest.folder)
        if path.endswith(javascript.SUFFIXES)
        and path in tree.files
        and _wanted(_top(inner := path.removeprefix(prefix)).rstrip("/"))
        and not inner.startswith("public/")
        and not _TEST_PATH.search(inner)
        and not path.startswith(others)
    )


def variables(tree: SourceTree, manifest: Manifest, configs: tuple[str, ...]) -> tuple[NodeVariable, ...]:
    """By name. What `configs` read is read by the build."""
    found: dict[str, NodeVariable] = {}
    for path in (*configs, *scripts(tree, manifest)):
        for variable in _reads(javascript.script(tree, path), inlined=path in configs):
            found.setdefault(variable.name, variable)
    return tuple(found[name] for name in sorted(found))


def _reads(script: javascript.Script, *, inlined: bool) -> Iterator[NodeVariable]:
    for found in script.find(_READ):
        if _theirs(name := found[1] or found[2]):
            yield _variable(name, _default(found), inlined, script.place(found))
    for taken in script.find(_TAKEN):
        for part in taken["names"].split(","):
            if (named := _NAMED.match(part)) and _theirs(named[1]):
                yield _variable(named[1], named["double"], inlined, script.place(taken))


def _variable(name: str, default: str | None, inlined: bool, seen: Place) -> NodeVariable:
    public = name.startswith(_PUBLIC)
    return NodeVariable(name, default, inlined or public, is_secret(name) and not public, seen)


def _default(found: re.Match[str]) -> str | None:
    return next((found[name] for name in ("double", "single", "plain") if found[name] is not None), None)


def _theirs(name: str) -> bool:
    return name not in _GIVEN and not name.startswith(_PLATFORM) and not name[0].isdigit()


def _wanted(name: str) -> bool:
    if name.startswith("."):
        return bool(_HIDDEN.fullmatch(name))
    return name not in _TESTS | _BESIDE | _LOCKS and not _NEEDLESS.fullmatch(name)


def _top(path: str) -> str:
    first, slash, _ = path.partition("/")
    return first + slash


def _others(tree: SourceTree, manifest: Manifest) -> tuple[str, ...]:
    """Folders below that have a package.json of their own."""
    prefix = manifest.file("")
    nested = (path for path in tree.under(manifest.folder) if path.endswith("/package.json"))
    return tuple(path.removesuffix("package.json") for path in nested if path != f"{prefix}package.json")
