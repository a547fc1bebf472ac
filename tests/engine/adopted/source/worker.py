import os

from celery import Celery

app = Celery("worker", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])
app.conf.task_routes = {"worker.add": {"queue": "sums"}}
app.conf.task_acks_late = True


@app.task
def add(numbers: list[int]) -> int:
    return sum(numbers)
