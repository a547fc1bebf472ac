"""SP310: clients come in over TLS with the mounted pair; plain HTTP only leads there."""

import hashlib
import socket
import ssl
import warnings
from collections.abc import Callable, Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import entrance
from stackproof.prove.verdicts import Row, held, row_in, text, unmeasured
from stackproof.tools.http import Answer, unchecked

_MOUNTED = "/run/secrets/"
_PATH = "/stackproof/asks?for=more"
_OLD = ("TLSv1", "TLSv1.1")
_LIMIT = "TLS 1.2"
Ask = Callable[[str, str], Answer]
Greet = Callable[[str, int, bool], dict[str, Json]]


def greeted(host: str, port: int, old: bool) -> dict[str, Json]:
    """The version that was agreed on and a hash of the certificate; `old` offers nothing but what came before 1.2."""
    try:
        with (
            socket.create_connection((host, port), 20.0) as plain,
            (_old() if old else unchecked()).wrap_socket(plain, server_hostname=host) as secured,
        ):
            certificate = secured.getpeercert(binary_form=True) or b""
            return {"version": secured.version(), "certificate": hashlib.sha256(certificate).hexdigest(), "problem": ""}
    except OSError as problem:
        return {"version": "", "certificate": "", "problem": f"{type(problem).__name__}: {problem}"}


def _old() -> ssl.SSLContext:
    context = unchecked()
    context.set_ciphers("ALL:@SECLEVEL=0")  # only there do libraries of today still speak it
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is what we ask about
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    return context


def _measure(bench: Bench, ask: Ask = entrance.patiently, greet: Greet = greeted) -> Measurement:
    running = bench.running()
    here = entrance.of(running)
    plain = ask("GET", f"{here.plain}{_PATH}")
    mounted = running.run(here.proxy.service, ("cat", f"{_MOUNTED}{here.proxy.certificate}"))
    tls = greet(here.host, here.port, False)
    named = here.proxy.server_name != "_"
    return Measurement(
        f"{tls['version'] or 'no TLS'}, {plain.status}",
        "a TLS handshake with the published port, the certificate held against the mounted file; one that offers "
        "nothing newer than TLS 1.1; and GET over plain HTTP without following the redirect",
        {
            "tls": tls,
            "old": greet(here.host, here.port, True),
            "old_can_be_asked": ssl.HAS_TLSv1_1,
            "mounted": _fingerprint(mounted.output),
            "status": plain.status,
            "location": plain.header("Location"),
            "problem": plain.problem,
            "wanted": f"https://{_at(here.proxy.server_name if named else here.host, here.port)}{_PATH}",
        },
        (mounted,),
    )


def _at(host: str, port: int) -> str:
    return host if port == 443 else f"{host}:{port}"


def _fingerprint(pem: str) -> str:
    """Of the first certificate in the file; "" where there is none."""
    _, begun, rest = pem.partition(ssl.PEM_HEADER)
    body, ended, _ = rest.partition(ssl.PEM_FOOTER)
    if not (begun and ended):
        return ""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(f"{begun}{body}{ended}")).hexdigest()


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = measurement.observed
    if problems := list(_problems(found)):
        return held(problems, "", _LIMIT)
    if not found["mounted"]:
        return unmeasured("the mounted certificate could not be read inside the proxy", _LIMIT)
    if not found["old_can_be_asked"]:
        return unmeasured("this machine's own TLS library cannot ask for TLS 1.1 any more", _LIMIT)
    version = text(row_in(found, "tls") or {}, "version")
    said = f"{version} with the mounted certificate, nothing below 1.2; plain HTTP is answered {found['status']}"
    return held((), f"{said} and leads to {found['location']}", _LIMIT)


def _problems(found: Row) -> Iterator[str]:
    tls, old = row_in(found, "tls") or {}, row_in(found, "old") or {}
    if not tls["version"]:
        yield f"no TLS handshake with the proxy ({tls['problem']})"
    elif found["mounted"] and tls["certificate"] != found["mounted"]:
        yield "the proxy shows another certificate than the mounted one"
    if newest := next((said for said in (tls["version"], old["version"]) if said in _OLD), None):
        yield f"the proxy still speaks {newest}"
    location = text(found, "location")
    if not 300 <= int(text(found, "status")) < 400:
        yield f"plain HTTP is answered {found['status']} {found['problem']}".rstrip() + ", not with a redirect"
    elif location != found["wanted"]:
        yield f"plain HTTP leads to {location or 'nowhere'}, not to {found['wanted']}"


CLAIM = Claim(
    id="SP310-tls-entrance",
    group="running",
    says="Clients come in over TLS 1.2 or later with the mounted pair, and plain HTTP only leads there.",
    measure=_measure,
    judge=_judge,
    applies=entrance.has_proxy,
    company="looks",
)
