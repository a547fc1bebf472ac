"""What every service of the project's own code shares: image, environment, volumes, and the stores it talks to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stackproof.model.facts import Backend
from stackproof.model.stack import Assignment, Because, Limits, Mount, Need, Role, Service
from stackproof.plan import knowledge, stores
from stackproof.plan.addresses import Held
from stackproof.plan.given import Given
from stackproof.plan.networks import reached

_SECRET = re.compile(r"@\{(?:secret|reveal)\.([a-z0-9-]+)\}")


@dataclass(frozen=True, slots=True)
class Code:
    given: Given
    environment: tuple[Held, ...]
    mounts: tuple[Mount, ...]
    stores: tuple[str, ...]  # of the stack
    migrated: tuple[str, ...] = ()  # the job that must be done before code talks to a database
    database_file: bool = False

    def stores_of(self, name: str) -> tuple[str, ...]:
        """The stores that a service talks to: all, unless the settings name some."""
        said = self.given.settings.service(name).stores
        return self.stores if said is None else tuple(store for store in self.stores if store in said)

    def environment_of(self, name: str) -> tuple[Assignment, ...]:
        """What leads to other stores is left out."""
        mine = (None, *self.stores_of(name))
        return tuple(held.assignment for held in self.environment if held.store in mine)

    def needs_of(self, name: str) -> tuple[Need, ...]:
        """Its stores; and the schema, where it has a database."""
        mine = self.stores_of(name)
        migrated = self.migrated if self.database_file or {stores.POSTGRES, "mysql"} & {*mine} else ()
        done = tuple(Need(job, "completed") for job in migrated if job != name)
        return (*(Need(store) for store in mine), *done)

    def networks_of(self, name: str, *front: str, published: bool = False) -> tuple[str, ...]:
        back = ("back",) if self.stores_of(name) else ()
        out = ("out",) if outward(self.given, name) else ()
        return reached(published, *front, *back, *out) or ("front",)

    def service(self, name: str, role: Role, command: tuple[str, ...], limits: Limits) -> Service:
        """A service as far as all of them are alike. `limits`: unless the settings say others."""
        said = self.given.settings.service(name)
        environment = self.environment_of(name)
        return Service(
            name=name,
            role=role,
            image=self.given.image,
            built=True,
            command=command,
            environment=environment,
            uid=self.given.uid,
            gid=self.given.uid,
            needs=self.needs_of(name),
            mounts=self.mounts,
            limits=Limits(said.memory_mb or limits.memory_mb, said.cpus or limits.cpus, said.pids or limits.pids),
            networks=self.networks_of(name),
            secrets=secrets_in(environment),
        )


def secrets_in(environment: Iterable[Assignment]) -> tuple[str, ...]:
    """Names of the secrets that these variables name or reveal."""
    names = (name for each in environment for name in _SECRET.findall(each.value or ""))
    return tuple(dict.fromkeys(names))


def outward(given: Given, name: str) -> Because | None:
    """Why a service may leave the stack's networks; None: nothing says that it needs to."""
    said = given.settings.service(name).outward
    if said is not None:
        return Because("settings", given.settings.place(f"services.{name}.outward")) if said else None
    if seen := given.asks_for(knowledge.CLIENTS):
        return Because("the project depends on a client of outside servers", seen)
    away = (backend for backend in given.project.all(Backend) if stores.outside(given, backend))
    return next(
        (Because(f"{each.variable or stores.host(each)} leads out of the stack", each.seen) for each in away), None
    )
