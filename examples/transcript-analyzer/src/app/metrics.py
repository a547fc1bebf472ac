"""Counts requests for Prometheus; one process per container, so its own numbers are all of them."""

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, Counter, generate_latest


class Metrics:
    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "http_requests",  # the client library adds _total
            "Requests answered, by method, route and status.",
            ("method", "route", "status"),
            registry=self._registry,
        )

    def attach(self, app: Flask) -> None:
        app.after_request(self._count)

    def page(self) -> bytes:
        return generate_latest(self._registry)

    def _count(self, response: Response) -> Response:
        """By route and not by path: paths hold ids, and strangers make up others."""
        route = request.url_rule.rule if request.url_rule else "none"
        self._requests.labels(request.method, route, str(response.status_code)).inc()
        return response
