"""A tiny real project, and stacks of it: a web server of the standard library beside a real Valkey."""

from pathlib import Path

from stackproof.model.running import Progress, Site
from stackproof.model.stack import (
    Assignment,
    Because,
    Build,
    Health,
    Install,
    Need,
    Publish,
    Service,
    Stack,
    Volume,
)
from stackproof.run.process import proc

WEB = """
import http.server, os, signal, subprocess, sys, time

if os.environ.get("DEAF"):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
if os.environ.get("BROKEN"):
    print("no such table: shoes", flush=True)
    sys.exit(3)
if os.environ.get("CHILD"):  # a pool child, and one that leaves the session
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        ready = self.path != "/health" or os.path.exists(os.environ.get("READY", __file__))
        self.send_response(200 if ready else 503)
        self.end_headers()
        self.wfile.write(os.environ.get("GREETING", "hello").encode())

    def log_message(self, text, *parts):
        print(text % parts, flush=True)


print("listening", flush=True)
http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Answer).serve_forever()
"""

BUILD = Build(
    python="3.11",
    requires_python=">=3.11",
    base="python:3.11-slim-bookworm",
    uv="0.13.9",
    install=Install("pip", "requirements.txt", "requirements.txt", None, ()),
    copy=("web.py",),
    import_roots=("",),
    target="runtime",
)


def project(root: Path) -> Site:
    root.mkdir(exist_ok=True)
    (root / "web.py").write_text(WEB)
    (root / "requirements.txt").write_text("")
    return Site(root, root / ".stackproof" / "dev", root / "dev.env")


def redis() -> Service:
    return Service(
        name="redis",
        role="store",
        image="redis:7-alpine",
        built=False,
        command=("redis-server", "--port", "@{self.port}", "--dir", "@{volume.redis}", "--appendonly", "yes"),
        port=6379,
        health=Health("redis", "", 6379, interval=0.2, timeout=5.0, start_interval=0.05),
        grace=20.0,
    )


def web(port: int, **environment: str) -> Service:
    return Service(
        name="web",
        role="web",
        image="tiny",
        built=True,
        command=("python", "web.py", "@{self.bind}", "@{self.port}"),
        environment=tuple(Assignment(name, value, settable=True) for name, value in environment.items()),
        port=8000,
        publish=Publish("127.0.0.1", port),
        health=Health("http", "/health", 8000, interval=0.2, timeout=5.0, start_period=30.0, start_interval=0.05),
        needs=(Need("redis"),),
        grace=20.0,
    )


def stack(*services: Service) -> Stack:
    return Stack("tiny", "dev", services, (Volume("redis", Because("")),), (), BUILD)


def belonging(state: Path) -> list[int]:
    """Every living process that names this state folder: in its command, its environment or its working folder."""
    return [one.identity.pid for one in proc.listed() if _names(one.identity.pid, str(state))]


def _names(pid: int, text: str) -> bool:
    folder = Path("/proc") / str(pid)
    try:
        said = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        return text.encode() in said or str((folder / "cwd").readlink()).startswith(text)
    except OSError:
        return False


def quiet(_: Progress) -> None:
    """Nobody watches."""
