"""What is known about a server that the code talks to: its kind, and how the code is told where it is."""

from dataclasses import dataclass
from typing import Literal

from stackproof.model.source import Place

BackendKind = Literal[
    "redis", "postgresql", "sqlite", "mysql", "mongodb", "rabbitmq", "elasticsearch", "opensearch", "s3", "smtp"
]
Role = Literal["host", "port", "user", "password", "database", "engine"]


@dataclass(frozen=True)
class Part:
    """One part of an address, as the code gives it: the variable that holds it, or the text that stands there."""

    role: Role
    variable: str | None
    text: str | None  # without a variable the only value, else the default


@dataclass(frozen=True)
class AllowedHosts:
    """The host names that Django answers to."""

    hosts: tuple[str, ...]  # as they stand in the code
    variable: str | None  # that decides about them
    separator: str  # between those in the variable
    seen: Place


DJANGO_SETTINGS = "DJANGO_SETTINGS_MODULE"


@dataclass(frozen=True)
class DjangoSettings:
    """A settings module of Django: one that a file names, or one that lies beside such a one under a usual name."""

    module: str  # "config.settings.production"
    named_by: str  # path of the file that names it; "" where none does
    seen: Place


@dataclass(frozen=True)
class Backend:
    """A server or file that the code talks to, from drivers and from the URLs and settings that the code reads."""

    kind: BackendKind
    variable: str | None  # the environment variable that holds its URL
    default: str | None  # the URL that the code uses when the variable is not set
    seen: Place
    parts: tuple[Part, ...] = ()  # of an address that the code puts together itself

    def part(self, role: Role) -> Part | None:
        return next((part for part in self.parts if part.role == role), None)
