"""The Celery application: three queues, late acknowledgement, nothing lost with a worker."""

from celery import Celery
from celery.signals import setup_logging, worker_init
from kombu import Exchange, Queue

from tubeatlas import database
from tubeatlas.config import logs
from tubeatlas.config.settings import get_settings

_settings = get_settings()

# Seconds; a publish or a stored result must not hang on a broker that is there but silent.
_SOCKET_TIMEOUT = 5

# Without keys of their own, all three queues would be bound by the default queue's.
_EXCHANGE = Exchange("tubeatlas", type="direct")

app = Celery("tubeatlas", include=["tubeatlas.tasks", "tubeatlas.resume"])
app.conf.update(
    broker_url=str(_settings.redis_url),
    result_backend=str(_settings.redis_url),
    task_queues=(
        Queue("transcripts", _EXCHANGE, routing_key="transcripts"),
        Queue("kg_generation", _EXCHANGE, routing_key="kg_generation"),
        Queue("video_processing", _EXCHANGE, routing_key="video_processing"),
    ),
    task_default_queue="transcripts",
    task_default_exchange="tubeatlas",
    task_default_routing_key="transcripts",
    task_create_missing_queues=False,
    task_routes={
        "tubeatlas.tasks.process_transcript": {"queue": "transcripts"},
        "tubeatlas.tasks.build_knowledge_graph": {"queue": "kg_generation"},
        "tubeatlas.tasks.index_video": {"queue": "video_processing"},
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
    # Flower sees every task without a worker being started in a special way.
    worker_send_task_events=True,
    task_send_sent_event=True,
    worker_hijack_root_logger=False,
    timezone="UTC",
)


# A receiver of this signal takes the place of Celery's own logging set-up.
@setup_logging.connect
def _log_as_the_api_does(**_: object) -> None:
    logs.configure(_settings.log_level)


@worker_init.connect
def _have_tables(**_: object) -> None:
    database.create_schema(_settings.database_url)
