"""Small front ends as texts: a Next.js server that hands /api on, and a Vite page that is files alone."""

import json

Files = dict[str, str]


def manifest(**more: object) -> str:
    """A package.json with one member a line."""
    return json.dumps({"name": "front", "private": True, **more}, indent=2)


NEXT_MANIFEST = manifest(
    engines={"node": ">=20.9.0"},
    scripts={"dev": "next dev --turbopack", "build": "next build"},
    dependencies={"next": "16.4.6", "react": "19.3.1"},
    devDependencies={"typescript": "6.0.3"},
)
VITE_MANIFEST = manifest(scripts={"dev": "vite", "build": "vite build"}, devDependencies={"vite": "8.3.8"})

NEXT: Files = {
    "frontend/package.json": NEXT_MANIFEST,
    "frontend/package-lock.json": '{"lockfileVersion": 3}',
    "frontend/next.config.ts": 'export default { output: "standalone" };\n',
    "frontend/tsconfig.json": "{}",
    "frontend/README.md": "words",
    "frontend/.env.local": "BACKEND_URL=http://elsewhere\n",
    "frontend/app/page.tsx": "export default () => <p>don't</p>;\n",
    "frontend/app/healthz/route.ts": "export const GET = () => Response.json({});\n",
    "frontend/app/api/[...path]/route.ts": (
        "// process.env.FORGOTTEN\n"
        'const from = process.env.BACKEND_URL || "http://127.0.0.1:8000/v1/";\n'
        "const hand = (request: Request) => fetch(from + new URL(request.url).pathname);\n"
        "export { hand as GET, hand as POST };\n"
    ),
    "frontend/lib/words.test.ts": "process.env.OF_A_TEST\n",
    "frontend/tests/page.test.ts": "process.env.OF_A_TEST\n",
    "frontend/public/robots.txt": "User-agent: *\n",
}
VITE: Files = {
    "web/package.json": VITE_MANIFEST,
    "web/package-lock.json": '{"lockfileVersion": 3}',
    "web/index.html": "<!doctype html>",
    "web/vite.config.ts": (
        "export default defineConfig({\n"
        '  server: { proxy: { "/api": process.env.BACKEND_URL ?? "http://127.0.0.1:8000" } },\n'
        "  define: { token: process.env.SENTRY_AUTH_TOKEN },\n"
        "});\n"
    ),
    "web/src/main.ts": "const base = import.meta.env.VITE_API_URL;\n",
}
