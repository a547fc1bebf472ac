"""The Celery application: two queues, late acknowledgement, nothing lost with a worker.

For the command line: celery -A src.app.celery_app.celery worker -Q celery,default
"""

from celery import Celery
from celery.signals import setup_logging
from kombu import Exchange, Queue

from src.app import logs
from src.app.settings import get_settings

_settings = get_settings()

# Seconds; a publish or a stored result must not hang on a broker that is there but silent.
_SOCKET_TIMEOUT = 5

_EXCHANGE = Exchange("transcripts", type="direct")

celery = Celery("transcripts", include=["src.app.tasks"])
celery.conf.update(
    broker_url=_settings.redis_url_with_password(),
    result_backend=_settings.redis_url_with_password(),
    # The parts of all jobs wait in one queue; what begins and ends a job does not wait for them.
    task_queues=(
        Queue("celery", _EXCHANGE, routing_key="celery"),
        Queue("default", _EXCHANGE, routing_key="default"),
    ),
    task_default_queue="default",
    task_default_exchange="transcripts",
    task_default_routing_key="default",
    task_create_missing_queues=False,
    task_routes={
        "src.app.tasks.analyse_part": {"queue": "celery"},
        "src.app.tasks.start": {"queue": "default"},
        "src.app.tasks.finish": {"queue": "default"},
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
    worker_hijack_root_logger=False,
    timezone="UTC",
)


# A receiver of this signal takes the place of Celery's own logging set-up.
@setup_logging.connect
def _log_as_the_api_does(**_: object) -> None:
    logs.configure(_settings.log_level)
