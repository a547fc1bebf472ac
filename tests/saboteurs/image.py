"""What breaks the promises about the image, one at a time."""

from tests.saboteurs import Saboteur
from tests.saboteurs.edits import DOCKER, bounded
from tests.saboteurs.images import at_the_end, python, rendered


def _slow(text: str) -> str:
    """Nothing but a step that takes longer than the limit: the time of the rest is not what is to be shown."""
    base = next(line.split()[1] for line in text.splitlines() if line.endswith(" AS base"))
    return "\n".join([f"FROM {base} AS runtime", python("import time; time.sleep(3)")]) + "\n"


_INTO_PACKAGES = "import shutil, sysconfig; shutil.copytree('/app/src', sysconfig.get_path('purelib') + '/own')"
_COMPILER = "import os, shutil, sys; shutil.copy(sys.executable, '/usr/local/bin/gcc-12')"
_TEST_TOOL = "import pathlib, sysconfig; pathlib.Path(sysconfig.get_path('purelib'), 'pytest').mkdir()"
_CACHE = "import os, pathlib; os.makedirs('/root/.cache/pip'); pathlib.Path('/root/.cache/pip/a.whl').write_text('x')"
_NOTHING_IN_FOLDERS = "src/**/.env*\nsrc/**/*.json\nsrc/**/id_rsa\n"
_DELETE = "import shutil; shutil.rmtree('/srv/context')"

IMAGE: tuple[Saboteur, ...] = (
    Saboteur(
        "SP201-build-time",
        "a build step takes longer than the limit",
        "which is more than 2 s",
        stack=bounded(build_seconds=2.0),
        artifacts=rendered("Dockerfile", _slow),
        on=DOCKER,
    ),
    Saboteur(
        "SP201-build-time",
        "a build step fails",
        "could not be built",
        artifacts=rendered("Dockerfile", lambda text: _slow(text) + python("raise SystemExit(7)") + "\n"),
        on=DOCKER,
    ),
    Saboteur(
        "SP202-image-size",
        "something large is left in the image",
        "the largest layer has 600 MB",
        stack=bounded(image_bytes=500_000_000),
        artifacts=at_the_end(python("open('/opt/dump', 'wb').write(bytes(600_000_000))")),
        on=DOCKER,
        slow=True,
    ),
    Saboteur(
        "SP202-image-size",
        "the image is over the limit that the user set",
        "over the limit of 20 MB",
        stack=bounded(image_bytes=20_000_000),
        on=DOCKER,
    ),
    Saboteur(
        "SP203-non-root-image",
        "the image runs as root",
        "'0:0' is root",
        artifacts=at_the_end("USER 0:0", as_root=False),
        on=DOCKER,
    ),
    Saboteur(
        "SP203-non-root-image",
        "the image runs as a user that only has a name",
        "the name 'nobody'",
        artifacts=at_the_end("USER nobody", as_root=False),
        on=DOCKER,
    ),
    Saboteur(
        "SP204-code-read-only",
        "a module may be written to by everybody",
        "can write to /app/src/tubeatlas/main.py",
        artifacts=at_the_end(python("import os; os.chmod('/app/src/tubeatlas/main.py', 0o666)")),
        on=DOCKER,
    ),
    Saboteur(
        "SP204-code-read-only",
        "the packages belong to the user that runs them",
        "/app/.venv/lib",
        artifacts=at_the_end(python("import os; os.chown('/app/.venv/lib', 10001, 10001)")),
        on=DOCKER,
    ),
    Saboteur(
        "SP205-lean-image",
        "a compiler is left in the image",
        "programs: /usr/local/bin/gcc-12",
        artifacts=at_the_end(python(_COMPILER)),
        on=DOCKER,
    ),
    Saboteur(
        "SP205-lean-image",
        "a test tool is left in the image",
        "site-packages/pytest",
        artifacts=at_the_end(python(_TEST_TOOL)),
        on=DOCKER,
    ),
    Saboteur(
        "SP205-lean-image",
        "a download cache is left in the image",
        "files in caches: /root/.cache/pip/a.whl",
        artifacts=at_the_end(python(_CACHE)),
        on=DOCKER,
    ),
    Saboteur(
        "SP206-no-secret",
        "nothing keeps secrets out of the build context",
        "the secret planted in src/tubeatlas/.env is in /app/src/tubeatlas/.env",
        artifacts=rendered(".dockerignore", lambda _: ""),
        on=DOCKER,
    ),
    Saboteur(
        "SP206-no-secret",
        "the whole context is copied, and deleted again in the next step",
        "the secret planted in .env is in /srv/context/.env",
        artifacts=lambda artifacts: rendered(".dockerignore", lambda _: _NOTHING_IN_FOLDERS)(
            at_the_end("COPY . /srv/context", python(_DELETE))(artifacts)
        ),
        on=DOCKER,
    ),
    Saboteur(
        "SP206-no-secret",
        "a build variable becomes an environment variable of the image",
        "the secret planted in STACKPROOF_CANARY is in the image's configuration",
        artifacts=at_the_end("ARG STACKPROOF_CANARY", "ENV TOKEN=$STACKPROOF_CANARY", as_root=False),
        on=DOCKER,
    ),
    Saboteur(
        "SP206-no-secret",
        "a build step prints a build variable, in base64",
        "a planted secret, encoded, is in the build log",
        artifacts=at_the_end(
            "ARG STACKPROOF_CANARY",
            python("import base64, os; print(base64.b64encode(os.environ['STACKPROOF_CANARY'].encode()).decode())"),
            as_root=False,
        ),
        on=DOCKER,
    ),
    Saboteur(
        "SP207-stable-dependency-layer",
        "the application is installed among the packages",
        "makes a new layer of packages",
        artifacts=at_the_end(python(_INTO_PACKAGES)),
        on=DOCKER,
    ),
    Saboteur(
        "SP207-stable-dependency-layer",
        "a step that has nothing to do with the code comes after it",
        "changes a layer without code",
        artifacts=at_the_end(python("import pathlib, time; pathlib.Path('/opt/made').write_text(str(time.time()))")),
        on=DOCKER,
    ),
)
