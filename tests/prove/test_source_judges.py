"""Stored measurements of the claims about the source, judged."""

import pytest

from stackproof.model.proof import Claim, Json, Measurement, Verdict
from stackproof.model.stack import Bounds
from stackproof.prove import clean_clone, environments_apart, files_valid, lock_agrees, no_dev_in_prod, variables_agree

P, R, U = Verdict.PROVED, Verdict.REFUTED, Verdict.UNMEASURED
CLONE: dict[str, Json] = {"exit_code": 0, "said": "imported", "modules": ["shop.main"], "differing": []}
LOCK: dict[str, Json] = {
    "tool": "poetry",
    "manifest": "pyproject.toml",
    "lock": "poetry.lock",
    "exit_code": 0,
    "said": "",
    "pinned": 3,
    "asked": [],
}
PIP: dict[str, Json] = {**LOCK, "tool": "pip", "manifest": "requirements.in", "lock": "requirements.txt"}


def _asked(version: str | None, specifier: str = ">=2", conditional: bool = False) -> list[Json]:
    wanted: dict[str, Json] = {"name": "flask", "specifier": specifier, "version": version, "seen": "requirements.in:1"}
    return [{**wanted, "conditional": conditional}]


NAMED: dict[str, Json] = {"prod": {"A": ["deploy/env/prod.env.example"]}}
VARIABLES: dict[str, Json] = {"read": {"A": "a.py:1"}, "named": NAMED, "read_by_others": {"PYTHONPATH": "Python"}}
TAKEN: dict[str, Json] = {
    "project name": ["a"], "port of the host": ["*:1"], "network": [], "volume": ["v"], "image": [], "secret file": [],
}  # fmt: skip
OTHER: dict[str, Json] = {**TAKEN, "project name": ["b"], "port of the host": ["*:2"], "volume": ["w"]}
DEV: dict[str, Json] = {
    "looked": 4,
    "found": [{"environment": "prod", "service": "api", "what": "is started with vite"}],
}
FILES: dict[str, Json] = {"compose": "2.26", "files": [{"environment": "dev", "exit_code": 0, "said": ""}]}
TABLE: list[tuple[Claim, dict[str, Json], Verdict, str]] = [
    (clean_clone.CLAIM, CLONE, P, "shop.main"),
    (clean_clone.CLAIM, {**CLONE, "differing": ["a.py", "b.py"]}, P, "2 files here differ from the commit, the first"),
    (
        clean_clone.CLAIM,
        {**CLONE, "exit_code": 1, "said": "ModuleNotFoundError: No module named 'shop.local'"},
        R,
        "No module named 'shop.local' (is a file that is needed ignored by git",
    ),
    (clean_clone.CLAIM, {**CLONE, "exit_code": 1, "said": "ValueError: 7"}, R, "does not work: ValueError: 7"),
    (clean_clone.CLAIM, {**CLONE, "exit_code": None}, U, "time limit"),
    (lock_agrees.CLAIM, LOCK, P, "poetry.lock agrees with pyproject.toml"),
    (lock_agrees.CLAIM, {**LOCK, "exit_code": 1, "said": "pyproject.toml changed"}, R, "pyproject.toml changed"),
    (lock_agrees.CLAIM, {**LOCK, "lock": None}, R, "there is no lock"),
    (lock_agrees.CLAIM, {**PIP, "asked": _asked("3.1")}, P, "pins everything"),
    (
        lock_agrees.CLAIM,
        {**PIP, "asked": _asked("1.1")},
        R,
        "flask is pinned to 1.1, but requirements.in:1 asks for >=2",
    ),
    (lock_agrees.CLAIM, {**PIP, "asked": _asked("3.0rc1", "")}, P, "pins everything"),
    (lock_agrees.CLAIM, {**PIP, "asked": _asked(None)}, R, "flask (requirements.in:1) is not pinned"),
    (lock_agrees.CLAIM, {**PIP, "asked": _asked(None, conditional=True)}, P, "pins everything"),
    (variables_agree.CLAIM, VARIABLES, P, "1 variables are read; prod name exactly these"),
    (variables_agree.CLAIM, {**VARIABLES, "read": {}}, R, "A in deploy/env/prod.env.example is read by no code"),
    (
        variables_agree.CLAIM,
        {**VARIABLES, "read": {"A": "a.py:1", "B": "a.py:2"}},
        R,
        "B is read at a.py:2, but not named for prod",
    ),
    (
        variables_agree.CLAIM,
        {**VARIABLES, "named": {"prod": {"A": ["x"], "PYTHONPATH": ["x"]}}},
        P,
        "1 variables are read",
    ),
    (variables_agree.CLAIM, {**VARIABLES, "named": {}}, R, "A is read at a.py:1, but there is no template"),
    (variables_agree.CLAIM, {**VARIABLES, "read": {}, "named": {}}, P, "no variables"),
    (environments_apart.CLAIM, {"environments": {"dev": TAKEN, "prod": OTHER}}, P, "dev, prod share no project name"),
    (
        environments_apart.CLAIM,
        {"environments": {"dev": TAKEN, "prod": {**OTHER, "volume": ["v"]}}},
        R,
        "dev and prod share the volume v",
    ),
    (
        environments_apart.CLAIM,
        {"environments": {"dev": {**TAKEN, "port of the host": ["*:1", "*:1"]}}},
        R,
        "dev takes *:1 twice",
    ),
    (no_dev_in_prod.CLAIM, DEV, R, "api in prod is started with vite"),
    (no_dev_in_prod.CLAIM, {**DEV, "found": []}, P, "4 services of stage and prod"),
    (files_valid.CLAIM, FILES, P, "Compose 2.26 takes the files of dev"),
    (
        files_valid.CLAIM,
        {**FILES, "files": [{"environment": "dev", "exit_code": 15, "said": "no such network"}]},
        R,
        "compose.dev.yaml is refused: no such network",
    ),
    (
        variables_agree.CLAIM,
        {**VARIABLES, "named": {"prod": {name: ["x"] for name in "ABCDEFGH"}}},
        R,
        "(and 2 more)",
    ),
]


@pytest.mark.parametrize(("claim", "observed", "verdict", "says"), TABLE)
def test_judged(claim: Claim, observed: dict[str, Json], verdict: Verdict, says: str) -> None:
    judgement = claim.judge(Measurement("", "", observed), Bounds())
    assert judgement.verdict is verdict
    assert says in judgement.because
