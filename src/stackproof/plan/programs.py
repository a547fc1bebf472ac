"""Programs that serve HTTP by themselves: how each is told where to listen, and where it says that it is ready."""

from collections.abc import Mapping

from stackproof.model.facts import Framework, ServedPort, WebApp
from stackproof.model.stack import Assignment, Because
from stackproof.plan.given import Given
from stackproof.plan.reloading import reloading

# The page that answers 200 as soon as a program can serve.
HEALTH: Mapping[Framework, str] = {"streamlit": "/_stcore/health"}
# The port where nothing else is said; aiohttp's own default, which no variable changes.
PORTS: Mapping[Framework, int] = {"aiohttp": 8080}
_HOST, _PORT = "@{self.bind}", "@{self.port}"
# The variables by which a program is told; what the code passes itself goes before them.
_VARIABLES: Mapping[Framework, tuple[tuple[str, str], ...]] = {
    "gradio": (("GRADIO_SERVER_NAME", _HOST), ("GRADIO_SERVER_PORT", _PORT)),
    "dash": (("HOST", _HOST), ("PORT", _PORT)),
}


def command(given: Given, app: WebApp) -> tuple[str, ...]:
    if app.framework != "streamlit":
        module = () if app.target.endswith(".py") else ("-m",)
        return reloading(given, ("python", *module, app.target))
    watched = ("--server.runOnSave=true",) if given.dev else ("--server.fileWatcherType=none",)
    return (
        "streamlit", "run", app.target, f"--server.address={_HOST}", f"--server.port={_PORT}",
        "--server.headless=true", "--browser.gatherUsageStats=false", *watched,
    )  # fmt: skip


def variables(given: Given, app: WebApp) -> tuple[Assignment, ...]:
    """Those of the library, and the one from which the code takes its port."""
    if app.interface != "own":
        return ()
    because = Because("where the program listens", app.seen)
    ports = (fact for fact in given.project.all(ServedPort) if fact.target == app.target and fact.variable)
    told = (*_VARIABLES.get(app.framework, ()), *((fact.variable, _PORT) for fact in ports))
    return tuple(Assignment(name, value, settable=False, because=because) for name, value in told)
