"""Front ends by what their files say: framework, lock, Node, variables, routes; and decoys."""

import pytest

from stackproof.detect import javascript
from stackproof.model.facts import Ambiguity, NodeApp, Unreadable
from tests.detect.trees import facts, places, tree
from tests.fronts import NEXT, NEXT_MANIFEST, VITE, Files, manifest


def app(files: Files) -> NodeApp:
    (found,) = facts(NodeApp, files)
    return found


def in_front(**more: str) -> Files:
    """The Next.js sample with further files of its folder."""
    return {**NEXT, **{f"frontend/{path}": text for path, text in more.items()}}


def configured(text: str) -> NodeApp:
    return app(in_front(**{"next.config.ts": text}))


def left_out(files: Files) -> list[str]:
    return [fact.because for fact in facts(Ambiguity, files) if fact.chosen == "left out"]


# --- what is a front end


def test_a_next_server() -> None:
    found = app(NEXT)
    assert (found.folder, found.framework, found.server, found.standalone) == ("frontend", "next", True, True)
    assert (found.tool, found.tool_version, found.lock) == ("npm", None, "package-lock.json")
    assert (found.node, found.output, found.public) == (">=20.9.0", ".next", True)
    assert dict(found.scripts)["build"] == "next build"
    assert str(found.seen) == "frontend/package.json:12"


def test_a_vite_page_is_files_alone() -> None:
    found = app(VITE)
    assert (found.folder, found.framework, found.server, found.standalone) == ("web", "vite", False, False)
    assert (found.output, found.health, found.proxied, found.public) == ("dist", None, (), False)


def test_only_what_the_build_needs_is_named() -> None:
    assert app(NEXT).files == ("app/", "lib/", "next.config.ts", "public/", "tsconfig.json")


def test_a_front_end_at_the_top() -> None:
    files = {path.removeprefix("frontend/"): text for path, text in NEXT.items()}
    assert (app(files).folder, app(files).health, app(files).lock) == ("", "/healthz", "package-lock.json")


def test_several_front_ends() -> None:
    assert [found.folder for found in facts(NodeApp, {**VITE, **NEXT})] == ["frontend", "web"]


@pytest.mark.parametrize("folder", ["node_modules/x", "tests", "docs/site", ".hidden", "frontend/node_modules/next"])
def test_decoys(folder: str) -> None:
    assert facts(NodeApp, {f"{folder}/package.json": NEXT_MANIFEST}) == ()


def test_vite_without_a_page_is_a_tool() -> None:
    files = {path: text for path, text in VITE.items() if not path.endswith(".html")}
    assert facts(NodeApp, files) == ()
    assert left_out(files) == []


@pytest.mark.parametrize("name", ["astro", "react-scripts"])
def test_other_frameworks_are_said_not_passed_over(name: str) -> None:
    files = {"web/package.json": manifest(devDependencies={"vite": "8", name: "1"}), "web/index.html": ""}
    assert facts(NodeApp, files) == ()
    assert left_out(files) == [f"{name} is not known here: only Next.js and plain Vite are built"]


def test_a_build_into_another_part_of_the_project_is_no_front_end() -> None:
    files = {**VITE, "web/vite.config.ts": 'export default { build: { outDir: "../shop/static" } };'}
    assert facts(NodeApp, files) == ()
    assert "outside of its folder" in left_out(files)[0]


@pytest.mark.parametrize(("text", "line"), [("{\n  oops\n}", 2), ("[]", 0), ("{" * 100_000, 1)])
def test_an_unreadable_manifest(text: str, line: int) -> None:
    (found,) = facts(Unreadable, {"web/package.json": text})
    assert (found.seen.path, found.seen.line) == ("web/package.json", line)


def test_strange_values_are_no_tables() -> None:
    assert facts(NodeApp, {"web/package.json": manifest(dependencies=["next"], scripts=None)}) == ()


# --- how it is installed

BERRY = "__metadata:\n  version: 8\n"


