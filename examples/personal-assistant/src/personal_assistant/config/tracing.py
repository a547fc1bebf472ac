"""Traces over OTLP/HTTP from the API through the queue to the agent; none without an endpoint."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind

from personal_assistant.config.settings import Settings

_EXPORT_SECONDS = 2


def configure(settings: Settings, service: str) -> None:
    """Call once in each process, after any fork: the exporter has a thread of its own."""
    endpoint = settings.otel_exporter_otlp_endpoint
    if endpoint is None:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    exporter = OTLPSpanExporter(
        endpoint=f"{str(endpoint).rstrip('/')}/v1/traces", timeout=_EXPORT_SECONDS
    )
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


@contextmanager
def span(name: str, kind: SpanKind, parent: Mapping[str, str] | None = None) -> Iterator[Span]:
    """`parent` holds a traceparent; without one the present span is the parent."""
    context = propagate.extract(parent) if parent else None
    tracer = trace.get_tracer("personal_assistant")
    with tracer.start_as_current_span(name, context=context, kind=kind) as opened:
        yield opened


def carrier() -> dict[str, str]:
    """What carries the present span over to another process."""
    found: dict[str, str] = {}
    propagate.inject(found)
    return found
