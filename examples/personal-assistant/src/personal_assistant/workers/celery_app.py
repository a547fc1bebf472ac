"""The Celery application: celery -A personal_assistant.workers.celery_app worker

Three queues, late acknowledgement, nothing lost with a worker.
"""

from celery import Celery
from celery.signals import (
    beat_init,
    setup_logging,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
)
from kombu import Exchange, Queue

from personal_assistant.config import logs, metrics, tracing
from personal_assistant.config.settings import get_settings, plain
from personal_assistant.database import session
from personal_assistant.workers import health

_settings = get_settings()

# Seconds; a publish must not hang on a broker that is there but silent.
_SOCKET_TIMEOUT = 5
_SWEEP_SECONDS = 5
_CLEANUP_SECONDS = 600

# Without keys of their own, all queues would be bound by the default queue's.
_EXCHANGE = Exchange("personal_assistant", type="direct")

app = Celery("personal_assistant", include=["personal_assistant.workers.tasks"])
app.conf.update(
    broker_url=str(_settings.redis_url),
    broker_password=plain(_settings.redis_password),
    result_backend=str(_settings.redis_url),
    redis_password=plain(_settings.redis_password),
    task_queues=(
        Queue("default", _EXCHANGE, routing_key="default"),
        Queue("agent", _EXCHANGE, routing_key="agent"),
        Queue("memory", _EXCHANGE, routing_key="memory"),
    ),
    task_default_queue="default",
    task_default_exchange="personal_assistant",
    task_default_routing_key="default",
    task_create_missing_queues=False,
    task_routes={
        "personal_assistant.workers.tasks.answer_message": {"queue": "agent"},
        "personal_assistant.workers.tasks.remember_message": {"queue": "memory"},
        "personal_assistant.workers.tasks.sweep": {"queue": "default"},
        "personal_assistant.workers.tasks.clean_up": {"queue": "default"},
    },
    beat_schedule={
        # A sweep that nobody took before the next one is due is not needed any more.
        "sweep": {
            "task": "personal_assistant.workers.tasks.sweep",
            "schedule": _SWEEP_SECONDS,
            "options": {"expires": _SWEEP_SECONDS},
        },
        "clean-up": {
            "task": "personal_assistant.workers.tasks.clean_up",
            "schedule": _CLEANUP_SECONDS,
            "options": {"expires": _CLEANUP_SECONDS},
        },
    },
    # A message is acknowledged after the work; whatever ends a worker, the message comes back.
    task_acks_late=True,
    task_acks_on_failure_or_timeout=False,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # The soft limit lets the task write down that it ran too long; the hard one ends it.
    task_soft_time_limit=_settings.task_time_limit_seconds - 1,
    task_time_limit=_settings.task_time_limit_seconds,
    worker_soft_shutdown_timeout=_settings.soft_shutdown_seconds,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": _settings.visibility_timeout_seconds,
        # kombu looks for abandoned messages every interval x throttle seconds, 100 unless told.
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        # A broker that hung keeps the lock of who looked last: nobody looks for 300 s unless told.
        "unacked_mutex_expire": 10,
        "socket_timeout": _SOCKET_TIMEOUT,
        "socket_connect_timeout": _SOCKET_TIMEOUT,
        "health_check_interval": 10,
    },
    result_backend_transport_options={
        "visibility_timeout": _settings.visibility_timeout_seconds,
        "retry_policy": {"max_retries": 1, "interval_start": 0, "interval_max": 0.5},
    },
    redis_socket_timeout=_SOCKET_TIMEOUT,
    redis_socket_connect_timeout=_SOCKET_TIMEOUT,
    result_expires=3600,
    worker_send_task_events=True,
    task_send_sent_event=True,
    worker_hijack_root_logger=False,
    timezone="UTC",
)


# A receiver of this signal takes the place of Celery's own logging set-up.
@setup_logging.connect
def _log_as_the_api_does(**_: object) -> None:
    logs.configure(_settings.log_level)


@worker_process_init.connect
def _begin_after_the_fork(**_: object) -> None:
    session.after_fork()
    tracing.configure(_settings, "worker")


@worker_process_shutdown.connect
def _leave(**_: object) -> None:
    metrics.leave()


@beat_init.connect
def _trace_beat(**_: object) -> None:
    tracing.configure(_settings, "beat")


@worker_ready.connect
def _answer_for_the_worker(**_: object) -> None:
    if _settings.worker_health_port:
        health.serve(_settings.worker_health_port)
