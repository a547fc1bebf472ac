"""What a user says in deploy/env/<env>.env reaches the build of a front end, and no other."""

from dataclasses import replace
from pathlib import Path

import pytest

from stackproof.errors import UserError
from stackproof.model.facts import NodeVariable
from stackproof.model.running import Site
from stackproof.pipeline import where
from tests.plan.small import stack
from tests.plan.test_front import API, CODE, VITE

READ = tuple(NodeVariable(name, None, True, False, CODE) for name in ("BACKEND_URL", "VITE_TITLE", "VITE_UNSET"))
STACK = stack(*API, replace(VITE, variables=READ))


def site(root: Path, text: str | None) -> Site:
    if text is None:
        return Site(root, root, None)
    file = root / "prod.env"
    file.write_text(text)
    return Site(root, root, file)


def test_only_what_is_left_to_the_user_and_said(tmp_path: Path) -> None:
    here = site(tmp_path, "VITE_TITLE='a shop'\nBACKEND_URL=http://elsewhere\nDATABASE_URL=postgresql://x\n")
    assert where.given_to_build(here, STACK.node[0]) == {"VITE_TITLE": "a shop"}
    assert where.given_to_build(here, STACK.build) == {}


def test_without_a_file(tmp_path: Path) -> None:
    assert where.given_to_build(site(tmp_path, None), STACK.node[0]) == {}


def test_a_file_that_cannot_be_read_as_one(tmp_path: Path) -> None:
    here = site(tmp_path, "not a line of it\n")
    with pytest.raises(UserError, match=r"prod\.env:1: not a NAME=value line"):
        where.given_to_build(here, STACK.node[0])
    (tmp_path / "prod.env").write_bytes(b"VITE_TITLE=\xff\n")
    with pytest.raises(UserError, match="not UTF-8"):
        where.given_to_build(here, STACK.node[0])
