"""Numbers are added in the background; where they are kept is asked for health."""

import os

from fastapi import FastAPI, Response
from redis import Redis
from redis.exceptions import RedisError
from worker import add
from worker import app as tasks

app = FastAPI()
redis = Redis.from_url(os.environ["REDIS_URL"], socket_timeout=2)


@app.get("/health")
def health(response: Response) -> dict[str, str]:
    try:
        redis.ping()
    except RedisError:
        response.status_code = 503
        return {"redis": "lost"}
    return {"redis": "there"}


@app.post("/sums", status_code=202)
def begin(numbers: list[int]) -> dict[str, str]:
    return {"id": add.delay(numbers).id}


@app.get("/sums/{task}")
def look(task: str) -> dict[str, object]:
    found = tasks.AsyncResult(task)
    return {"state": found.state, "result": found.result if found.successful() else None}
