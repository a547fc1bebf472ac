"""Building on a real engine, and looking inside what was built."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stackproof.build.docker import DockerWorkshop
from stackproof.errors import BuildFailed, ToolFailed
from stackproof.model.artifacts import Built
from stackproof.model.running import Progress
from stackproof.tools.docker.engine import Engine
from tests.engine import tiny

pytestmark = pytest.mark.engine
TAG = "stackproof-tiny-build:test"
STACK = tiny.stack("docker-tiny-build", 18392)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def workshop(engine: Engine) -> Iterator[DockerWorkshop]:
    workshop = DockerWorkshop(engine)
    yield workshop
    workshop.discard(TAG)
    assert engine.ask_for("Looking", lambda api: api.inspect_image(TAG)) is None


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tiny")
    tiny.write(root, STACK)
    return root


@pytest.fixture(scope="module")
def built(workshop: DockerWorkshop, context: Path) -> Built:
    return workshop.build(context, STACK, tag=TAG)


def test_the_image_is_described(built: Built) -> None:
    image = built.image
    assert image.user == "10001:10001"
    assert image.size == sum(layer.size for layer in image.layers) > 10_000_000
    by_step = {layer.made_by: layer for layer in image.layers}
    copied = next(layer for made_by, layer in by_step.items() if made_by.startswith("COPY app.py"))
    assert copied.size == len(tiny.APP)
    assert image.layers[-1] == copied
    assert "[runtime 8/8] COPY app.py /app/app.py" in built.log


def test_a_file_that_a_later_layer_deletes_is_found_in_its_layer(workshop: DockerWorkshop, built: Built) -> None:
    found = {path: (digest, contents) for digest, path, contents in workshop.layer_files(built.image)}
    digest, contents = found["app/gone.txt"]
    assert contents == b"deleted-in-the-next-layer"
    assert "gone.txt" in next(layer.made_by for layer in built.image.layers if layer.digest == digest)
    assert {digest for digest, _ in found.values()} <= {layer.digest for layer in built.image.layers}


def test_looking_inside_is_done_as_the_images_user(workshop: DockerWorkshop, built: Built) -> None:
    script = "import os; print(os.getuid(), os.path.exists('/app/app.py'), os.path.exists('/app/gone.txt'))"
    assert workshop.look(built.image, script).output == "10001 True False\n"
    assert workshop.look(built.image, script, user="0").output.startswith("0 ")


def test_looking_has_no_network_and_a_time_limit(workshop: DockerWorkshop, built: Built, engine: Engine) -> None:
    seen = workshop.look(built.image, "import os; print(os.listdir('/sys/class/net'))")
    assert seen.output == "['lo']\n"
    assert workshop.look(built.image, "import time; time.sleep(60)", timeout=1).exit_code is None
    left = engine.ask("Listing", lambda api: api.containers(all=True, filters={"ancestor": built.image.digest}))
    assert left == []


def test_a_script_that_fails_is_a_value(workshop: DockerWorkshop, built: Built) -> None:
    seen = workshop.look(built.image, "raise SystemExit('not here')")
    assert (seen.exit_code, seen.errors) == (1, "not here\n")


def test_history_holds_labels_and_steps(workshop: DockerWorkshop, built: Built) -> None:
    told = json.loads(workshop.history(built.image))
    assert told["inspect"]["Config"]["Labels"]["tiny"] == "yes"
    assert any("gone.txt" in step["CreatedBy"] for step in told["history"])


def test_warm_uses_layers_and_cold_uses_neither_layers_nor_downloads(workshop: DockerWorkshop, context: Path) -> None:
    warm = workshop.build(context, STACK, tag=TAG)
    assert "CACHED" in warm.log
    cold = workshop.build(context, STACK, tag=TAG, cold=True)
    steps = dict(re.findall(r"^#(\d+) (\[.*)$", cold.log, re.MULTILINE))
    cached = [steps[number] for number in re.findall(r"^#(\d+) CACHED$", cold.log, re.MULTILINE)]
    assert not any("RUN" in step for step in cached), cached
    assert workshop.look(cold.image, "print(open('/warm').read())").output.strip() == "1"  # the mount began empty
    assert warm.image.digest != cold.image.digest


def test_an_image_that_lost_its_tag_is_gone(workshop: DockerWorkshop, context: Path, engine: Engine) -> None:
    first = workshop.build(context, STACK, tag=TAG, variables={"FLAVOUR": "one"})
    second = workshop.build(context, STACK, tag=TAG, variables={"FLAVOUR": "two"})
    assert workshop.look(second.image, "print(open('/app/flavour').read())").output == "two\n"
    assert engine.ask_for("Looking", lambda api: api.inspect_image(first.image.digest)) is None


def test_another_dockerfile_and_progress(context: Path, engine: Engine) -> None:
    steps: list[Progress] = []
    workshop = DockerWorkshop(engine, steps.append)
    text = "FROM python:3.11-slim-bookworm AS runtime\nRUN echo other\n"
    built = workshop.build(context, STACK, tag=f"{TAG}-other", dockerfile=text)
    workshop.discard(f"{TAG}-other")
    assert [step.state for step in steps][0 :: len(steps) - 1] == ["begun", "done"]
    assert "[2/2] RUN echo other" in {step.text for step in steps}
    assert built.image.user == ""
    assert "Debian" in built.image.stand_in or built.image.stand_in == ""


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("FROM python:3.11-slim-bookworm AS runtime\nRUN echo why; false", BuildFailed, r"at \[2/2\] RUN echo why"),
        ("FROM python:3.11-slim-bookworm AS runtime\nCOPY missing /", BuildFailed, "missing"),
        ("FROM python:3.11-slim-bookworm AS runtime\nNONSENSE", BuildFailed, "NONSENSE"),
        ("FROM stackproof-no-such-base:1 AS runtime", ToolFailed, "stackproof-no-such-base:1"),
    ],
)
def test_failures_are_worded(
    workshop: DockerWorkshop, context: Path, text: str, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words) as caught:
        workshop.build(context, STACK, tag=f"{TAG}-bad", dockerfile=text)
    assert type(caught.value) is kind


def test_an_engine_that_is_not_there(context: Path, tmp_path: Path) -> None:
    engine = Engine({"DOCKER_HOST": f"unix://{tmp_path}/none.sock", "PATH": "/usr/bin:/bin:/usr/local/bin"})
    with pytest.raises(ToolFailed, match="no Docker Engine"):
        DockerWorkshop(engine).build(context, replace(STACK), tag=TAG)


def test_after_a_cold_build_what_did_not_change_keeps_its_layers(workshop: DockerWorkshop, context: Path) -> None:
    """The same contents from a step with a cache mount and one without: BuildKit could choose either later."""
    made = f"RUN --mount=type=cache,target=/cache echo {time.time_ns()} > /warm"
    text = re.sub("RUN --mount=type=cache.*", made, tiny.DOCKERFILE)
    first = workshop.build(context, STACK, tag=TAG, dockerfile=text)
    for _ in range(2):
        workshop.build(context, STACK, tag=TAG, dockerfile=text, cold=True)
    (context / "app.py").write_text(tiny.APP + "\n# touched\n")
    second = workshop.build(context, STACK, tag=TAG, dockerfile=text)
    (context / "app.py").write_text(tiny.APP)
    before, after = ([layer.digest for layer in built.image.layers] for built in (first, second))
    assert before[:-1] == after[:-1]
    assert before[-1] != after[-1]
