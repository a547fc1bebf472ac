"""Stored records on the command line: judged again, compared; and which claims a quick proof leaves out."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from stackproof import pipeline
from stackproof.cli.main import main
from stackproof.errors import Exit, ToolFailed, UserError
from stackproof.model.proof import Evidence, Measurement, Record, Verdict
from stackproof.model.work import Progress
from stackproof.pipeline import records
from stackproof.pipeline.proving import asked
from stackproof.prove import CLAIMS
from stackproof.prove.bench import ProofBench
from stackproof.report import record
from tests.report.sample import RECORD
from tests.test_pipeline_parts import project

EXAMPLE = Path(__file__).parents[1] / "examples/tubeatlas"
SIZE = Evidence(
    "SP202-image-size",
    "image",
    "Every image is small.",
    Verdict.PROVED,
    "so",
    "2000 MB",
    1.0,
    Measurement(
        "",
        "",
        {
            "images": [
                {
                    "name": "app",
                    "bytes": 200_000_000,
                    "control_bytes": 300_000_000,
                    "layers": [{"bytes": 150_000_000, "made_by": "COPY .venv"}],
                }
            ]
        },
    ),
)


def stored(place: Path, *evidence: Evidence, given: Record = RECORD) -> Path:
    folder = place / "proof"
    folder.mkdir(parents=True)
    (folder / "record.json").write_text(record.dump(replace(given, evidence=evidence)))
    return place


def test_other_limits_are_judged_without_running_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = stored(tmp_path / "shop", SIZE)
    (tmp_path / "limits.toml").write_text("[bounds]\nimage_bytes = 100_000_000\n")
    words = ["judge", str(shop), "--limits", str(tmp_path / "limits.toml"), "--out", str(tmp_path / "out")]
    assert main(["judge", str(shop)]) == Exit.OK
    assert "200 MB" not in capsys.readouterr().out
    assert main(words) == Exit.REFUTED
    assert "200 MB is over the limit of 100 MB; the largest layer has 150 MB: COPY .venv" in capsys.readouterr().out
    assert (tmp_path / "out" / "index.html").is_file()
    assert main([*words, "--json"]) == Exit.REFUTED
    judged = json.loads(capsys.readouterr().out)
    assert judged["bounds"]["image_bytes"] == 100_000_000
    assert judged["evidence"][0]["verdict"] == "refuted"


@pytest.mark.parametrize(("name", "words"), [("none.toml", "no such file"), ("empty.toml", "has no limits")])
def test_a_file_without_limits(name: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.toml").write_text("")
    assert main(["judge", str(stored(tmp_path / "shop", SIZE)), "--limits", str(tmp_path / name)]) == Exit.USER
    assert words in capsys.readouterr().err


def test_a_sabotage_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored(tmp_path / "main", SIZE)
    stored(tmp_path / "branch", replace(SIZE, verdict=Verdict.REFUTED, because="the API runs as root"))
    assert main(["compare", "-C", str(tmp_path), "main", "branch/proof/record.json"]) == Exit.REFUTED
    assert "the API runs as root" in capsys.readouterr().out
    assert main(["compare", "-C", str(tmp_path), "branch", "main"]) == Exit.OK
    assert main(["compare", "-C", str(tmp_path), "main", "branch", "--json"]) == Exit.REFUTED
    assert main(["compare", "-C", str(tmp_path), "main", "nothing"]) == Exit.USER


def test_the_last_record_where_there_is_one(tmp_path: Path) -> None:
    assert records.last(tmp_path / "record.json") is None
    (tmp_path / "record.json").write_text("no record")
    assert records.last(tmp_path / "record.json") is None
    assert records.last(stored(tmp_path / "shop", SIZE) / "proof" / "record.json")


def test_a_quick_proof_leaves_out_what_says_why() -> None:
    stack = pipeline.plan(EXAMPLE).stacks["prod"]
    claims, left = asked((), stack, quick=True)
    everything, nothing = asked((), stack, quick=False)
    assert {claim.id for claim in claims} | left.keys() == {claim.id for claim in everything}
    assert nothing == {}
    assert all(left.values())
    assert {claim.id: "a fault" for claim in everything if claim.group == "fault"}.items() <= left.items()
    assert left["SP201-build-time"] == "cold builds"
    assert not {claim.id for claim in claims} & left.keys()


@pytest.mark.parametrize(
    ("only", "quick", "words"),
    [
        (("SP999",), False, "no claim is called SP999"),
        (("SP325",), False, "has nothing that these claims are about"),
        (("SP402", "SP201"), True, "--quick leaves out all of them: SP201-build-time, SP402-graceful-stop"),
    ],
)
def test_nothing_left_to_ask(only: tuple[str, ...], quick: bool, words: str) -> None:
    with pytest.raises(UserError, match=words):
        asked(only, pipeline.plan(EXAMPLE).stacks["prod"], quick=quick)


def test_the_page_says_what_a_quick_proof_leaves_out() -> None:
    page = (Path(__file__).parents[1] / "docs" / "proving.md").read_text("utf-8")
    said = dict(re.findall(r"^\| (SP\d+-[\w-]+) \| (.+) \|$", page, re.MULTILINE))
    assert said == {claim.id: claim.long for claim in CLAIMS if claim.long}


def test_an_engine_that_goes_away_at_the_end_takes_no_evidence_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = ProofBench.__exit__

    def gone(bench: ProofBench, *_: object) -> None:
        end(bench, None, None, None)
        raise ToolFailed("it refuses connections", fix="Start it.")

    monkeypatch.setattr(ProofBench, "__exit__", gone)
    planned = pipeline.plan(project(tmp_path / "shop"))
    found = pipeline.prove(planned, "prod", "process", ("SP105",), lambda _: None)
    assert [item.claim for item in found.evidence] == ["SP105-no-dev-in-prod"]
    assert found.notes[-1] == "the proof's stack was left: it refuses connections. The next one removes it."


def test_the_last_proof_says_how_long_the_next_may_take(tmp_path: Path) -> None:
    planned = pipeline.plan(project(tmp_path / "shop"))
    notes: list[Progress] = []
    first = pipeline.prove(planned, "prod", "process", ("SP105",), notes.append)
    pipeline.prove(planned, "prod", "process", ("SP105",), notes.append, before=first)
    pipeline.prove(planned, "prod", "process", ("SP105",), notes.append, before=replace(first, runtime="docker"))
    said = [note.ahead for note in notes if note.state == "begun"]
    assert said == ["1 of 1, the last", "1 of 1, the last, at most 1 s left", "1 of 1, the last"]


def test_a_proof_that_has_measured_nothing_yet_is_no_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise ToolFailed("it refuses connections", fix="Start it.")

    monkeypatch.setattr(ProofBench, "__enter__", gone)
    with pytest.raises(ToolFailed):
        pipeline.prove(pipeline.plan(project(tmp_path / "shop")), "prod", "process", ("SP105",), lambda _: None)
