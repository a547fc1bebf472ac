"""Where stacks run, one folder each; a runtime is imported only when it is asked for."""

from collections.abc import Callable, Mapping

from stackproof.model.running import Runtime


def _docker() -> Runtime:
    from stackproof.run.docker import DockerRuntime

    return DockerRuntime()


def _process() -> Runtime:
    from stackproof.run.process.runtime import ProcessRuntime

    return ProcessRuntime()


RUNTIMES: Mapping[str, Callable[[], Runtime]] = {"docker": _docker, "process": _process}
