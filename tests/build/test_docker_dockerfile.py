import pytest

from stackproof.build.docker import dockerfile


@pytest.mark.parametrize(
    ("line", "cold"),
    [
        (
            "RUN --mount=type=cache,target=/root/.cache/uv uv sync",
            "RUN --mount=type=tmpfs,target=/root/.cache/uv uv sync",
        ),
        ("RUN --mount=target=/c,type=cache,id=x,sharing=locked a", "RUN --mount=type=tmpfs,target=/c a"),
        ('RUN --mount="type=cache,dst=/c" a', "RUN --mount=type=tmpfs,target=/c a"),
        ("RUN --mount=type=cache,destination=/c a", "RUN --mount=type=tmpfs,target=/c a"),
        ("RUN --mount=type=secret,id=ca a", "RUN --mount=type=secret,id=ca a"),
        ("RUN --mount=type=bind,target=/c a", "RUN --mount=type=bind,target=/c a"),
        ("COPY a b", "COPY a b"),
    ],
)
def test_only_cache_mounts_become_scratch_space(line: str, cold: str) -> None:
    assert dockerfile.cold(line) == cold


def test_several_mounts_of_one_step() -> None:
    text = "RUN --mount=type=cache,target=/a \\\n --mount=type=secret,id=ca \\\n --mount=type=cache,target=/b \\\n x\n"
    assert dockerfile.cold(text).count("type=tmpfs") == 2
    assert "type=cache" not in dockerfile.cold(text)
