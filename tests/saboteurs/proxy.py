"""What breaks the promises about the proxy, one at a time, in its rendered files."""

from collections.abc import Callable

from stackproof.model.artifacts import Artifact
from stackproof.tools.certificates import self_signed
from tests.saboteurs import Saboteur
from tests.saboteurs.edits import DOCKER, appended
from tests.saboteurs.images import rendered

_FOLDER = "deploy/nginx/prod"
_MAIN = "src/tubeatlas/main.py"
_FRAMED = """

@app.middleware("http")
async def framed(request, call_next):  # type: ignore[no-untyped-def]
    answer = await call_next(request)
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer
"""
_HEADERS = "            include headers.conf;\n"
Change = Callable[[tuple[Artifact, ...]], tuple[Artifact, ...]]


def _conf(*edits: tuple[str, str], file: str = "nginx.conf") -> Change:
    def changed(text: str) -> str:
        for old, new in edits:
            assert old in text, f"{old!r} is not in {file}"
            text = text.replace(old, new)
        return text

    return rendered(f"{_FOLDER}/{file}", changed)


def _own_pair(artifacts: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
    """As an image that brings a certificate along."""
    certificate, key = self_signed("_")
    files = (Artifact(f"{_FOLDER}/own.crt", certificate), Artifact(f"{_FOLDER}/own.key", key))
    shown = _conf(("/run/secrets/tls-certificate", "own.crt"), ("/run/secrets/tls-key", "own.key"))
    return (*shown(artifacts), *files)


def never_again(artifacts: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
    """Without both ways by which a failed request is asked once more."""
    off = ("proxy_next_upstream error timeout http_502;", "proxy_next_upstream off;")
    last = (("            error_page 502 = @api;\n", ""), ("            error_page 502 = @frontend;\n", ""))
    return _conf(*last)(_conf(off, file="forward.conf")(artifacts))


def _to_the_usual_port(text: str) -> str:
    head, found, rest = text.partition("return 308 https://$host")
    assert found, "nothing redirects"
    return f"{head}{found}$request_uri{rest[rest.index(';') :]}"


def _through_the_front_end(text: str) -> str:
    head, found, rest = text.partition("location /api/ {")
    assert found, "there is no route to the back end"
    return head + found + rest.replace("proxy_pass http://api;", "proxy_pass http://frontend;", 1)


ENTRANCE: tuple[Saboteur, ...] = (
    Saboteur(
        "SP310-tls-entrance",
        "the proxy shows a certificate of its own",
        "another certificate than the mounted one",
        artifacts=_own_pair,
        on=DOCKER,
    ),
    Saboteur(
        "SP310-tls-entrance",
        "plain HTTP leads to a port where nobody listens",
        "plain HTTP leads to https://127.0.0.1/stackproof/asks?for=more, not to https://127.0.0.1:",
        artifacts=rendered(f"{_FOLDER}/nginx.conf", _to_the_usual_port),
        on=DOCKER,
    ),
    Saboteur(
        "SP310-tls-entrance",
        "the proxy still speaks TLS 1.1",
        "the proxy still speaks TLSv1.1",
        artifacts=_conf(
            ("ssl_protocols TLSv1.2", "ssl_ciphers ALL:@SECLEVEL=0;\n        ssl_protocols TLSv1.1 TLSv1.2")
        ),
        on=DOCKER,
    ),
    Saboteur(
        "SP310-tls-entrance",
        "plain HTTP is answered like any other request",
        "plain HTTP is answered 200, not with a redirect",
        artifacts=_conf(("return 308 ", "return 200 ")),
        on=DOCKER,
    ),
    Saboteur(
        "SP311-routes",
        "the proxy answers the health path by itself",
        "/health is answered 200 by the proxy itself: api was never asked",
        artifacts=_conf(("location = /health {\n", 'location = /health {\n            return 200 "ok";\n')),
        on=DOCKER,
    ),
    Saboteur(
        "SP311-routes",
        "calls of the back end take a detour through the front end, which hands them on",
        "was answered by frontend instead of api",
        artifacts=rendered(f"{_FOLDER}/nginx.conf", _through_the_front_end),
        on=DOCKER,
        example="exoplanet",
    ),
    Saboteur(
        "SP312-cache-hit",
        "the zone of the cache is there, and nothing uses it",
        "and X-Cache still says nothing",
        artifacts=_conf(("            proxy_cache files;\n", "")),
        on=DOCKER,
        example="exoplanet",
    ),
    Saboteur(
        "SP313-security-headers",
        "a block adds a header of its own and loses all others",
        "has no Strict-Transport-Security",
        artifacts=_conf((f"location / {{\n{_HEADERS}", "location / {\n            add_header X-Served-By proxy;\n")),
        on=DOCKER,
    ),
    Saboteur(
        "SP313-security-headers",
        "the headers are not meant for errors",
        "answered 404, has no Strict-Transport-Security",
        artifacts=_conf((" always;", ";"), file="headers.conf"),
        on=DOCKER,
    ),
    Saboteur(
        "SP313-security-headers",
        "the application sends one of them too, and it is not hidden",
        "has X-Frame-Options more than once",
        tree=appended(_MAIN, _FRAMED),
        artifacts=_conf(("proxy_hide_header X-Frame-Options;\n", ""), file="headers.conf"),
        on=DOCKER,
    ),
    Saboteur(
        "SP314-websocket",
        "the wish to change the protocol is not passed on",
        "not 101",
        artifacts=_conf(("proxy_set_header Upgrade $http_upgrade;\n", ""), file="forward.conf"),
        on=DOCKER,
        example="transcript-analyzer",
    ),
)

BEHIND: tuple[Saboteur, ...] = (
    Saboteur(
        "SP404-back-end-replaced",
        "the address is asked for once, when the proxy starts",
        "the proxy keeps to the old address",
        artifacts=_conf((" resolve ", " ")),
        on=DOCKER,
    ),
    Saboteur(
        "SP405-replica-killed",
        "what a dead replica does not answer is handed on to the client",
        "requests failed (502",
        artifacts=never_again,
        on=DOCKER,
        example="exoplanet",
    ),
)