@pytest.mark.parametrize(
    ("said", "lock", "text", "expected"),
    [
        (None, "pnpm-lock.yaml", "", ("pnpm", None, "pnpm-lock.yaml")),
        (None, "yarn.lock", "# yarn lockfile v1\n", ("yarn", "1", "yarn.lock")),
        (None, "yarn.lock", BERRY, ("yarn", "4", "yarn.lock")),
        (None, "npm-shrinkwrap.json", "{}", ("npm", None, "npm-shrinkwrap.json")),
        (None, "other.lock", "", ("npm", None, None)),
        ("pnpm@9.1.0+sha512.abc", "pnpm-lock.yaml", "", ("pnpm", "9.1.0", "pnpm-lock.yaml")),
        ("yarn@4.9.1", "yarn.lock", BERRY, ("yarn", "4.9.1", "yarn.lock")),
        ("pnpm@9.1.0", "yarn.lock", "", ("pnpm", "9.1.0", None)),
        ("bun@1.2.0", "yarn.lock", "", ("yarn", "1", "yarn.lock")),
    ],
)
def test_package_managers(said: str | None, lock: str, text: str, expected: tuple[str | None, ...]) -> None:
    more = {"packageManager": said} if said else {}
    found = app({"web/package.json": manifest(dependencies={"next": "16"}, **more), f"web/{lock}": text})
    assert (found.tool, found.tool_version, found.lock) == expected


def test_two_locks_are_an_ambiguity() -> None:
    found = next(fact for fact in facts(Ambiguity, in_front(**{"yarn.lock": ""})))
    assert (found.chosen, found.candidates) == ("package-lock.json", ("package-lock.json", "yarn.lock"))


def test_credentials_never_go_into_a_build() -> None:
    files = in_front(**{".npmrc": "//registry.example/:_authToken=${NPM_TOKEN}\n"})
    assert ".npmrc" not in app(files).files
    assert left_out(files) == ["it holds credentials, which never go into a build"]


def test_a_plain_npmrc_belongs_to_the_install() -> None:
    assert ".npmrc" in app(in_front(**{".npmrc": "fund=false\n"})).files


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("frontend/.nvmrc", "# why\n\nv22.1.0\n", "v22.1.0"),
        ("frontend/.node-version", "22\n", "22"),
        (".nvmrc", "lts/krypton\n", "lts/krypton"),
        ("other/.nvmrc", "18\n", ">=20.9.0"),
    ],
)
def test_node_versions(path: str, text: str, expected: str) -> None:
    assert app({**NEXT, path: text}).node == expected


# --- the configuration


@pytest.mark.parametrize(
    ("text", "server", "standalone", "output"),
    [
        ("export default {};", True, False, ".next"),
        ("// output: 'standalone'\nexport default {};", True, False, ".next"),
        ("export default { output: 'export' };", False, False, "out"),
        ("module.exports = { output: `standalone`, distDir: './build/' };", True, True, "build"),
    ],
)
def test_the_output_of_next(text: str, server: bool, standalone: bool, output: str) -> None:
    found = configured(text)
    assert (found.server, found.standalone, found.output) == (server, standalone, output)


def test_without_a_configuration() -> None:
    files = {path: text for path, text in NEXT.items() if "config" not in path}
    assert (app(files).standalone, app(files).output) == (False, ".next")


# --- routes


def test_a_route_handler_that_hands_on_and_one_that_says_well() -> None:
    assert (app(NEXT).health, app(NEXT).proxied) == ("/healthz", ("/api/",))


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("src/app/(ops)/api/health/route.ts", "export async function GET() {}", "/api/health"),
        ("pages/api/health.ts", "export default function handler() {}", "/api/health"),
        ("pages/api/ready/index.js", "export default () => 1", "/api/ready"),
        ("app/health/route.ts", "export function POST() {}", None),
        ("app/health/page.tsx", "export function GET() {}", None),
        ("app/[shop]/health/route.ts", "export function GET() {}", None),
        ("app/route.ts", "export function GET() {}", None),
        ("app/orders/route.ts", "export function GET() {}", None),
    ],
)
def test_health_routes(path: str, text: str, expected: str | None) -> None:
    files = {"web/package.json": manifest(dependencies={"next": "16"}), f"web/{path}": text}
    assert app(files).health == expected


def test_well_goes_before_ready() -> None:
    get = "export function GET() {}"
    assert app(in_front(**{"app/ready/route.ts": get, "app/api/health/route.ts": get})).health == "/healthz"


def test_a_base_path_stands_before_everything() -> None:
    found = configured('export default { basePath: "/shop" };')
    assert (found.health, found.proxied) == ("/shop/healthz", ("/shop/api/",))


def test_a_base_path_is_where_a_page_is() -> None:
    files = {
        "web/package.json": manifest(dependencies={"next": "16"}),
        "web/next.config.js": "x({ basePath: '/shop' })",
    }
    assert app(files).health == "/shop"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('{ source: "/data/:path*", destination: `${process.env.BACKEND_URL}/data/:path*` }', ("/api/", "/data/")),
        ('{ destination: "http://api:8000/:path*", source: "/data/:path*" }', ("/api/", "/data/")),
        ('{ source: "/old", destination: "/new" }', ("/api/",)),
        ('{ source: "/:path*", destination: "http://api:8000/:path*" }', ("/api/",)),
        ('{ source: "/one", destination: backend + "/one" }', ("/api/", "/one")),
    ],
)
def test_rewrites(rule: str, expected: tuple[str, ...]) -> None:
    assert configured(f"export default {{ rewrites: async () => [{rule}] }};").proxied == expected


