"""WebSocket routes, plain and of Socket.IO."""

import pytest

from stackproof.model.facts import WebSocket
from tests.detect.trees import Files, facts

API = "from fastapi import APIRouter, FastAPI, WebSocket\napp = FastAPI()\n"
FLASK = "from flask import Flask\nfrom flask_socketio import SocketIO\napp = Flask('x')\n"

CASES: list[tuple[Files, list[str]]] = [
    ({"m.py": API + "@app.websocket('/ws')\nasync def ws(s): ...\n"}, ["plain /ws m:app m.py:3"]),
    (
        {"m.py": API + "r = APIRouter(prefix='/v1')\n@r.websocket('/ws')\nasync def ws(s): ...\n"
         "app.include_router(r)\n"},
        ["plain /v1/ws m:app m.py:4"],
    ),
    ({"m.py": API + "def ws(s): ...\napp.add_api_websocket_route('/ws', ws)\n"}, ["plain /ws m:app m.py:4"]),
    (
        {"m.py": "from starlette.applications import Starlette\nfrom starlette.routing import WebSocketRoute\n"
         "app = Starlette(routes=[WebSocketRoute('/ws', x), WebSocketRoute(y(), x)])\n"},
        ["plain /ws m:app m.py:3"],
    ),
    (
        {"m.py": FLASK + "from flask_sock import Sock\nsock = Sock(app)\n@sock.route('/echo')\ndef e(ws): ...\n"
         "@sock.route(x())\ndef f(ws): ...\n@sock.route()\ndef g(ws): ...\n@other.route('/x')\ndef h(ws): ...\n"},
        ["plain /echo m:app m.py:6"],
    ),
    ({"m.py": FLASK + "io = SocketIO(app, cors_allowed_origins='*')\n"}, ["socketio /socket.io/ m:app m.py:4"]),
    (
        {"m.py": FLASK + "io = SocketIO()\ndef init():\n    io.init_app(app, path='/live')\n    db.init_app(app)\n"},
        ["socketio /live/ m:app m.py:6"],
    ),
    ({"m.py": FLASK + "SocketIO(message_queue='redis://')\ninit_app(app)\nio = SocketIO()\nio.init_app()\n"}, []),
    (
        {"m.py": API + "import socketio\nsio = socketio.AsyncServer()\n"
         "asgi = socketio.ASGIApp(sio, app, socketio_path='ws/io')\n"},
        ["socketio /ws/io/ m:asgi m.py:5"],
    ),
    (
        {"m.py": API + "import socketio\napp.mount('/', socketio.ASGIApp(sio))\n"},
        ["socketio /socket.io/ m:app m.py:4"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "polls"),
    [
        (FLASK + "io = SocketIO(app)\n", True),
        (FLASK + "io = SocketIO(app, transports=['websocket'])\n", False),
        (FLASK + "io = SocketIO(app, transports=['polling', 'websocket'])\n", True),
        (FLASK + "io = SocketIO(app, transports=made())\n", True),
        (API + "import socketio as s\nsio = s.AsyncServer(transports=['websocket'])\nx = s.ASGIApp(sio)\n", False),
        (API + "@app.websocket('/ws')\nasync def ws(s): ...\n", False),
    ],
)
def test_polling(text: str, polls: bool) -> None:
    assert [item.polling for item in facts(WebSocket, {"m.py": text})] == [polls]


@pytest.mark.parametrize(("files", "expected"), CASES)
def test_websockets(files: Files, expected: list[str]) -> None:
    assert [f"{item.kind} {item.path} {item.app} {item.seen}" for item in facts(WebSocket, files)] == expected
