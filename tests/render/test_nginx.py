"""nginx files: what stands in which block."""

import re

from stackproof.model.facts import WebSocket
from stackproof.model.source import Place
from stackproof.model.stack import ENVIRONMENTS, Stack
from stackproof.render import nginx
from tests.plan.small import SHOP, stack
from tests.plan.test_proxy import proxied


def files(planned: Stack) -> dict[str, str]:
    return {
        artifact.path.rpartition("/")[2]: artifact.text for artifact in nginx.render({planned.environment: planned})
    }


def main(planned: Stack) -> str:
    return files(planned)["nginx.conf"]


def block(text: str, head: str) -> str:
    """The lines of the block, up to the brace that closes it."""
    found = re.search(rf"^( *){re.escape(head)} {{\n(.*?)^\1}}", text, re.DOTALL | re.MULTILINE)
    assert found, text
    return found[2]


def test_it_lies_in_a_folder_of_its_environment() -> None:
    for name in ENVIRONMENTS:
        paths = [artifact.path for artifact in nginx.render({name: proxied(*SHOP, environment=name)})]
        assert paths == [f"deploy/nginx/{name}/{file}.conf" for file in ("nginx", "headers", "forward")]


def test_no_proxy_no_file() -> None:
    assert not files(stack(*SHOP, said="proxy = false"))


def test_every_block_that_answers_clients_carries_the_headers() -> None:
    text = main(proxied(*SHOP, front=True))
    tls = text[text.index("listen 8443") : text.index("listen 8080")]
    locations = re.findall(r"location [^{]*{[^}]*}", tls)
    assert len(locations) == 6
    assert all("include headers.conf;" in each for each in locations)
    assert all("include forward.conf;" in each for each in locations)


def test_names_of_back_ends_are_resolved_anew() -> None:
    text = main(proxied(*SHOP))
    assert "resolver 127.0.0.11 valid=1s" in text
    assert "server api:8000 resolve " in block(text, "upstream api")


def test_the_redirect_leads_to_the_right_port() -> None:
    assert "return 308 https://$host:8643$request_uri;" in main(proxied(*SHOP))
    said = '[environments.prod]\nhttps = 443\nserver_name = "shop.example"'
    assert "return 308 https://shop.example$request_uri;" in main(proxied(*SHOP, said=said))


def test_files_are_cached_and_never_limited() -> None:
    text = main(proxied(*SHOP, front=True))
    assert "keys_zone=files:" in text
    cached = block(text, "location /_next/static/")
    assert "proxy_cache files;" in cached
    assert "limit_req" not in cached
    assert "limit_req zone=clients" in block(text, "location /api/")
    assert "proxy_cache" not in main(proxied(*SHOP))


def test_what_is_the_same_for_everybody_is_compressed_and_nothing_else() -> None:
    text = main(proxied(*SHOP, front=True))
    cached = block(text, "location /_next/static/")
    assert "gzip on;" in cached
    assert 'proxy_set_header Accept-Encoding "";' in cached
    assert cached.index("include forward.conf;") < cached.index("Accept-Encoding")
    assert text.count("gzip on;") == 1
    assert "gzip" not in main(proxied(*SHOP))


def test_without_polling_a_client_may_change_its_replica() -> None:
    text = main(proxied(*SHOP, WebSocket("socketio", "/socket.io/", Place("app.py", 1))))
    assert "proxy_read_timeout 1h;" in block(text, "location /socket.io/")
    assert "ip_hash;" not in text


def test_sockets_live_long_and_stay_with_their_replica() -> None:
    text = main(proxied(*SHOP, WebSocket("socketio", "/socket.io/", Place("app.py", 1), polling=True)))
    assert "proxy_read_timeout 1h;" in block(text, "location /socket.io/")
    assert "ip_hash;" in block(text, "upstream api")
    assert "ip_hash;" not in main(proxied(*SHOP))


def test_the_health_check_asks_the_application() -> None:
    inside = main(proxied(*SHOP)).split("listen 8081;")[1]
    assert "proxy_pass http://api/healthz;" in block(inside, "location = /healthy")
    assert "stub_status;" in block(inside, "location = /nginx/status")


def test_what_clients_say_about_themselves_is_replaced() -> None:
    said = files(proxied(*SHOP))["forward.conf"]
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in said
    assert "$proxy_add_x_forwarded_for" not in said


def test_what_reads_is_asked_once_more_where_addresses_changed_meanwhile() -> None:
    text = main(proxied(*SHOP, WebSocket("socketio", "/socket.io/", Place("app.py", 1)), front=True))
    assert "error_page 502 = @frontend;" in block(text, "location /")
    assert "error_page 502 = @api;" in block(text, "location = /healthz")
    assert "error_page" not in block(text, "location /socket.io/")
    again = block(text, "location @api")
    assert "return 502;" in block(again, "if ($request_method !~ ^(GET|HEAD)$)")
    assert again.strip().endswith("proxy_pass http://api;")
