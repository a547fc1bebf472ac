"""The agent service as its callers see it."""

import ssl
from functools import cache
from typing import Any

import httpx

from personal_assistant.config import logs, tracing
from personal_assistant.config.settings import ServiceSettings
from personal_assistant.core.runner import Outcome


def run(settings: ServiceSettings, user_id: str, text: str, seconds: float) -> Outcome:
    body = {"user_id": user_id, "text": text}
    with _client(settings, seconds) as client:
        answer = client.post("/run", json=body)
        answer.raise_for_status()
        return Outcome.model_validate(answer.json())


def tools(settings: ServiceSettings, seconds: float) -> list[dict[str, Any]]:
    with _client(settings, seconds) as client:
        answer = client.get("/tools")
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["tools"]
        return found


@cache
def _authorities() -> ssl.SSLContext:
    """Read once: for each client anew it would take longer than the call."""
    return httpx.create_ssl_context()


def _client(settings: ServiceSettings, seconds: float) -> httpx.Client:
    headers = {"Authorization": f"Bearer {settings.agent_token.get_secret_value()}"}
    if found := logs.request_id.get():
        headers["X-Request-ID"] = found
    return httpx.Client(
        base_url=str(settings.agent_url),
        headers={**headers, **tracing.carrier()},
        timeout=httpx.Timeout(seconds, connect=min(seconds, 2)),
        verify=_authorities(),
        trust_env=False,
    )
