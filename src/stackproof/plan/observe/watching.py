"""What every part of the monitoring looks at, and the shape that all of its services share."""

from dataclasses import dataclass, replace

from stackproof.model.stack import Because, Health, Limits, Mount, Need, Service, Software, Stack, Volume
from stackproof.plan.given import Given

Found = tuple[Service, Volume | None]


@dataclass(frozen=True, slots=True)
class Watching:
    given: Given
    stack: Stack  # without what watches it
    profiles: tuple[str, ...]

    def service(
        self, name: str, software: Software, image: str, port: int, uid: int, command: tuple[str, ...], why: Because
    ) -> Service:
        """A service of the monitoring as all of them are; `command` is what the image's entry point is given."""
        said = self.given.settings.service(name)
        return Service(
            name=name,
            role="observe",
            software=software,
            image=image,
            built=False,
            command=command,
            port=port,
            uid=uid,
            gid=uid,
            limits=Limits(said.memory_mb or 128, said.cpus or 0.25, said.pids or 64),
            networks=("observe",),
            profiles=self.profiles,
            because=(why,),
        )


def with_room(service: Service, memory_mb: int, cpus: float, given: Given) -> Service:
    said = given.settings.service(service.name)
    return replace(service, limits=Limits(said.memory_mb or memory_mb, said.cpus or cpus, said.pids or 256))


def configured(service: Service, folder: str, path: str) -> Service:
    """With a folder of rendered files, read-only."""
    return replace(service, mounts=(*service.mounts, Mount(path, source=folder, read_only=True)))


def keeping(service: Service, path: str, why: str) -> Found:
    """With a volume of its own name."""
    kept = replace(service, mounts=(*service.mounts, Mount(path, volume=service.name)))
    return kept, Volume(service.name, Because(why))


def healthy(service: Service, target: str) -> Service:
    return replace(service, health=Health("http", target, service.port or 0, interval=5.0))


def after(service: Service, *names: str) -> Service:
    return replace(service, needs=tuple(Need(name, "started") for name in names))
