"""The claims about a running stack and about faults, in the order in which they are measured."""

from stackproof.model.proof import Claim
from stackproof.prove import (
    dependency_loss,
    graceful_stop,
    health_answers,
    healthy_in_time,
    least_privilege,
    limits_in_force,
    logs_to_stdout,
    ports,
    queues_consumed,
    start_order,
    task_round_trip,
    worker_killed,
)

RUNNING_AND_FAULTS: tuple[Claim, ...] = (
    healthy_in_time.CLAIM,
    start_order.CLAIM,
    health_answers.CLAIM,
    least_privilege.CLAIM,
    limits_in_force.CLAIM,
    ports.CLAIM,
    task_round_trip.CLAIM,
    queues_consumed.CLAIM,
    logs_to_stdout.CLAIM,
    dependency_loss.CLAIM,
    graceful_stop.CLAIM,
    worker_killed.CLAIM,
)
