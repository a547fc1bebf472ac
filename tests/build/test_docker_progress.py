from stackproof.build.docker import progress

OUTPUT = """\
#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 32B done
#1 DONE 0.0s

#5 [builder 2/4] RUN make
#5 CACHED

#6 [builder 3/4] RUN false
#6 0.345 going wrong
#6 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1
------
 > [builder 3/4] RUN false:
0.345 going wrong
------
ERROR: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1
"""


def read(text: str) -> tuple[progress.Steps, list[str]]:
    steps = progress.Steps()
    return steps, [name for line in text.splitlines() if (name := steps.read(line))]


def test_each_step_is_told_when_it_begins_and_when_it_writes() -> None:
    _, told = read(OUTPUT)
    assert told == [
        'building with "default" instance using docker driver',
        "[internal] load build definition from Dockerfile",
        "[builder 2/4] RUN make",
        "[builder 3/4] RUN false",
        "[builder 3/4] RUN false",
    ]


def test_the_step_that_failed_is_named() -> None:
    steps, _ = read(OUTPUT)
    assert steps.failed == "[builder 3/4] RUN false"


def test_a_build_that_ends_well_has_no_failed_step() -> None:
    steps, _ = read("#1 [1/1] RUN true\n#1 DONE 1.2s")
    assert steps.failed == ""


def test_last_words_leave_out_the_frame() -> None:
    said = progress.last_words(OUTPUT)
    assert said.splitlines()[-1].startswith("ERROR: failed to solve")
    assert "------" not in said


def test_a_base_image_that_cannot_be_found_is_named() -> None:
    said = "ERROR: failed to solve: python:9: failed to resolve source metadata for docker.io/library/python:9: x"
    assert progress.missing_base(said) == "docker.io/library/python:9"
    assert progress.missing_base(OUTPUT) is None


def test_an_engine_that_went_away_is_seen() -> None:
    assert progress.no_engine("ERROR: Cannot connect to the Docker daemon at unix:///x. Is it running?")
    assert not progress.no_engine(OUTPUT)
