"""What is known about programs of a source tree that no application server runs."""

from dataclasses import dataclass
from typing import Literal

from stackproof.model.source import Place

Framework = Literal[
    "fastapi", "starlette", "litestar", "flask", "quart", "django", "dash", "streamlit", "gradio", "aiohttp"
]


@dataclass(frozen=True)
class Program:
    """A process that runs until it is stopped and serves no HTTP: a bot, a consumer, a scheduler, a queue's worker."""

    name: str  # of its service: "bot"
    kind: Literal["script", "bot", "scheduler", "consumer", "rq", "arq", "dramatiq", "huey", "django"]
    command: tuple[str, ...]  # ("python", "bot.py"), ("rq", "worker", "mails")
    seen: Place


@dataclass(frozen=True)
class Scheduler:
    """A scheduler that runs its jobs inside of the process that makes it (APScheduler)."""

    name: str  # its class
    seen: Place


@dataclass(frozen=True)
class PlainRoute:
    """A page without parameters, of an application none of whose routes speaks of health."""

    path: str
    seen: Place
    app: str = ""  # as in HealthRoute
    instead: bool = False  # of the page that its framework has by itself: the code moved that, or switched it off


@dataclass(frozen=True)
class LeftOut:
    """What looks like an application and cannot be started as it stands, with the way out."""

    what: str  # "shop:create_app"
    because: str
    fix: str
    seen: Place
