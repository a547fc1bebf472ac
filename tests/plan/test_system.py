"""Packages of Debian: by the table, by what the lock has no wheel for, by what the code starts."""

from dataclasses import replace

import pytest

from stackproof.model.facts import Binary, Executable, Fact, PythonVersion, Requirement
from stackproof.model.source import Place
from stackproof.plan import system
from tests.plan.small import FLASK, PIP, READY, ROOT, asks, given, locked, stack

HERE = Place("app.py", 3)
TRIXIE = PythonVersion("3.13", True, HERE)
BOOKWORM = PythonVersion("3.12", True, HERE)


@pytest.mark.parametrize(
    ("facts", "run", "build"),
    [
        ((locked("psycopg2", "2.9"),), ("libpq5",), ("gcc", "libc6-dev", "libpq-dev")),
        ((locked("psycopg2-binary", "2.9"),), (), ()),
        ((locked("psycopg", "3.2"),), ("libpq5",), ()),
        ((locked("psycopg", "3.2"), locked("psycopg-binary", "3.2")), (), ()),
        ((Requirement("psycopg", "", "", ("binary",), HERE),), (), ()),
        (
            (Requirement("psycopg", "", "", ("c",), HERE),),
            ("libpq5",),
            ("gcc", "libc6-dev", "libpq-dev"),
        ),
        ((Requirement("psycopg", "", "dev", ("c",), HERE),), (), ()),
        ((locked("lxml", "6"),), (), ()),
        (
            (locked("lxml", "6"), Binary("lxml", (), HERE)),
            ("libxml2", "libxslt1.1"),
            ("gcc", "libc6-dev", "libxml2-dev", "libxslt1-dev"),
        ),
        ((locked("lxml", "6"), Binary("lxml", ("3.12",), HERE)), (), ()),
        ((asks("pdf2image"),), ("poppler-utils",), ()),
        ((asks("pdf2image", "dev"),), (), ()),
        ((asks("python-ldap"), BOOKWORM), ("libldap-2.5-0",), ("gcc", "libc6-dev", "libldap-dev", "libsasl2-dev")),
        ((asks("python-ldap"), TRIXIE), ("libldap2",), ("gcc", "libc6-dev", "libldap-dev", "libsasl2-dev")),
        ((asks("wand"), TRIXIE), ("libmagickwand-7.q16-10",), ()),
        ((Executable("ffmpeg", HERE), Executable("ls", HERE)), ("ffmpeg",), ()),
    ],
)
def test_packages(facts: tuple[Fact, ...], run: tuple[str, ...], build: tuple[str, ...]) -> None:
    project = given(PIP, *facts)
    assert (system.packages(project), system.build_packages(project)) == (run, build)


def test_a_repository_needs_git_where_it_is_installed_from() -> None:
    assert system.build_packages(given(replace(PIP, vcs=True))) == ("git",)


def test_the_settings_add_to_them() -> None:
    said = 'system_packages = ["libpq5"]\nbuild_packages = ["g++"]\n'
    built = stack(PIP, ROOT, FLASK, READY, said=said).build
    assert (built.packages, built.build_packages) == (("libpq5",), ("g++",))


def test_every_guess_is_said() -> None:
    facts = (asks("psycopg2"), Executable("frobnicate", HERE), Executable("sh", HERE))
    package, program = system.notes(given(PIP, *facts))
    assert package.chosen == "libpq5, gcc, libc6-dev, libpq-dev"
    assert "to run: libpq5; to be built: gcc, libc6-dev, libpq-dev" in package.because
    assert (program.about, program.seen) == ("program", HERE)
    assert "frobnicate" in program.because
