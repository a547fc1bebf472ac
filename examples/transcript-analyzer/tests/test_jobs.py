import os
import time
from pathlib import Path

import pytest
from celery.exceptions import Reject
from redis import Redis
from redis.exceptions import ConnectionError as RedisAway

from conftest import TEXT
from src.app import analysis, tasks
from src.app.jobs import Jobs
from src.app.results import Results

JOB = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def job(jobs: Jobs, output: Path) -> str:
    Results(output).save(JOB, tasks.TRANSCRIPT, TEXT)
    jobs.add(JOB, "Engines")
    return JOB


def _state(jobs: Jobs, *names: str) -> tuple[object, ...]:
    status = jobs.status(JOB)
    assert status
    return tuple(status[name] for name in names or ("state", "attempts", "completions"))


def test_a_job_from_start_to_end(jobs: Jobs, job: str, output: Path, redis: "Redis") -> None:
    assert _state(jobs, "state", "progress") == ("queued", 0)
    tasks.start.delay(job)
    assert _state(jobs) == ("done", 1, 1)
    assert _state(jobs, "progress", "parts", "error") == (100, 1, None)
    assert (output / job / tasks.RESULT).is_file()
    assert redis.zcard("jobs:open") == 0
    assert all(0 < redis.ttl(key) <= jobs.ttl for key in redis.keys("job:*"))


def test_messages_that_come_twice_change_nothing(jobs: Jobs, job: str, output: Path) -> None:
    tasks.start.delay(job)
    before = jobs.status(job), (output / job / tasks.RESULT).read_bytes()
    tasks.start.delay(job)
    tasks.analyse_part.delay(job, 0)
    tasks.finish.delay(job)
    assert (jobs.status(job), (output / job / tasks.RESULT).read_bytes()) == before


def test_one_of_many_finishes(jobs: Jobs, job: str) -> None:
    assert jobs.begin(job, 1)
    assert [jobs.finish(job) for _ in range(3)] == [True, False, False]
    assert not jobs.fail(job, "too late")
    assert not jobs.begin(job, 1)
    assert _state(jobs) == ("done", 1, 1)


def test_progress_counts_each_part_once(jobs: Jobs, job: str) -> None:
    jobs.begin(job, 3)
    for number, progress in ((0, 33), (0, 33), (2, 66), (1, 99)):
        jobs.end_part(job, number)
        assert _state(jobs, "progress") == (progress,)


def test_a_job_begun_again_does_what_is_left(
    jobs: Jobs, job: str, redis: "Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis.parts, "__defaults__", (40,))
    analysed: list[int] = []
    real = analysis.analyse

    def counted(part: analysis.Part, prompts: analysis.Prompts) -> analysis.Findings:
        analysed.append(part.number)
        return real(part, prompts)

    monkeypatch.setattr(analysis, "analyse", counted)
    with monkeypatch.context() as lost:
        lost.setattr(tasks, "chord", lambda _: lambda _: None)  # its messages go nowhere
        tasks.start.delay(job)
    tasks.analyse_part.delay(job, 1)
    assert _state(jobs, "state", "parts", "progress") == ("processing", 5, 20)
    redis.zadd("jobs:open", {job: 1})
    tasks.resume_lost()
    assert _state(jobs) == ("done", 2, 1)
    assert sorted(analysed) == [0, 1, 2, 3, 4]


def test_an_unknown_job_is_dropped(jobs: Jobs) -> None:
    tasks.start.delay(JOB)
    tasks.analyse_part.delay(JOB, 0)
    tasks.finish.delay(JOB)
    assert jobs.status(JOB) is None


def test_a_failure_is_told(jobs: Jobs, job: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr(analysis, "analyse", breaks)
    tasks.start.delay(job)
    assert _state(jobs) == ("failed", 1, 0)
    assert _state(jobs, "error") == ("RuntimeError: no luck",)


def test_a_part_that_kills_its_worker_is_given_up(jobs: Jobs, job: str) -> None:
    jobs.begin(job, 1)
    for _ in range(tasks.MAX_STARTS):
        assert jobs.begin_part(job, 0)
    tasks.analyse_part.delay(job, 0)
    assert _state(jobs, "state") == ("failed",)
    assert "never came to an end" in str(_state(jobs, "error"))


def test_without_redis_the_message_goes_back(job: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: str) -> None:
        raise RedisAway("away")

    monkeypatch.setattr(tasks, "_start", away)
    with pytest.raises(Reject) as rejected:
        tasks.start(job)
    assert rejected.value.args == ("ConnectionError", True)  # to be queued again


def test_a_lost_job_is_started_again(jobs: Jobs, job: str, redis: "Redis") -> None:
    tasks.resume_lost()
    assert _state(jobs) == ("queued", 0, 0)  # it is not late yet
    redis.zadd("jobs:open", {job: 1})
    tasks.resume_lost()
    assert _state(jobs) == ("done", 1, 1)


def test_a_job_that_waits_is_asked_for_ever_less_often(
    jobs: Jobs, job: str, redis: "Redis"
) -> None:
    waits = []
    for _ in range(3):
        redis.zadd("jobs:open", {job: 1})
        before = time.time()
        assert jobs.lost() == [job]
        due = redis.zscore("jobs:open", job)
        assert isinstance(due, float)
        waits.append((due - before) // jobs.patience)
    assert waits == [2, 4, 8]


def test_what_is_over_or_gone_is_not_started_again(jobs: Jobs, job: str, redis: "Redis") -> None:
    jobs.fail(job, "no")
    redis.zadd("jobs:open", {job: 1, "forgotten": 1})
    assert jobs.lost() == []
    assert redis.zcard("jobs:open") == 0


def test_looking_for_lost_jobs_outlives_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Jobs:
        raise RedisAway("away")

    with monkeypatch.context() as outage:
        outage.setattr(tasks, "_jobs", away)
        tasks.resume_lost()


def test_old_folders_are_removed(jobs: Jobs, job: str, output: Path) -> None:
    old = "99999999-2222-4333-8444-555555555555"
    for name in (old, "kept"):
        Results(output).save(name, "file", "text")
        os.utime(output / name, (1, 1))
    tasks.start.delay(job)
    assert {path.name for path in output.iterdir()} == {job, "kept"}


def test_no_half_written_file_is_left(output: Path) -> None:
    results = Results(output)
    for text in ("one", "two"):
        results.save(JOB, "file", text)
    assert results.read(JOB, "file") == "two"
    assert [path.name for path in (output / JOB).iterdir()] == ["file"]
