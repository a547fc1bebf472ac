"""The plan's base images and the list that `scripts/engine` works from are two places that must name the same."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from stackproof.plan import knowledge
from tests.listed_bases import BASES, ENGINE

_IMAGE = re.compile(r"[a-z][a-z0-9./_-]*:[A-Za-z0-9][\w.-]*")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings(tuple(value.values()))
    elif isinstance(value, tuple | list | frozenset | set):
        for each in value:
            yield from _strings(each)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _strings(tuple(getattr(value, field.name) for field in fields(value)))


def _planned() -> set[str]:
    return {text for value in vars(knowledge).values() for text in _strings(value) if _IMAGE.fullmatch(text)}


def test_the_images_of_the_plan_are_found() -> None:
    assert {knowledge.REDIS_IMAGE, knowledge.UV_IMAGE, *(line.base for line in knowledge.PYTHONS)} <= _planned()


def test_every_image_of_the_plan_has_a_stand_in_or_is_listed_as_not_to_be_had() -> None:
    known = {base.image for base in BASES} | {base.repository for base in BASES if ":" not in base.image}
    missing = {image for image in _planned() if image not in known and image.partition(":")[0] not in known}
    assert missing == set(), "add these to scripts/engine.d/bases"


def test_the_list_is_in_order() -> None:
    assert len({base.image for base in BASES}) == len(BASES)
    for base in BASES:
        assert base.made in {"usual", "seldom", "cannot"}, base
        assert (base.recipe == "-") == (base.made == "cannot"), base
        assert base.recipe == "-" or (ENGINE / base.recipe / "Dockerfile").is_file(), base
        assert base.made == "cannot" or ":" in base.image, base
