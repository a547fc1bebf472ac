"""Programs that the code starts, or looks for."""

import pytest

from stackproof.model.facts import Executable
from tests.detect.trees import facts


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("subprocess.run(['ffmpeg', '-i', x])", ["ffmpeg"]),
        ("subprocess.run(args=('/usr/bin/ffmpeg',))", ["ffmpeg"]),
        ("subprocess.check_output('git log', shell=True)", ["git"]),
        ("subprocess.run(f'convert {x}')", ["convert"]),
        ("words = ['sox', x]\nsubprocess.Popen(words)", ["sox"]),
        ("subprocess.run([x])", []),
        ("subprocess.run([])", []),
        ("subprocess.run()", []),
        ("subprocess.run('./run.sh')", []),
        ("subprocess.run(['tool.sh'])", []),
        ("subprocess.run(['dot'])\nsubprocess.run(['dot'])", ["dot"]),
    ],
)
def test_programs(call: str, expected: list[str]) -> None:
    found = facts(Executable, {"requirements.txt": "", "app.py": f"import subprocess\n{call}\n"})
    assert [item.name for item in found] == expected
