"""nginx configurations as they are read, with what they include."""

import pytest

from stackproof.check import nginx
from stackproof.model.source import SourceTree
from tests.check.looking import seen

HEADERS = "proxy_set_header Host $host; proxy_set_header X-Forwarded-For x; proxy_set_header X-Forwarded-Proto $scheme;"
STACK = (
    "services:\n  api:\n    image: x:1\n    networks:\n      back:\n        aliases: [shop]\nnetworks:\n  back: {}\n"
)


def test_comments_quotes_and_includes() -> None:
    files = {
        "n/a.conf": b"# x\nserver {\n  listen 80; # y }\n  set $a '};';\n  include conf/b.conf; include /etc/x;\n}\n;",
        "n/b.conf": b"gzip on;\ninclude b.conf;\n",
    }
    (found,) = nginx.configurations(SourceTree(files))
    (server,) = found.block
    assert [(each.name, each.seen.line) for each in server.block][:3] == [("listen", 3), ("set", 4), ("gzip", 1)]
    assert server.block[-1].words == ("/etc/x",)
    assert len(list(server.all("gzip"))) == 5  # a file that includes itself is read so often and no more


@pytest.mark.parametrize(
    ("rule", "text", "count"),
    [
        ("SR501", "server { location / { proxy_pass http://shop:80; } }", 0),
        ("SR501", "server { location / { proxy_pass http://$x; } location /a { proxy_pass http://[x; } }", 0),
        ("SR501", "upstream u { server gone:80; server unix:/x; } server { location / { proxy_pass http://u; } }", 1),
        ("SR502", f"server {{ {HEADERS} location / {{ proxy_pass http://api; }} }}", 0),
        ("SR502", "server { location / { include /etc/nginx/proxy_params; proxy_pass http://api; } }", 0),
        ("SR502", "server { location / { proxy_pass http://api; } }", 1),
        ("SR505", "server { ssl_protocols TLSv1; }", 1),
    ],
)
def test_rules(rule: str, text: str, count: int) -> None:
    assert len(seen({"compose.yaml": STACK, "site.conf": text}, rule)) == count


def test_an_edit_needs_the_line_for_itself() -> None:
    (found,) = seen({"site.conf": "server { ssl_protocols TLSv1; }"}, "SR505")
    assert found.edits == ()
