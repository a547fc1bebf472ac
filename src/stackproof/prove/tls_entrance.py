"""SP310: clients come in over TLS with the mounted pair; plain HTTP only leads there."""

import hashlib
import socket
import ssl
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import entrance
from stackproof.prove.verdicts import Row, held, row_in, text, texts
from stackproof.tools.http import Answer, request, unchecked

_OLD = ssl.TLSVersion.TLSv1_1
_MOUNTED = "/run/secrets/"
_PATH = "/stackproof/asks?for=more"
Ask = Callable[[str, str], Answer]


def _measure(bench: Bench, ask: Ask = request) -> Measurement:
    running = bench.running()
    here = entrance.of(running)
    where = urlsplit(here.https)
    host, port = where.hostname or "", where.port or 443
    plain = ask("GET", f"http://{here.http.address}:{here.http.port}{_PATH}")
    mounted = running.run(here.proxy.service, ("cat", f"{_MOUNTED}{here.proxy.certificate}"))
    greeted = _greeted(host, port, None)
    return Measurement(
        f"{greeted['version']}, {plain.status}",
        "a TLS handshake with the published port, the certificate held against the mounted one; one with TLS 1.1; and "
        "GET over plain HTTP without following redirects",
        {
            "tls": greeted,
            "old": _greeted(host, port, _OLD),
            "mounted": _fingerprint(mounted.output),
            "status": plain.status,
            "location": plain.headers.get("Location", plain.problem),
            "wanted": f"https://{here.http.address}:{port}{_PATH}",
            "names": [*({f"https://{here.proxy.server_name}"} if here.proxy.server_name != "_" else {})],
        },
        (mounted,),
    )


def _greeted(host: str, port: int, newest: ssl.TLSVersion | None) -> dict[str, Json]:
    context = unchecked()
    if newest is not None:
        context.minimum_version, context.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, newest
        context.set_ciphers("ALL:@SECLEVEL=0")
    try:
        with socket.create_connection((host, port), 5.0) as plain, context.wrap_socket(plain) as secured:
            certificate = secured.getpeercert(binary_form=True) or b""
            return {"version": secured.version() or "", "certificate": hashlib.sha256(certificate).hexdigest()}
    except OSError as problem:
        return {"version": "", "certificate": "", "problem": f"{type(problem).__name__}: {problem}"}


def _fingerprint(pem: str) -> str:
    """Of the first certificate in the file; "" where there is none."""
    head, tail = ssl.PEM_HEADER, ssl.PEM_FOOTER
    if head not in pem or tail not in pem:
        return ""
    first = pem[pem.index(head) : pem.index(tail) + len(tail)]
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = measurement.observed
    version = (row_in(found, "tls") or {}).get("version")
    redirect = f"plain HTTP: {found['status']} to {found['location']}"
    return held(_problems(found), f"{version} with the mounted certificate; {redirect}", "TLS 1.2")


def _problems(found: Row) -> Iterator[str]:
    tls, old = row_in(found, "tls") or {}, row_in(found, "old") or {}
    if not tls["version"]:
        yield f"no TLS handshake with the proxy ({tls.get('problem')})"
    elif tls["certificate"] != found["mounted"]:
        yield "the proxy shows another certificate than the one that is mounted"
    if old["version"]:
        yield f"the proxy still speaks {old['version']}"
    location = text(found, "location")
    right = location == found["wanted"] or any(location.startswith(name) for name in texts(found, "names"))
    if not 300 < int(str(found["status"])) < 400:
        yield f"plain HTTP is answered {found['status']} ({location}), not with a redirect"
    elif not right:
        yield f"plain HTTP leads to {location}, not to {found['wanted']}"


CLAIM = Claim(
    id="SP310-tls-entrance",
    group="running",
    says="Clients come in over TLS 1.2 or later with the mounted pair, and plain HTTP only leads there.",
    measure=_measure,
    judge=_judge,
    applies=entrance.has_proxy,
)
