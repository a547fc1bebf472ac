"""Until when the lines of what a stack is made of get security fixes: one table, with the day it was looked at."""

from dataclasses import dataclass
from datetime import date

CHECKED = date(2026, 11, 22)  # the day on which every line here was looked at
_NONE = None  # its makers have announced no date


@dataclass(frozen=True, slots=True)
class Line:
    """A line of releases: "3.11", "24"; `ends` is the last day with security fixes."""

    software: str
    version: str
    ends: date | None


# Where each maker says it. Debian's day is that of its long-term support.
SOURCES = {
    "python": "devguide.python.org/versions",
    "node": "nodejs.org/en/about/previous-releases",
    "debian": "wiki.debian.org/LTS",
    "postgres": "postgresql.org/support/versioning",
    "redis": "redis.io has no dates for Redis Open Source; 7.0 ended when 7.4 came",
    "mariadb": "mariadb.org/about/#maintenance-policy",
    "mongo": "mongodb.com/legal/support-policy/lifecycles",
    "rabbitmq": "rabbitmq.com/release-information: the newest line alone gets free fixes",
    "elasticsearch": "elastic.co/support/eol: 8.19 for as long as 9 is the newest major, at least until the day here",
    "opensearch": "opensearch.org/releases: no dates; the newest major line",
    "mailpit": "github.com/axllent/mailpit/releases: no dates; the newest release",
    "nginx": "nginx.org/en/download.html: the mainline and one stable line; 1.28 ended when 1.30 came",
}

LINES = (
    Line("python", "3.8", date(2024, 10, 31)),
    Line("python", "3.9", date(2025, 10, 31)),
    Line("python", "3.10", date(2026, 10, 31)),
    Line("python", "3.11", date(2027, 10, 31)),
    Line("python", "3.12", date(2028, 10, 31)),
    Line("python", "3.13", date(2029, 10, 31)),
    Line("python", "3.14", date(2030, 10, 31)),
    Line("python", "3.15", date(2031, 10, 31)),
    Line("node", "18", date(2025, 4, 30)),
    Line("node", "20", date(2026, 4, 30)),
    Line("node", "22", date(2027, 4, 30)),
    Line("node", "24", date(2028, 4, 30)),
    Line("node", "25", date(2026, 6, 1)),
    Line("node", "26", date(2029, 4, 30)),
    Line("debian", "11", date(2026, 8, 31)),
    Line("debian", "12", date(2028, 6, 30)),
    Line("debian", "13", date(2030, 6, 30)),
    Line("postgres", "13", date(2025, 11, 13)),
    Line("postgres", "14", date(2026, 11, 12)),
    Line("postgres", "15", date(2027, 11, 11)),
    Line("postgres", "16", date(2028, 11, 9)),
    Line("postgres", "17", date(2029, 11, 8)),
    Line("postgres", "18", date(2030, 11, 14)),
    Line("redis", "7.0", date(2024, 7, 29)),
    Line("redis", "7", _NONE),
    Line("redis", "8", _NONE),
    Line("mariadb", "11.8", date(2028, 6, 4)),
    Line("mongo", "8.0", date(2029, 10, 31)),
    Line("rabbitmq", "4.2", _NONE),
    Line("elasticsearch", "8.19", date(2027, 7, 15)),
    Line("opensearch", "3", _NONE),
    Line("mailpit", "1", _NONE),
    Line("nginx", "1.28", date(2026, 4, 30)),
    Line("nginx", "1.30", _NONE),
    Line("nginx", "1.31", _NONE),
)
CODENAMES = {"bullseye": "11", "bookworm": "12", "trixie": "13"}


def line(software: str, version: str) -> Line | None:
    """The narrowest line that a version or a tag belongs to: 7.0.15 to 7.0, 7.4.2 to 7."""
    fitting = [each for each in LINES if each.software == software and f"{version}.".startswith(f"{each.version}.")]
    return max(fitting, key=lambda each: len(each.version), default=None)


def ends(software: str, version: str) -> date | None:
    found = line(software, version)
    return found.ends if found else None
