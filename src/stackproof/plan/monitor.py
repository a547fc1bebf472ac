"""Flower, where the project depends on it; it starts only with the profile `monitoring`."""

from stackproof.model.facts import Flower
from stackproof.model.stack import Because, Health, Limits, Service
from stackproof.plan import ports
from stackproof.plan.given import Given
from stackproof.plan.networks import reached
from stackproof.plan.variables import for_monitor
from stackproof.plan.worker import Parts

PORT = 5555


def flower(given: Given, parts: Parts, fact: Flower) -> Service:
    said = given.settings.service("flower")
    port = said.port or PORT
    publish = ports.publish(given, "flower", PORT)
    return Service(
        name="flower",
        role="monitor",
        image=given.image,
        built=True,
        command=("celery", "-A", parts.app.module, "flower", "--address=@{self.bind}", "--port=@{self.port}"),
        environment=for_monitor(parts.environment),
        port=port,
        publish=publish,
        uid=given.uid,
        gid=given.uid,
        health=Health("http", "/healthcheck", port, interval=5.0),
        needs=parts.needs,
        limits=Limits(said.memory_mb or 256, said.cpus or 0.5, said.pids or 64),
        grace=said.grace or 10.0,
        networks=reached(publish is not None, "front", "back"),
        profiles=("monitoring",),
        because=(Because("Flower is among the dependencies", fact.seen),),
    )
