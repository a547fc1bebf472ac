"""Is a webhook really from Twilio? Its signature is an HMAC over the address and the form."""

import base64
import hmac
from collections.abc import Mapping, Sequence


def signature(token: str, url: str, form: Mapping[str, Sequence[str]]) -> str:
    """https://www.twilio.com/docs/usage/security#validating-requests"""
    signed = url + "".join(
        f"{name}{value}" for name in sorted(form) for value in sorted(set(form[name]))
    )
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def genuine(token: str, url: str, form: Mapping[str, Sequence[str]], given: str) -> bool:
    return hmac.compare_digest(signature(token, url, form).encode(), given.encode())
