"""A TLS pair: made and signed by itself for a host name, or looked at whether its two files belong together."""

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, GeneralName

_VALID = timedelta(days=825)  # the longest that Apple's systems accept from a certificate of one's own
_SKEW = timedelta(hours=1)  # a client's clock may be behind


def self_signed(server_name: str, now: datetime | None = None) -> tuple[str, str]:
    """(certificate, key) as PEM, for localhost, the loopback addresses and the server's name ("_": no name)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    begun = now or datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    common = "localhost" if server_name in ("", "_") else server_name
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])  # X.520's upper bound
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), begun - _SKEW, begun + _VALID
        )
        .add_extension(x509.SubjectAlternativeName(_names(common)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()  # the file's mode guards it: nobody could type a password at a start
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    return made.public_bytes(pem).decode(), secret.decode()


def certificate_problem(pem: bytes, now: datetime | None = None) -> str:
    """What keeps a server from using this certificate; "" for nothing."""
    found = _certificate(pem)
    if found is None:
        return "is no certificate in PEM form"
    if found.not_valid_after_utc < (now or datetime.now(UTC)):
        return f"has expired on {found.not_valid_after_utc:%Y-%m-%d}"
    return ""


def key_problem(pem: bytes, certificate: bytes) -> str:
    """What keeps a server from using this key with that certificate; "" for nothing."""
    from cryptography.hazmat.primitives import serialization

    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError:
        return "is encrypted: nobody can type its password when the proxy starts"
    except ValueError:
        return "is no private key in PEM form"
    found = _certificate(certificate)
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if found and found.public_key().public_bytes(*form) != key.public_key().public_bytes(*form):
        return "does not belong to the certificate"
    return ""


def _certificate(pem: bytes) -> "Certificate | None":
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError:
        return None


def _names(server: str) -> "list[GeneralName]":
    hosts = dict.fromkeys(["localhost", "127.0.0.1", "::1", server])
    return [_name(host) for host in hosts]


def _name(host: str) -> "GeneralName":
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host.encode("idna").decode() if not host.isascii() else host)
