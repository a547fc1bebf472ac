"""What a service writes, as lines with times and a cap."""

from datetime import UTC, datetime
from pathlib import Path

from stackproof.run.process.launch import Line
from stackproof.run.process.logfile import LogFile, last, older, text

NOON = datetime(2026, 1, 2, 12, 0, 0, 5000, tzinfo=UTC)
AT = "2026-01-02T12:00:00.005Z"


def test_lines_are_handed_on_whole(tmp_path: Path) -> None:
    told: list[Line] = []
    log = LogFile(tmp_path / "logs/api.log", "api", told.append)
    for part in (b"one\r\ntw", b"o\n", b"\xff", b"\nrest"):
        log.write(part, NOON)
    assert told == [Line("api", AT, "one"), Line("api", AT, "two"), Line("api", AT, "�")]
    log.close()
    assert told[-1].text == "rest"
    assert (tmp_path / "logs/api.log").read_bytes().startswith(f"{AT} one\n{AT} two\n".encode())
    assert text(tmp_path / "logs/api.log") == "one\ntwo\n�\nrest\n"
    assert last(tmp_path / "logs/api.log", 2) == "�\nrest"


def test_a_file_that_is_full_becomes_the_older_one(tmp_path: Path) -> None:
    path = tmp_path / "api.log"
    log = LogFile(path, "api", lambda _: None, cap=60)
    for number in range(5):
        log.write(f"line {number}\n".encode(), NOON)
    log.close()
    assert text(older(path)) == "line 2\nline 3\n" or path.stat().st_size <= 60
    assert text(path).endswith("line 4\n") or text(older(path)).endswith("line 4\n")
    assert path.stat().st_size + older(path).stat().st_size <= 180


def test_a_line_without_an_end_is_cut(tmp_path: Path) -> None:
    told: list[Line] = []
    log = LogFile(tmp_path / "api.log", "api", told.append)
    log.write(b"x" * 100_000, NOON)
    assert len(told) == 1
    log.close()
