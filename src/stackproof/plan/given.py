"""What every part of a plan looks at: the facts, the settings, and the environment it is for."""

from dataclasses import dataclass

from stackproof.model.facts import Installer, Locked, Project, Requirement, Unmet, WebApp
from stackproof.model.settings import Settings
from stackproof.model.source import Place
from stackproof.model.stack import EnvironmentName

APP = "/app"  # the working directory of the image
UID = 10001
_EXTRA = "extra:"


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

    @property
    def groups(self) -> tuple[str, ...]:
        """Dependency groups that are installed in every environment."""
        chosen = self.installer
        return tuple(dict.fromkeys((*(chosen.kept if chosen else ()), *self.settings.groups)))

    @property
    def extras(self) -> tuple[str, ...]:
        """Extras of the project that are installed: those that the settings name, else those that its code needs."""
        if self.settings.extras is not None:
            return self.settings.extras
        needed = (group for unmet in self.project.all(Unmet) for group in unmet.groups[:1] if group.startswith(_EXTRA))
        return tuple(dict.fromkeys(group.removeprefix(_EXTRA) for group in needed))

    @property
    def installer(self) -> Installer | None:
        """The one that the settings name, else the best."""
        found = self.project.all(Installer)
        return next((each for each in found if each.tool == self.settings.installer), next(iter(found), None))

    @property
    def locks(self) -> bool:
        return self.installer is not None and self.installer.lock is not None

    def installs(self, group: str) -> bool:
        """Whether what a group asks for ends up in this environment."""
        if group.startswith("extra"):
            return group.removeprefix(_EXTRA) in self.extras
        return not group or self.dev or group in self.groups

    def locked(self, package: str) -> Locked | None:
        """By the lock that is installed from; others may lie beside it."""
        found = [fact for fact in self.project.all(Locked) if fact.name == package]
        chosen = self.installer.lock if self.installer else None
        return next((fact for fact in found if fact.seen.path == chosen), next(iter(found), None))

    def installed(self, package: str) -> Place | None:
        """Where the manifest or the lock names a package that ends up in this environment."""
        named = [fact for fact in self.project.all(Requirement) if fact.name == package]
        if not named:
            locked = self.locked(package)
            return locked.seen if locked else None
        return next((fact.seen for fact in named if self.installs(fact.group)), None)

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
