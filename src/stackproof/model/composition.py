"""Compose files as they were read: merged, interpolated, in long form, each value with the line it came from."""

from collections.abc import Mapping
from dataclasses import dataclass

from stackproof.model.source import Place

Path = tuple[str | int, ...]  # ("services", "api", "ports", 0)


@dataclass(frozen=True)
class Interpolated:
    """A variable that a Compose file reads: `${NAME:-default}`, `${NAME:?message}`, `$NAME`.

    `default` is None where there is none; `required` for `?`; `value` is what it was filled in with, None where
    nothing gave one (Compose then writes an empty text and warns).
    """

    name: str
    default: str | None
    required: bool
    value: str | None
    seen: Place


@dataclass(frozen=True)
class Composition:
    """Several files as one model, the same as `docker compose config --format json` gives.

    `document` is in the long form of the Compose specification (ports, volumes, depends_on, build as mappings).
    `places` has the line of each mapping key and list item that a file gave; `at` finds the nearest one.
    `files` are the given ones in their order, `read` all that were read (extends, include, env_file, .env).
    `profiles` of services are kept in the document; every service is in it, whatever its profile.
    """

    name: str
    files: tuple[str, ...]
    read: tuple[str, ...]
    document: Mapping[str, object]
    places: Mapping[Path, Place]
    variables: tuple[Interpolated, ...] = ()

    def at(self, *path: str | int) -> Place:
        """Where the value stands, else where the nearest mapping around it does, else the first file."""
        for length in range(len(path), 0, -1):
            if found := self.places.get(tuple(path[:length])):
                return found
        return Place(self.files[0] if self.files else "compose.yaml")

    def services(self) -> Mapping[str, Mapping[str, object]]:
        """The services by name."""
        found = self.document.get("services")
        return found if isinstance(found, dict) else {}
