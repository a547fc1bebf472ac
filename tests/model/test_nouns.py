"""The few things that nouns do themselves."""

import pytest

from stackproof.model.facts import Flower, ImportRoot, Project
from stackproof.model.source import Line, Place, SourceTree
from stackproof.model.stack import Need, Service, Stack, resolve
from tests.plan.small import SHOP
from tests.plan.small import stack as planned


def test_a_place_is_path_and_line_or_the_file_as_a_whole() -> None:
    assert str(Place("app.py", 3)) == "app.py:3"
    assert str(Place("app.py")) == "app.py"


def test_a_tree_tells_its_files_by_folder_and_kind() -> None:
    tree = SourceTree({"app.py": b"", "src/shop/a.py": b"", "b.toml": b""}, frozenset({"src/logo.png", "big.py"}))
    assert tree.paths == ("app.py", "b.toml", "big.py", "src/logo.png", "src/shop/a.py")
    assert tree.under("src/") == ("src/logo.png", "src/shop/a.py")
    assert tree.under("") == tree.paths
    assert tree.python() == ("app.py", "src/shop/a.py")
    assert "src/logo.png" in tree
    assert "gone.py" not in tree


def test_text_is_decoded_as_the_file_says() -> None:
    tree = SourceTree({"a.py": "# coding: latin-1\nx = 'é'".encode("latin-1"), "b.txt": b"\xef\xbb\xbfx\ny"})
    assert tree.text("a.py") == "# coding: latin-1\nx = 'é'"
    assert list(tree.lines("b.txt")) == [Line("x", Place("b.txt", 1)), Line("y", Place("b.txt", 2))]
    assert tree.text("gone.py") is None
    assert list(tree.lines("gone.py")) == []


def test_a_module_is_parsed_once() -> None:
    tree = SourceTree({"a.py": b"x = 1"})
    assert tree.module("a.py") is tree.module("a.py")
    with pytest.raises(KeyError):
        tree.module("gone.py")
    with pytest.raises(SyntaxError):
        SourceTree({"a.py": b"x ="}).module("a.py")


def test_a_project_gives_its_facts_by_kind() -> None:
    flower = Flower(Place("pyproject.toml", 1))
    project = Project("shop", (flower,))
    assert project.all(Flower) == (flower,)
    assert project.first(ImportRoot) is None


def test_references_are_filled_in_and_an_unknown_one_is_a_bug() -> None:
    assert resolve("redis://@{redis.host}:@{redis.port}/0", {"redis.host": "r", "redis.port": "1"}) == "redis://r:1/0"
    with pytest.raises(KeyError):
        resolve("@{nobody.host}", {})


def _stack(*services: Service) -> Stack:
    base = planned(*SHOP)
    return Stack("shop", "prod", services, (), (), base.build)


def _service(name: str, *needs: str, profiles: tuple[str, ...] = ()) -> Service:
    return Service(name, "web", "x", False, (), needs=tuple(Need(need) for need in needs), profiles=profiles)


def test_services_come_after_what_they_need_and_without_unasked_profiles() -> None:
    stack = _stack(_service("c", "b"), _service("b", "a"), _service("a"), _service("m", "a", profiles=("monitoring",)))
    assert [service.name for service in stack.active()] == ["a", "b", "c"]
    assert [service.name for service in stack.active(frozenset({"monitoring"}))] == ["a", "b", "m", "c"]
    assert stack.service("b").waits_for("a")
    assert not stack.service("a").waits_for("b")
    assert stack.name == "shop-prod"


def test_services_that_wait_for_each_other_are_no_order() -> None:
    with pytest.raises(ValueError, match="wait for each other"):
        _stack(_service("a", "b"), _service("b", "a")).active()
