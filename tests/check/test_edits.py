"""Safe edits, all that do not touch each other."""

from stackproof.check.edits import edited
from stackproof.model.findings import Edit, Finding
from stackproof.model.source import Place, SourceTree

TREE = SourceTree({"a": b"one\r\ntwo\r\nthree\r\n", "bad": b"\xff\n"})


def _finding(*edits: Edit) -> Finding:
    return Finding("SR000-x", "error", Place("a", 1), "found", "fix", edits)


def test_lines_are_replaced_and_removed_from_the_bottom_up() -> None:
    mended, files = edited([_finding(Edit("a", 1, 1, "1\nand a half")), _finding(Edit("a", 3, 3, ""))], TREE)
    assert len(mended) == 2
    assert [(each.path, each.text) for each in files] == [("a", "1\r\nand a half\r\ntwo\r\n")]


def test_the_same_edit_is_made_once_and_one_across_it_waits() -> None:
    mended, files = edited([_finding(Edit("a", 1, 2, "x"))] * 2 + [_finding(Edit("a", 2, 3, "y"))], TREE)
    assert (len(mended), files[0].text) == (2, "x\r\nthree\r\n")


def test_what_cannot_be_read_stays() -> None:
    assert edited([_finding(), _finding(Edit("bad", 1, 1, "x")), _finding(Edit("gone", 1, 1, "x"))], TREE) == ((), ())
