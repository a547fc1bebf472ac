"""Packages of Debian that Python packages and programs need: one table, with the day on which it was looked at."""

from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.model.facts import Ambiguity, Binary, Executable, Requirement
from stackproof.model.source import Place
from stackproof.plan import install, interpreter, knowledge
from stackproof.plan.given import Given

CHECKED = knowledge.CHECKED  # names as Debian 12 and 13 have them
_COMPILER = ("gcc", "libc6-dev")


@dataclass(frozen=True, slots=True)
class Need:
    """What a Python package needs of Debian: to be built, and to run."""

    build: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    built: bool = False  # it has no wheel for Linux; the others are built only where the lock has none


_CAIRO = ("libcairo2",)
_PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
NEEDS = {
    "psycopg2": Need((*_COMPILER, "libpq-dev"), ("libpq5",), built=True),
    "psycopg": Need((), ("libpq5",)),  # without its extra `binary` it looks for the library as it starts
    "psycopg-c": Need((*_COMPILER, "libpq-dev"), ("libpq5",), built=True),
    "mysqlclient": Need((*_COMPILER, "pkg-config", "default-libmysqlclient-dev"), ("libmariadb3",), built=True),
    "pycairo": Need((*_COMPILER, "pkg-config", "libcairo2-dev"), _CAIRO, built=True),
    "pygobject": Need(
        (*_COMPILER, "pkg-config", "libcairo2-dev", "libgirepository1.0-dev"), ("libgirepository-1.0-1",), built=True
    ),
    "cairosvg": Need((), _CAIRO),
    "cairocffi": Need((), _CAIRO),
    "weasyprint": Need((), _PANGO),
    "xhtml2pdf": Need((*_COMPILER, "pkg-config", "libcairo2-dev"), _CAIRO),
    "python-magic": Need((), ("libmagic1",)),
    "opencv-python": Need((), ("libgl1", "libglib2.0-0")),
    "opencv-contrib-python": Need((), ("libgl1", "libglib2.0-0")),
    "pyodbc": Need((*_COMPILER, "g++", "unixodbc-dev"), ("unixodbc",)),
    "lxml": Need((*_COMPILER, "libxml2-dev", "libxslt1-dev"), ("libxml2", "libxslt1.1")),
    "pillow": Need((*_COMPILER, "libjpeg62-turbo-dev", "zlib1g-dev"), ("libjpeg62-turbo",)),
    "cffi": Need((*_COMPILER, "libffi-dev"), ("libffi8",)),
    "pdf2image": Need((), ("poppler-utils",)),
    "pytesseract": Need((), ("tesseract-ocr",)),
    "ffmpeg-python": Need((), ("ffmpeg",)),
    "pydub": Need((), ("ffmpeg",)),
    "pyzbar": Need((), ("libzbar0",)),
    "soundfile": Need((), ("libsndfile1",)),
    "pyaudio": Need((*_COMPILER, "portaudio19-dev"), ("libportaudio2",), built=True),
    "sounddevice": Need((), ("libportaudio2",)),
    "gdal": Need((*_COMPILER, "g++", "libgdal-dev"), ("gdal-bin",), built=True),
    "xmlsec": Need((*_COMPILER, "pkg-config", "libxml2-dev", "libxmlsec1-dev"), ("libxmlsec1-openssl",), built=True),
    "python3-saml": Need((*_COMPILER, "pkg-config", "libxml2-dev", "libxmlsec1-dev"), ("libxmlsec1-openssl",), True),
    "python-ldap": Need((*_COMPILER, "libldap-dev", "libsasl2-dev"), ("libldap2",), built=True),
    "django-auth-ldap": Need((*_COMPILER, "libldap-dev", "libsasl2-dev"), ("libldap2",), built=True),
    "graphviz": Need((), ("graphviz",)),
    "pydot": Need((), ("graphviz",)),
    "pygraphviz": Need((*_COMPILER, "pkg-config", "libgraphviz-dev"), ("graphviz",), built=True),
    "pycurl": Need((*_COMPILER, "libcurl4-openssl-dev", "libssl-dev"), ("libcurl4",)),
    "uwsgi": Need(_COMPILER, (), built=True),
    "gitpython": Need((), ("git",)),
    "pypandoc": Need((), ("pandoc",)),
    "wand": Need((), ("libmagickwand-6.q16-6",)),
    "ocrmypdf": Need((), ("tesseract-ocr", "ghostscript")),
}
PROGRAMS = {
    "ffmpeg": "ffmpeg", "ffprobe": "ffmpeg", "convert": "imagemagick", "magick": "imagemagick", "git": "git",
    "tesseract": "tesseract-ocr", "pdftotext": "poppler-utils", "pdftoppm": "poppler-utils", "pdfinfo":
    "poppler-utils", "dot": "graphviz", "pandoc": "pandoc", "libreoffice": "libreoffice-writer", "soffice":
    "libreoffice-writer", "gs": "ghostscript", "curl": "curl", "wget": "wget", "openssl": "openssl", "pg_dump":
    "postgresql-client", "pg_restore": "postgresql-client", "psql": "postgresql-client", "mysqldump":
    "default-mysql-client", "mysql": "default-mysql-client", "redis-cli": "redis-tools", "ssh": "openssh-client",
    "rsync": "rsync", "zip": "zip", "unzip": "unzip", "7z": "p7zip-full", "exiftool": "libimage-exiftool-perl",
    "sox": "sox", "espeak": "espeak-ng", "nmap": "nmap", "ping": "iputils-ping", "dig": "bind9-dnsutils", "qpdf":
    "qpdf", "inkscape": "inkscape", "chromium": "chromium", "jq": "jq", "xmlsec1": "xmlsec1", "whois": "whois",
    "traceroute": "traceroute", "node": "nodejs",
}  # fmt: skip
# What has another name in one of the two; what has a new one and provides the old one needs no row.
_RENAMED = {
    ("bookworm", "libldap2"): "libldap-2.5-0",
    ("trixie", "libmagickwand-6.q16-6"): "libmagickwand-7.q16-10",
}
# In every image of Debian, or there because the image is one of Python.
_THERE = frozenset({
    "bash", "cat", "chmod", "chown", "cp", "cut", "date", "dd", "df", "du", "echo", "env", "find", "grep", "gunzip",
    "gzip", "head", "hostname", "id", "kill", "ln", "ls", "md5sum", "mkdir", "mv", "nice", "nohup", "pip", "pip3",
    "ps", "python", "python3", "rm", "rmdir", "sed", "sh", "sha256sum", "sleep", "sort", "tail", "tar", "tee",
    "test", "timeout", "touch", "tr", "true", "uname", "uniq", "wc", "which", "whoami", "xargs",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Wanted:
    build: tuple[str, ...]
    run: tuple[str, ...]
    because: str
    seen: Place


def packages(given: Given) -> tuple[str, ...]:
    """In what runs."""
    found = [name for wanted in _wanted(given) for name in wanted.run]
    return tuple(sorted({*found, *given.settings.system_packages}))


def build_packages(given: Given) -> tuple[str, ...]:
    """Where the dependencies are installed, and nowhere else."""
    found = [name for wanted in _wanted(given) for name in wanted.build]
    return tuple(sorted({*found, *given.settings.build_packages}))


def notes(given: Given) -> Iterator[Ambiguity]:
    for wanted in _wanted(given):
        names = dict.fromkeys((*wanted.run, *wanted.build))
        kinds = (("to run", wanted.run), ("to be built", wanted.build))
        said = "; ".join(f"{word}: {', '.join(held)}" for word, held in kinds if held)
        because = f"{wanted.because} needs them ({said}; table of {CHECKED})"
        yield Ambiguity("system package", ", ".join(names), (), because, 'system_packages = ["..."]', wanted.seen)
    for program in given.project.all(Executable):
        if program.name not in PROGRAMS and program.name not in _THERE:
            because = f"the code starts {program.name}, and nothing says which package of Debian brings it"
            yield Ambiguity("program", "nothing", (), because, 'system_packages = ["..."]', program.seen)


def _wanted(given: Given) -> Iterator[_Wanted]:
    release = interpreter.python(given).base.rpartition("-")[2]
    for name, need in NEEDS.items():
        if seen := _seen(given, name):
            build, run = _needed(given, name, need)
            if build or run:
                yield _Wanted(build, tuple(_RENAMED.get((release, each), each) for each in run), name, seen)
    chosen = install.installer(given)
    if chosen.vcs:
        yield _Wanted(("git",), (), "what comes from a repository", chosen.seen)
    for program in given.project.all(Executable):
        if program.name in PROGRAMS:
            yield _Wanted((), (PROGRAMS[program.name],), f"code that starts {program.name}", program.seen)


def _seen(given: Given, name: str) -> Place | None:
    """psycopg-c comes with an extra, too."""
    asked = (fact for fact in given.project.all(Requirement) if name == "psycopg-c" and given.installs(fact.group))
    extra = (fact.seen for fact in asked if fact.name == "psycopg" and "c" in fact.extras)
    return given.installed(name) or next(extra, None)


def _needed(given: Given, name: str, need: Need) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A wheel brings its own libraries, unless it is known to look for those of the system."""
    if need.built or any(fact.name == name and not fact.pythons for fact in given.project.all(Binary)):
        return need.build, need.run
    return ((), ()) if need.build or (name == "psycopg" and _binary(given)) else ((), need.run)


def _binary(given: Given) -> bool:
    asked = any(fact.name == "psycopg" and "binary" in fact.extras for fact in given.project.all(Requirement))
    return asked or given.installed("psycopg-binary") is not None
