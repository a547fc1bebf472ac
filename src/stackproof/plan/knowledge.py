"""What ages: versions, tags and options of the tools that a stack is made of, each with its source and date."""

from dataclasses import dataclass

from stackproof.model import support
from stackproof.plan import versions

CHECKED = support.CHECKED  # the day on which every line here was looked at, too

UV = "0.13.9"  # PyPI; the same uv that stackproof itself depends on
UV_IMAGE = f"ghcr.io/astral-sh/uv:{UV}"
REDIS_IMAGE = "redis:7-alpine"  # the last line before the licence change of 8
REDIS_UID, REDIS_GID = 999, 1000  # user and group `redis` of the alpine variants of the official image
POSTGRES_IMAGE = "postgres:17-trixie"  # 18 moved its data folder; 17 has security fixes until 2029-11
POSTGRES_UID = 999  # user and group `postgres` of the Debian variants of the official image
NODE_IMAGE = "node:24-trixie-slim"
NGINX_IMAGE = "nginx:1.30-alpine-slim"  # stable; names of upstreams are resolved anew since 1.27.3
PROMETHEUS_IMAGE = "prom/prometheus:v3.13.2"
REDIS_EXPORTER_IMAGE = "oliver006/redis_exporter:v1.80.0"
POSTGRES_EXPORTER_IMAGE = "prometheuscommunity/postgres-exporter:v0.18.1"
NGINX_EXPORTER_IMAGE = "nginx/nginx-prometheus-exporter:1.5.1"
GRAFANA_IMAGE = "grafana/grafana:12.3.0"
LOKI_IMAGE = "grafana/loki:3.6.0"
ALLOY_IMAGE = "grafana/alloy:v1.12.0"
JAEGER_IMAGE = "jaegertracing/jaeger:2.13.0"
POETRY = "2.5.1"  # PyPI; used where poetry.lock does not say which Poetry wrote it
FREE_PYTHON = "3.13"  # where a project says nothing about its Python

# Packages that a start needs and a project may not lock; exact, because nothing else pins them.
EXTRA = {
    "uvicorn": "uvicorn==0.54.0", "gunicorn": "gunicorn==27.0.1", "watchfiles": "watchfiles==1.3.0",
    "debugpy": "debugpy==1.8.22",
}  # fmt: skip

# A project that depends on one of these talks to servers outside the stack: its code may leave the stack's network.
CLIENTS = (
    "aiogram", "aiohttp", "anthropic", "boto3", "discord", "discord-py", "disnake", "google-api-python-client",
    "google-cloud-storage", "google-genai", "google-generativeai", "hikari", "httpx", "langchain-openai", "mistralai",
    "nextcord", "niquests", "openai", "praw", "py-cord", "pyrogram", "pytelegrambotapi", "python-telegram-bot",
    "requests", "sentry-sdk", "slack-bolt", "slack-sdk", "stripe", "telethon", "tweepy", "twilio", "twitchio",
    "urllib3", "yt-dlp",
)  # fmt: skip

# A secret whose variable has one of these in its name comes from somebody else: nobody can make it up.
THIRD_PARTIES = frozenset((
    "ANTHROPIC", "APPLE", "AUTH0", "AWS", "AZURE", "CLOUDFLARE", "COHERE", "DATADOG", "DEEPSEEK", "DISCORD",
    "ELEVENLABS", "FACEBOOK", "FIREBASE", "GCP", "GEMINI", "GITHUB", "GITLAB", "GOOGLE", "GROQ", "HF", "HUGGINGFACE",
    "KAGGLE", "LANGCHAIN", "LANGSMITH", "LLM", "MAIL", "MAILGUN", "MAPBOX", "MICROSOFT", "MISTRAL", "NASA", "OAUTH",
    "OPENAI", "PAYPAL", "PINECONE", "PLIVO", "S3", "SENDGRID", "SENTRY", "SLACK", "SMTP", "STRIPE", "SUPABASE",
    "TELEGRAM", "TWILIO", "TWITTER", "VONAGE", "YOUTUBE",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class PythonLine:
    """A line of CPython and the tag of its official slim image."""

    version: str
    base: str

    @property
    def ends(self) -> str:
        return _month("python", self.version)

    def ended(self) -> bool:
        return _ended("python", self.version)


PYTHONS = (
    PythonLine("3.10", "python:3.10-slim-bookworm"),
    PythonLine("3.11", "python:3.11-slim-bookworm"),
    PythonLine("3.12", "python:3.12-slim-bookworm"),
    PythonLine("3.13", "python:3.13-slim-trixie"),
    PythonLine("3.14", "python:3.14-slim-trixie"),
    PythonLine("3.15", "python:3.15-slim-trixie"),
)


@dataclass(frozen=True, slots=True)
class NodeLine:
    """A line of Node and the tag of its official slim image."""

    version: str
    base: str
    codename: str = ""

    @property
    def ends(self) -> str:
        return _month("node", self.version)

    def ended(self) -> bool:
        return _ended("node", self.version)


NODE_UID = 1000  # user and group `node` of the official image
NGINX_UID = 101  # user and group `nginx` of the official image
PNPM = "10.34.8"  # npm; where package.json names no pnpm
YARN, YARN_NOW = "1.22.22", "4.18.1"  # npm; where package.json names no Yarn: for a lock of Yarn 1, and for a later one

NODES = (
    NodeLine("20", "node:20-bookworm-slim", "iron"),
    NodeLine("22", "node:22-trixie-slim", "jod"),
    NodeLine("24", NODE_IMAGE, "krypton"),
    NodeLine("26", "node:26-trixie-slim"),
)
FREE_NODE = "24"  # where a front end leaves it open


@dataclass(frozen=True, slots=True)
class Since:
    """A command-line option, and the first release that knows it."""

    package: str
    option: str
    version: str
    source: str


OPTIONS = (
    Since("gunicorn", "--no-control-socket", "25.1.0", "gunicorn --help of 25.0.3 and 25.1.0"),
    Since("uvicorn", "--timeout-graceful-shutdown", "0.22.0", "uvicorn's CHANGELOG, 0.22.0"),
    Since("uvicorn", "--timeout-worker-healthcheck", "0.37.0", "uvicorn --help of 0.36.1 and 0.37.0"),
    Since("celery", "worker_soft_shutdown_timeout", "5.5.0", "Celery's documentation, Worker shutdown"),
)


def knows(package: str, option: str, locked: str | None) -> bool:
    """Whether the locked version has the option; nothing locked means that we install a version that has it."""
    if locked is None:
        return True
    since = next(row.version for row in OPTIONS if (row.package, row.option) == (package, option))
    return versions.at_least(locked, since)


def _month(software: str, version: str) -> str:
    """In which security fixes end."""
    return f"{support.ends(software, version):%Y-%m}"


def _ended(software: str, version: str) -> bool:
    """Whether it was out of support when the table was checked: a plan reads no clock."""
    ends = support.ends(software, version)
    return ends is not None and ends < CHECKED
