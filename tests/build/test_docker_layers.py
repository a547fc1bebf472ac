import pytest

from stackproof.build.docker import layers


def told(*steps: tuple[str, int]) -> list[dict[str, object]]:
    """As the engine's API has it: newest first."""
    return [{"CreatedBy": text, "Size": size} for text, size in reversed(steps)]


def inspected(*digests: str, labels: dict[str, str] | None = None) -> dict[str, object]:
    return {"Id": "sha256:image", "RootFS": {"Layers": list(digests)}, "Config": {"User": "10001", "Labels": labels}}


STEPS = (
    ("ADD root.tar / # buildkit", 100),
    ("ENV A=1", 0),
    ("WORKDIR /app", 0),
    ("RUN /bin/sh -c rm /x # buildkit", 0),
    ('CMD ["python"]', 0),
    ("/bin/sh -c #(nop)  EXPOSE 80", 0),
    ("COPY app.py /app/app.py # buildkit", 7),
)


def test_settings_make_no_layer_and_steps_that_write_nothing_do() -> None:
    steps = layers.steps(told(*STEPS), 4)
    assert steps is not None
    image = layers.image("tag", inspected("a", "b", "c", "d"), steps)
    assert [(layer.digest, layer.size, layer.made_by.split()[0]) for layer in image.layers] == [
        ("a", 100, "ADD"),
        ("b", 0, "WORKDIR"),
        ("c", 0, "RUN"),
        ("d", 7, "COPY"),
    ]
    assert (image.size, image.user, image.stand_in) == (107, "10001", "")


def test_a_guess_that_does_not_add_up_is_no_answer() -> None:
    assert layers.steps(told(*STEPS), 3) is None


def test_the_archive_knows_what_the_engine_does_not_tell() -> None:
    history = [
        {"created_by": text, "empty_layer": text.startswith(("ENV", "WORKDIR", "CMD", "/bin"))} for text, _ in STEPS
    ]
    steps = layers.exact(told(*STEPS), history)
    assert [step.size for step in steps if step.layer] == [100, 0, 7]


def test_the_stand_in_label_is_passed_on() -> None:
    image = layers.image("tag", inspected(labels={layers.STAND_IN: "assembled"}), ())
    assert image.stand_in == "assembled"
    assert image.layers == ()


def test_a_history_of_another_image_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        layers.image("tag", inspected("a"), ())
