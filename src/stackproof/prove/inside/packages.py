"""What is in an image: Python distributions, Debian's packages, its release, and files that no package has."""

import os
import platform
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

# What an environment has besides its packages: links to the interpreter, scripts that activate it, marks of the tool.
_OF_THE_ENVIRONMENT = re.compile(
    r"pyvenv\.cfg|\.gitignore|CACHEDIR\.TAG|\.lock|bin/(?:python[\d.]*|(?:de)?[aA]ctivate.*|pydoc\.bat)"
    r"|lib/python[\d.]+/site-packages/_virtualenv\.(?:py|pth)"
)
_COMPILED = re.compile(r"__pycache__/([^/]+?)\.[a-z]+-\d+(?:\.opt-\d)?\.pyc$")
_LONGEST = 80  # characters of a licence; what is longer is its whole text


def look(most: int) -> dict[str, object]:
    """Of files without a package at most so many are named."""
    strays = sorted(_strays(Path(sys.prefix)))
    return {
        "python": [_distribution(each) for each in metadata.distributions()],
        "elsewhere": [_distribution(each) for each in metadata.distributions(path=_elsewhere())],
        "debian": list(_debian(Path("/var/lib/dpkg"))),
        "release": platform.freedesktop_os_release() if os.path.exists("/etc/os-release") else {},  # noqa: PTH110
        "prefix": sys.prefix,
        "strays": strays[:most],
        "stray_count": len(strays),
        "markers": _markers(),
    }


def _elsewhere() -> list[str]:
    """Folders of packages that nothing imports from: those of the base image's own Python."""
    folders = (path for root in ("/usr/local/lib", "/usr/lib") for path in Path(root).glob("python3*/*-packages"))
    return [str(path) for path in sorted(folders) if str(path) not in sys.path]


def _distribution(each: metadata.Distribution) -> dict[str, object]:
    return {
        "name": each.metadata["Name"] or "",
        "version": each.version,
        "license": _license(each.metadata),
        "where": str(each.locate_file("")),
        "requires": each.requires or [],
        "bytes": sum(_size(Path(str(each.locate_file(file)))) for file in each.files or ()),
    }


def _size(path: Path) -> int:
    """On disk, with its bytecode, which the list of a wheel does not name."""
    compiled = path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc"
    both = (path, compiled) if path.suffix == ".py" else (path,)
    return sum(each.stat().st_size for each in both if each.is_file())


def _license(said: "metadata.PackageMetadata") -> str:
    """The expression; else the field, unless somebody put the text there; else what the classifiers say."""
    fields = {name: str(said[name]).strip() for name in ("License-Expression", "License") if name in said}
    if expression := fields.get("License-Expression"):
        return expression
    field = fields.get("License", "")
    if field and len(field) <= _LONGEST and "\n" not in field and field != "UNKNOWN":
        return field
    classifiers = [each for each in said.get_all("Classifier") or () if each.startswith("License ::")]
    return ", ".join(each.rpartition(" :: ")[2] for each in classifiers)


def _debian(database: Path) -> Iterator[dict[str, object]]:
    """From one status file, or from one for each package, as images without dpkg have them."""
    files = [database / "status", *sorted((database / "status.d").glob("*[!s]"))]
    for text in (path.read_text("utf-8", "replace") for path in files if path.is_file()):
        for block in re.split(r"\n{2,}", text):
            said = dict(re.findall(r"^([A-Za-z-]+): (.+)$", block, re.MULTILINE))
            if "Package" in said and "Version" in said and said.get("Status", "installed").endswith("installed"):
                yield {
                    "name": said["Package"],
                    "version": said["Version"],
                    "architecture": said.get("Architecture", ""),
                    "bytes": int(said.get("Installed-Size", "0")) * 1024,
                }


def _strays(prefix: Path) -> Iterator[str]:
    """Files of the environment that no distribution lists; bytecode belongs to its module."""
    known = {
        os.path.normpath(str(each.locate_file(file))) for each in metadata.distributions() for file in each.files or ()
    }
    for here, _, names in os.walk(prefix):
        for path in (os.path.join(here, name) for name in names):  # noqa: PTH118
            inside = os.path.relpath(path, prefix)
            if path not in known and not _OF_THE_ENVIRONMENT.fullmatch(inside) and _source(path) not in known:
                yield inside


def _source(path: str) -> str:
    """Of bytecode the module that it was made from."""
    return _COMPILED.sub(r"\1.py", path)


def _markers() -> dict[str, str]:
    """What a requirement's condition can ask for (PEP 508)."""
    return {
        "implementation_name": sys.implementation.name,
        "implementation_version": platform.python_version(),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    }
