"""What words the reply: the built-in model, or one outside if there is a key for it."""

from collections.abc import Sequence
from typing import Protocol

import httpx

from personal_assistant.config.settings import Settings, plain

_MODEL_SECONDS = 6
_SENT_CHARACTERS = 20_000


class Model(Protocol):
    def reply(self, text: str, results: Sequence[str], memories: Sequence[str]) -> str: ...


class ModelFailed(Exception):
    """The model outside gave no answer that can be used."""


class BuiltIn:
    """The same words always get the same reply."""

    def reply(self, text: str, results: Sequence[str], memories: Sequence[str]) -> str:
        lines = list(results)
        if memories:
            lines += ["You told me:", *(f"- {memory}" for memory in memories)]
        if not lines:
            lines = [f"I have read your message of {len(text.split())} words."]
        return "\n".join(lines)


class External:
    """A chat completion with the results of the tools as its facts."""

    def __init__(self, url: str, name: str, key: str) -> None:
        self._url, self._name, self._key = url, name, key

    def reply(self, text: str, results: Sequence[str], memories: Sequence[str]) -> str:
        facts = "\n".join(["Facts:", *results, "The user said earlier:", *memories])
        body = {
            "model": self._name,
            "messages": [
                {"role": "system", "content": f"Answer briefly, from these facts.\n{facts}"},
                {"role": "user", "content": text[:_SENT_CHARACTERS]},
            ],
        }
        try:
            answer = httpx.post(
                self._url,
                json=body,
                headers={"Authorization": f"Bearer {self._key}"},
                timeout=_MODEL_SECONDS,
            )
            answer.raise_for_status()
            return str(answer.json()["choices"][0]["message"]["content"])
        except (httpx.HTTPError, KeyError, IndexError, TypeError, ValueError) as error:
            raise ModelFailed(f"the model: {type(error).__name__}") from error


def chosen(settings: Settings) -> Model:
    key = plain(settings.openai_api_key)
    return External(str(settings.model_url), settings.model_name, key) if key else BuiltIn()
