"""The page that is asked where no route speaks of health."""

import pytest

from stackproof.model.facts import PlainRoute
from tests.detect.trees import facts

MADE = "from fastapi import FastAPI\n"
PAGES = "@app.get('/items')\ndef a(): ...\n@app.get('/b/{x}')\ndef b(): ...\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MADE + "app = FastAPI()\n" + PAGES, ["/items m:app False m.py:3"]),
        (MADE + "app = FastAPI(openapi_url=None)\n" + PAGES, ["/items m:app True m.py:3"]),
        (MADE + "app = FastAPI(openapi_url='/v1/openapi.json')\n" + PAGES, ["/v1/openapi.json m:app True m.py:2"]),
        (MADE + "app = FastAPI(openapi_url=None)\n", []),
        (MADE + "app = FastAPI()\n@app.get('/health')\ndef h(): ...\n" + PAGES, []),
        (MADE + "app = FastAPI()\n@app.get('/login')\ndef login(): ...\n", []),
        (MADE + "app = FastAPI(openapi_url='/x')\nother = FastAPI()\n", []),
    ],
)
def test_plain_routes(text: str, expected: list[str]) -> None:
    found = facts(PlainRoute, {"m.py": text})
    assert [f"{fact.path} {fact.app} {fact.instead} {fact.seen}" for fact in found] == expected
