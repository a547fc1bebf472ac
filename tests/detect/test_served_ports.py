"""Ports that the code gives to a server itself."""

import pytest

from stackproof.model.facts import ServedPort
from tests.detect.trees import Files, facts

API = "import uvicorn\nfrom fastapi import FastAPI\napp = FastAPI()\n"
FLASK = "from flask import Flask\napp = Flask('x')\n"
FACTORY = "import uvicorn\nfrom fastapi import FastAPI\ndef create_app():\n    return FastAPI()\n"
SETTINGS = (
    "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    port: int = 8003\n"
    "def get():\n    return Settings()\n"
)
SCRIPT = "if __name__ == '__main__':\n    "

CASES: list[tuple[Files, list[str]]] = [
    ({"s/main.py": API + SCRIPT + "uvicorn.run('s.main:app', port=8001)\n"}, ["s.main:app 8001 s/main.py:5"]),
    ({"m.py": API + "def main():\n    uvicorn.run(app, host='::', port=8001)\n"}, ["m:app 8001 m.py:5"]),
    (
        {
            "m.py": API
            + "uvicorn.Config(app, port=8001)\nuvicorn.run(app)\nuvicorn.run(port=1)\nx.run(port=1)\nrun(port=1)\n"
        },
        ["m:app 8001 m.py:4"],
    ),
    ({"m.py": FACTORY + "uvicorn.run(create_app(), port=8001)\n"}, ["m:create_app 8001 m.py:5"]),
    ({"m.py": FACTORY + "uvicorn.run('m:create_app', factory=True, port=8001)\n"}, ["m:create_app 8001 m.py:5"]),
    (
        {"m.py": FACTORY + "def main():\n    app = create_app()\n    uvicorn.run(app, port=1)\n", "n.py": API},
        ["m:create_app 1 m.py:7"],
    ),
    (
        {"m.py": API + "import os\nuvicorn.run(app, port=int(os.environ.get('PORT', 8002)))\n"},
        ["m:app 8002 m.py:5"],
    ),
    ({"s.py": SETTINGS, "m.py": API + "import s\nuvicorn.run(app, port=s.get().port)\n"}, ["m:app 8003 m.py:5"]),
    ({"m.py": API + "uvicorn.run(app, port=0)\nuvicorn.run(app, port=70000)\nuvicorn.run(app, port=x())\n"}, []),
    ({"m.py": FLASK + SCRIPT + "app.run(debug=True, port=5000)\n"}, ["m:app 5000 m.py:4"]),
    (
        {
            "m.py": FLASK + "from flask_socketio import SocketIO\ns = SocketIO(app)\n"
            "s.run(app, port=5000)\ns.run(port=1)\n"
        },
        ["m:app 5000 m.py:5", "m 1 m.py:6"],
    ),
    (
        {
            "m.py": "from flask import Flask\ndef create_app():\n    return Flask('x')\n",
            "s.py": "from m import create_app\n"
            + SCRIPT
            + "app = create_app()\n    app.ext['io'].run(app, port=5000)\n",
        },
        ["m:create_app 5000 s.py:4"],
    ),
    ({"m.py": FLASK + "other = app\nother.run(port=5001)\nthing.run(x, port=1)\n"}, ["m:app 5001 m.py:4"]),
]


@pytest.mark.parametrize(("files", "expected"), CASES)
def test_served_ports(files: Files, expected: list[str]) -> None:
    assert [f"{item.target} {item.port} {item.seen}" for item in facts(ServedPort, files)] == expected
