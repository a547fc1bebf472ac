"""Flower, where the project depends on it; it starts only with the profile `monitoring`."""

from dataclasses import replace

from stackproof.model.facts import CeleryApp, Flower
from stackproof.model.stack import Because, Health, Limits, Service
from stackproof.plan import ports
from stackproof.plan.code import Code, secrets_in
from stackproof.plan.given import Given
from stackproof.plan.networks import reached
from stackproof.plan.variables import for_monitor

NAME = "flower"
PORT = 5555


def flower(given: Given, code: Code, app: CeleryApp, fact: Flower) -> Service:
    said = given.settings.service(NAME)
    port = said.port or PORT
    publish = ports.publish(given, NAME, PORT)
    command = ("celery", "-A", app.module, "flower", "--address=@{self.bind}", "--port=@{self.port}")
    shared = code.service(NAME, "monitor", command, Limits(256, 0.5, 64))
    environment = for_monitor(shared.environment)
    return replace(
        shared,
        environment=environment,
        port=port,
        publish=publish,
        health=Health("http", "/healthcheck", port, interval=5.0),
        mounts=(),
        grace=said.grace or 10.0,
        networks=reached(publish is not None, "front", "back"),
        profiles=("monitoring",),
        because=(Because("Flower is among the dependencies", fact.seen),),
        secrets=secrets_in(environment),
    )
