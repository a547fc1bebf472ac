"""What every part of a plan looks at: the facts, the settings, and the environment it is for."""

from dataclasses import dataclass

from stackproof.model.facts import Locked, Project, Requirement, WebApp
from stackproof.model.settings import Settings
from stackproof.model.source import Place
from stackproof.model.stack import EnvironmentName

APP = "/app"  # the working directory of the image
UID = 10001


@dataclass(frozen=True, slots=True)
class Given:
    project: Project
    settings: Settings
    environment: EnvironmentName

    @property
    def dev(self) -> bool:
        return self.environment == "dev"

    @property
    def proxied(self) -> bool:
        """Whether a proxy is the one thing that is published; in dev it stands beside, with the profile `proxy`."""
        named = any(said.app for name, said in self.settings.services.items() if name != "worker")
        return not self.dev and self.settings.proxy is not False and (named or self.project.first(WebApp) is not None)

    @property
    def uid(self) -> int:
        return self.settings.uid or UID

    @property
    def name(self) -> str:
        return self.settings.name or slug(self.project.name)

    @property
    def image(self) -> str:
        return f"{self.name}:{self.environment}"

    def locked(self, package: str) -> Locked | None:
        return next((fact for fact in self.project.all(Locked) if fact.name == package), None)

    def installed(self, package: str) -> Place | None:
        """Where the manifest or the lock names a package that ends up in this environment."""
        named = [fact for fact in self.project.all(Requirement) if fact.name == package]
        if not named:
            locked = self.locked(package)
            return locked.seen if locked else None
        here = (fact.seen for fact in named if not fact.group or (self.dev and not fact.group.startswith("extra")))
        return next(here, None)

    def asks_for(self, packages: tuple[str, ...]) -> Place | None:
        """Where the manifest asks for one of these, outside the development groups."""
        asked = (fact for fact in self.project.all(Requirement) if not fact.group and fact.name in packages)
        return next((fact.seen for fact in asked), None)

    def version(self, package: str) -> str | None:
        locked = self.locked(package)
        return locked.version if locked else None


def slug(name: str) -> str:
    """A name that Docker, Compose and DNS all take."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())
    return "-".join(part for part in kept.split("-") if part)[:40] or "project"


def at(seen: Place | None) -> str:
    """The place in front of a message, where there is one."""
    return f"{seen}: " if seen else ""
