"""SR204: no service is given a capability that amounts to root on the host."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services, texts
from stackproof.model.findings import Inspected, Rule, Sighting

_STRONG = frozenset(
    {"ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "DAC_READ_SEARCH", "NET_ADMIN", "BPF"}
)


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for number, each in enumerate(texts(service.spec.get("cap_add"))):
            if each.upper().removeprefix("CAP_") in _STRONG:
                yield Sighting(service.at("cap_add", number), f"{service.name} is given {each}")


RULE = Rule(
    "SR204-strong-capability",
    says="No service is given a capability that amounts to root on the host.",
    fix="Give the one capability that the program needs, none where it needs none.",
    severity="warning",
    profile="recommended",
    check=_check,
)