def test_a_handler_that_answers_by_itself_hands_nothing_on() -> None:
    route = {"app/api/[...path]/route.ts": "export function GET() { return Response.json({}); }"}
    assert app(in_front(**route)).proxied == ()


def test_a_handler_of_everything_is_no_prefix() -> None:
    assert app(in_front(**{"app/[[...path]]/route.ts": "export const GET = () => fetch(x);"})).proxied == ("/api/",)


# --- variables


def reads(text: str, path: str = "lib/words.ts") -> dict[str, str | None]:
    files = {"web/package.json": manifest(dependencies={"next": "16"}), f"web/{path}": text}
    return {variable.name: variable.default for variable in app(files).variables}


def test_the_variables_of_a_server() -> None:
    (found,) = app(NEXT).variables
    assert (found.name, found.default) == ("BACKEND_URL", "http://127.0.0.1:8000/v1/")
    assert (found.inlined, found.secret) == (False, False)
    assert str(found.seen) == "frontend/app/api/[...path]/route.ts:2"


def test_what_the_build_reads() -> None:
    found = {variable.name: (variable.inlined, variable.secret) for variable in app(VITE).variables}
    assert found == {
        "BACKEND_URL": (True, False), "SENTRY_AUTH_TOKEN": (True, True), "VITE_API_URL": (True, False),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("process.env.ONE", {"ONE": None}),
        ("process.env?.ONE ?? 'a'", {"ONE": "a"}),
        ("process.env['ONE'] || `b`", {"ONE": "b"}),
        ('process.env["ONE"] ?? other', {"ONE": None}),
        ("const { ONE, TWO: two, THREE = 'x', ...rest } = process.env;", {"ONE": None, "TWO": None, "THREE": "x"}),
        ('const { ONE = "x" } = process.env;', {"ONE": "x"}),
        ("const { ONE } = process.env.OTHER;", {"OTHER": None}),
        ("process.env.ONE = 'set';", {}),
        ("process.env.ONE === 'read'", {"ONE": None}),
        ("process.env.NODE_ENV + process.env.PORT + process.env.VERCEL_URL + process.env.npm_package_name", {}),
        ("import.meta.env.VITE_ONE", {"VITE_ONE": None}),
        ("import.meta.env.DEV", {}),
        ("/* process.env.ONE */ 'process'", {}),
    ],
)
def test_reads(text: str, expected: dict[str, str | None]) -> None:
    assert reads(text) == expected


def test_public_keys_are_no_secrets() -> None:
    files = {
        "web/package.json": manifest(dependencies={"next": "16"}),
        "web/lib/a.ts": "process.env.NEXT_PUBLIC_MAP_KEY",
    }
    (found,) = app(files).variables
    assert (found.inlined, found.secret) == (True, False)


@pytest.mark.parametrize("path", ["public/a.js", "e2e/a.ts", "lib/a.spec.ts", "lib/__tests__/a.ts", ".next/a.js"])
def test_code_that_is_not_the_front_ends_own(path: str) -> None:
    assert reads("process.env.ONE", path) == {}


def test_a_package_inside_is_read_by_itself() -> None:
    files = {**NEXT, "frontend/admin/package.json": NEXT_MANIFEST, "frontend/admin/lib/a.ts": "process.env.OF_ADMIN"}
    outer, inner = facts(NodeApp, files)
    assert (outer.folder, [each.name for each in outer.variables]) == ("frontend", ["BACKEND_URL"])
    assert (inner.folder, [each.name for each in inner.variables]) == ("frontend/admin", ["OF_ADMIN"])


# --- JavaScript as text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a // b\nc", "a     \nc"),
        ("a /* b\nc */ d", "a     \n     d"),
        ("'http://x' // y", "'http://x'     "),
        ('"\\"//" + `/* ${x} */`', '"\\"//" + `/* ${x} */`'),
        ("/* never ends", " " * 13),
        ("don't // stop", "don't // stop"),
    ],
)
def test_comments_are_blank_and_strings_are_not(text: str, left: str) -> None:
    assert javascript.script(tree({"a.ts": text}), "a.ts").text == left


def test_an_unreadable_script_is_empty() -> None:
    broken = tree({})
    assert javascript.script(broken, "a.ts").text == ""


def test_places() -> None:
    assert places(NodeApp, VITE) == ["web/package.json:9"]
