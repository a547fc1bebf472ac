"""What is known about the usual base images from their names: the reference taken apart, the tools they bring."""

from dataclasses import dataclass

_FULL = frozenset({"bash", "curl", "gcc", "git", "make", "perl", "wget"})  # buildpack-deps
_DEBIAN = frozenset({"bash", "perl"})
_ALPINE = frozenset({"nc", "wget"})  # of BusyBox
_OWN = {"python": frozenset({"python", "python3", "pip"}), "node": frozenset({"node", "npm", "npx"})}
# The tools this table speaks about; of others nothing is known.
TOOLS = frozenset({"curl", "wget", "nc", "bash", "gcc", "make", "git"})


@dataclass(frozen=True)
class Reference:
    """`docker.io/library/python:3.12-slim@sha256:…` is ("python", "3.12-slim", "sha256:…")."""

    name: str
    tag: str = ""
    digest: str = ""

    @property
    def last(self) -> str:
        return self.name.rsplit("/", 1)[-1]

    @property
    def official(self) -> str:
        """The name of an official image; "" for others."""
        return "" if "/" in self.name else self.name


def reference(text: str) -> Reference:
    rest, _, digest = text.partition("@")
    head, slash, tail = rest.rpartition("/")
    name, _, tag = tail.partition(":")
    full = f"{head}{slash}{name}"
    for prefix in ("docker.io/library/", "index.docker.io/library/", "library/", "docker.io/"):
        full = full.removeprefix(prefix)
    return Reference(full, tag, digest)


def tools(base: str) -> frozenset[str] | None:
    """Which programs of TOOLS an image has; None where its name does not tell."""
    said = reference(base)
    if said.name == "scratch" or (said.name.startswith("gcr.io/distroless/") and "debug" not in said.tag):
        return frozenset()
    if said.official in ("debian", "ubuntu"):
        return _DEBIAN
    if said.official == "alpine":
        return _ALPINE
    own = _OWN.get(said.official)
    if own is None or not said.tag:
        return None
    parts = said.tag.split("-")
    if any(each.startswith("alpine") for each in parts):
        return _ALPINE | own
    if "windowsservercore" in said.tag or "nanoserver" in said.tag:
        return None
    return own | (_DEBIAN if "slim" in parts else _FULL)


def small(base: str) -> bool:
    """Nothing in it but what was copied: no shell."""
    return tools(base) == frozenset()
