"""The load job of stage: many users at once through the proxy, for a while, with a report at the end."""

from dataclasses import replace

from stackproof.model.parts import Because, Load
from stackproof.model.stack import Limits, Mount, Service, Stack
from stackproof.plan.given import Given

NAME = "load"
FOLDER = "/opt/stackproof-load"
SCRIPT = "stackproof_load.py"
_SOURCE = "deploy/load"


def added(given: Given, stack: Stack) -> Stack:
    """In stage, where there is a proxy to go through and Python to run it with."""
    if given.environment != "stage" or stack.proxy is None:
        return stack
    paths = dict.fromkeys(["/" if each.prefix == "/" else stack.proxy.health for each in stack.proxy.routes])
    load = Load(NAME, tuple(paths))
    return replace(stack, services=(*stack.services, _service(given, load)), load=load)


def _service(given: Given, load: Load) -> Service:
    said = given.settings.service(NAME)
    proxy = "https://@{proxy.host}:@{proxy.port}"
    command = (
        "python", "-I", f"{FOLDER}/{SCRIPT}",
        "--users", str(load.users), "--seconds", str(load.seconds), proxy, *load.paths,
    )  # fmt: skip
    return Service(
        name=NAME,
        role="load",
        image=given.image,
        built=True,
        command=command,
        uid=given.uid,
        gid=given.uid,
        mounts=(Mount(FOLDER, source=_SOURCE, read_only=True),),
        tmpfs_mb=16,
        limits=Limits(said.memory_mb or 256, said.cpus or 1.0, said.pids or 256),
        networks=("front",),
        profiles=(NAME,),
        restart="no",
        one_shot=True,
        because=(Because(f"{load.users} users for {load.seconds} s, when it is asked for: --profile {NAME}"),),
    )
