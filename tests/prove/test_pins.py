"""What locks pin, read from small ones."""

import json
from pathlib import Path

from stackproof.prove import pins
from stackproof.prove.verdicts import Row

HERE = {"python_version": "3.11", "sys_platform": "linux", "platform_python_implementation": "CPython"}
REQUIREMENTS = """
# a comment
-r more/base.txt
--index-url https://example.org/simple
./local
Flask==3.1.0 \\
    --hash=sha256:00 \\
    --hash=sha256:11  # via web
pywin32==300 ; sys_platform == "win32"
idna==3.10 ; python_version >= "3.8"
floating>=1
tool @ git+https://example.org/tool.git
"""


def test_a_requirements_file_with_what_it_includes(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "base.txt").write_text("-r other.txt\nclick===8.2\n")
    (tmp_path / "more" / "other.txt").write_text("typing_extensions==4.15.0\n")
    (tmp_path / "requirements.txt").write_text(REQUIREMENTS)
    assert pins.of_requirements(tmp_path, "requirements.txt", HERE) == {
        "typing-extensions": ["4.15.0"],
        "click": ["8.2"],
        "flask": ["3.1.0"],
        "idna": ["3.10"],
        "floating": [],
        "tool": [],
    }


INSTALLED: tuple[Row, ...] = (
    {
        "name": "uvicorn",
        "requires": ["click>=8", "h11", 'httptools; extra == "standard"', "win; sys_platform=='win32'"],
    },
    {"name": "click", "requires": ["uvicorn"]},
    {"name": "httptools", "requires": []},
    {"name": "Win", "requires": []},
    {"name": "other", "requires": []},
)


def test_what_a_package_brings_with_it() -> None:
    assert set(pins.needed(["uvicorn==1"], INSTALLED, HERE)) == {"uvicorn", "click"}
    assert set(pins.needed(["uvicorn[standard]"], INSTALLED, HERE)) == {"uvicorn", "click", "httptools"}
    assert pins.needed([], INSTALLED, HERE) == ()


def test_a_lock_of_npm() -> None:
    packages = {
        "": {"version": "1.0.0"},
        "node_modules/next": {"version": "16.4.5"},
        "node_modules/@img/colour": {"version": "1.0.0"},
        "node_modules/next/node_modules/postcss": {"version": "8.4.31"},
        "node_modules/postcss": {"version": "8.5.0"},
        "node_modules/alias": {"name": "real", "version": "2.0.0"},
        "node_modules/linked": {"link": True},
    }
    assert pins.of_package_lock(json.dumps({"packages": packages})) == {
        "next": ["16.4.5"],
        "@img/colour": ["1.0.0"],
        "postcss": ["8.4.31", "8.5.0"],
        "real": ["2.0.0"],
    }
    assert pins.of_package_lock("{}") == {}
