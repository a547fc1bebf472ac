"""Rules for nginx configurations, beside the services that they hand requests to."""

from stackproof.check.rules.nginx import (
    body_size,
    forwarded_headers,
    old_tls,
    server_tokens,
    upstream_port,
    upstream_unknown,
    websocket_upgrade,
)
from stackproof.model.findings import Rule

NGINX_RULES: tuple[Rule, ...] = (
    upstream_unknown.RULE,
    forwarded_headers.RULE,
    body_size.RULE,
    websocket_upgrade.RULE,
    old_tls.RULE,
    server_tokens.RULE,
    upstream_port.RULE,
)
