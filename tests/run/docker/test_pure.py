"""Pure parts of the docker runtime: what the kernel and the engine say, as values."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stackproof.errors import ToolFailed, UserError
from stackproof.model.running import Completed
from stackproof.model.stack import Publish
from stackproof.run.docker import compose, limits, processes, project, reach, removing, timeline
from stackproof.run.docker.clock import nanoseconds
from stackproof.run.docker.project import Container, bindings
from stackproof.tools.docker.watch import Happening, happening
from tests.engine import tiny

STACK = tiny.stack("tiny", 18391)


def event(action: str, **attributes: str) -> dict[str, object]:
    named = {"com.docker.compose.service": "web", **attributes}
    return {"Action": action, "timeNano": 5, "Actor": {"ID": "c1", "Attributes": named}}


@pytest.mark.parametrize(
    ("document", "action", "detail"),
    [
        (event("start"), "start", ""),
        (event("die", exitCode="137"), "die", "exit code 137"),
        (event("health_status: healthy"), "healthy", ""),
        (event("health_status: unhealthy"), "unhealthy", ""),
    ],
)
def test_an_event_of_the_engine(document: dict[str, object], action: str, detail: str) -> None:
    assert happening(document) == Happening(5, "c1", "web", action, detail)


@pytest.mark.parametrize(
    "document",
    [
        event("health_status: starting"),
        event("start", **{"com.docker.compose.oneoff": "True"}),
        {"Action": "start", "timeNano": 5, "Actor": {"ID": "x", "Attributes": {}}},
    ],
)
def test_events_that_say_nothing_about_a_service(document: dict[str, object]) -> None:
    assert happening(document) is None


def test_the_time_line_tells_restarts_from_first_starts() -> None:
    lived = [
        Happening(at * 10**9, "c1", "web", action, detail)
        for at, action, detail in (
            (11, "create", ""), (12, "start", ""), (13, "healthy", ""), (14, "oom", ""), (15, "die", "exit code 137"),
            (16, "start", ""), (17, "unhealthy", ""), (18, "die", "exit code 0"), (19, "destroy", ""),
        )
    ]  # fmt: skip
    told = timeline.events(lived, 10 * 10**9)
    assert [(each.at, each.what) for each in told] == [
        (1, "created"), (2, "started"), (3, "healthy"), (5, "exited"), (6, "restarted"), (7, "unhealthy"),
        (8, "exited"), (9, "removed"),
    ]  # fmt: skip
    assert told[3].detail == "exit code 137, out of memory"
    assert told[6].detail == "exit code 0"


def test_overlapping_lists_are_merged_in_order() -> None:
    first, second = Happening(1, "c", "web", "create"), Happening(2, "c", "web", "start")
    assert timeline.merged((second,), (first, second)) == (first, second)


def test_trouble_is_a_new_container_that_ended() -> None:
    died = Happening(1, "c1", "web", "die", "exit code 1")
    assert timeline.trouble((died,), frozenset(), frozenset()) == died
    assert timeline.trouble((died,), frozenset({"c1"}), frozenset()) is None  # replaced by Compose
    assert timeline.trouble((died, Happening(2, "c1", "web", "destroy")), frozenset(), frozenset()) is None
    assert timeline.trouble((died,), frozenset(), frozenset({"web"})) == died


def test_a_one_shot_that_ends_well_is_no_trouble() -> None:
    ended = Happening(1, "c1", "migrate", "die", "exit code 0")
    assert timeline.trouble((ended,), frozenset(), frozenset({"migrate"})) is None
    assert timeline.trouble((ended,), frozenset(), frozenset()) == ended


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:01.5Z", 1_500_000_000),
        ("1970-01-01T00:00:01.000000001Z", 1_000_000_001),
        ("1970-01-01T01:00:01.25+01:00", 1_250_000_000),
        ("1970-01-01T00:00:01Z", 1_000_000_000),
    ],
)
def test_times_of_the_engine(text: str, expected: int) -> None:
    assert nanoseconds(text) == expected


def test_cgroup_version_1() -> None:
    found = limits.version_1(["134217728", "75000", "100000", "100"], ("a",))
    assert (found.memory_bytes, found.cpus, found.pids) == (134217728, 0.75, 100)
    free = limits.version_1(["9223372036854771712", "-1", "100000", "max"], ("a",))
    assert (free.memory_bytes, free.cpus, free.pids) == (None, None, None)


def test_cgroup_version_2() -> None:
    found = limits.version_2(["134217728", "75000 100000", "100"], ("a",))
    assert (found.memory_bytes, found.cpus, found.pids) == (134217728, 0.75, 100)
    free = limits.version_2(["max", "max 100000", "max"], ("a",))
    assert (free.memory_bytes, free.cpus, free.pids) == (None, None, None)


TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000 10001        0 1 1 0 100 0 0 10 0
   1: 0B00007F:8C3D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 020011AC:1F40 010011AC:C350 01 00000000:00000000 00:00000000 00000000 10001        0 3 1 0 100 0 0 10 0
  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000000000000:18EB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:0 0
"""


def test_listening_sockets() -> None:
    assert reach.listeners(TCP) == {8000, 6379}


def process(**changes: str) -> dict[str, object]:
    status = {
        "Name": "python", "State": "S (sleeping)", "Uid": "1\t10001\t1\t1", "Gid": "1\t10002\t1\t1", "CapInh": "0",
        "CapPrm": "0", "CapEff": "0", "CapBnd": "00000000a80425fb", "CapAmb": "0", "NoNewPrivs": "1", **changes,
    }  # fmt: skip
    text = "".join(f"{name}:\t{value}\n" for name, value in status.items())
    mounts = "1 2 0:1 / / rw,relatime - overlay overlay rw\n3 2 0:1 / / ro,relatime - overlay overlay rw\n"
    mounts += "4 3 0:2 / /tmp rw - tmpfs tmpfs rw\n"
    return {"pid": 7, "status": text, "cmdline": "python\0/app/app.py\0", "mountinfo": mounts}


def test_what_the_kernel_says_about_a_process() -> None:
    becoming = process(Name="runc:[2:INIT]", Uid="0\t0\t0\t0")  # a health check that has not begun
    (found,) = processes.parsed(json.dumps([process(), process(State="Z (zombie)"), becoming]))
    assert (found.pid, found.command, found.uid, found.gid) == (7, "python /app/app.py", 10001, 10002)
    assert found.capabilities == 0xA80425FB  # what it could get counts too
    assert found.no_new_privileges
    assert found.root_read_only


def test_a_writable_root_is_seen() -> None:
    entry = {**process(NoNewPrivs="0"), "mountinfo": "1 2 0:1 / / rw,relatime - overlay overlay ro\n", "cmdline": ""}
    (found,) = processes.parsed(json.dumps([entry]))
    assert not found.root_read_only
    assert not found.no_new_privileges
    assert found.command == "[python]"


def test_published_ports() -> None:
    bound = [{"HostIp": "0.0.0.0", "HostPort": "8100"}, {"HostIp": "::", "HostPort": "8100"}]
    ports = {"8000/tcp": bound, "9/udp": [{"HostIp": "", "HostPort": "9"}], "6379/tcp": None}
    found = Container("c", "n", "web", {"NetworkSettings": {"Ports": ports}})
    assert bindings(found, "127.0.0.1") == ((8000, "127.0.0.1", 8100),)
    assert bindings(found, "engine.example") == ((8000, "engine.example", 8100),)


@pytest.mark.parametrize(
    "said",
    [
        "Error response from daemon: driver failed programming external connectivity on endpoint tiny-web-1 (1f): "
        "Bind for 127.0.0.1:18391 failed: port is already allocated",
        "Error response from daemon: driver failed programming external connectivity: Error starting userland proxy: "
        "listen tcp4 127.0.0.1:18391: bind: address already in use",
        "Error response from daemon: failed to set up container networking: driver failed programming external "
        "connectivity: failed to bind host port for 127.0.0.1:18391:172.20.0.2:8000/tcp: address already in use",
    ],
)
def test_a_port_in_use_is_named_with_its_setting(said: str) -> None:
    problem = compose.failure(Completed(("docker",), 1, 1.0, "", said), STACK)
    assert isinstance(problem, UserError)
    assert "18391" in str(problem)
    assert "[services.web]" in problem.fix


def test_a_missing_variable_is_named() -> None:
    said = "error while interpolating services.web.environment.KEY: required variable KEY is missing a value: set it"
    problem = compose.failure(Completed(("docker",), 1, 1.0, "", said), STACK)
    assert "KEY: set it" in str(problem)
    assert "deploy/env/dev.env" in problem.fix


def test_anything_else_is_a_failed_tool() -> None:
    assert type(compose.failure(Completed(("docker",), 1, 1.0, "", "odd"), STACK)) is ToolFailed


def test_services_stop_before_what_they_need() -> None:
    names = ("web", "redis", "stray")
    found = [Container(name, name, name, {"State": {"Running": True}}) for name in names]
    assert [[each.name for each in wave] for wave in removing.waves(STACK, found)] == [["web", "stray"], ["redis"]]


@pytest.mark.parametrize(
    ("cgroup", "names", "files"),
    [
        ("0::/docker/c1\n", ("memory.max", "pids.max"), ("docker/c1/memory.max", "docker/c1/pids.max")),
        (
            "4:memory:/docker/c1\n1:cpu,cpuacct:/docker/c2\n0::/x\n",
            ("memory/memory.limit_in_bytes", "cpu/cpu.cfs_quota_us"),
            ("memory/docker/c1/memory.limit_in_bytes", "cpu/docker/c2/cpu.cfs_quota_us"),
        ),
    ],
)
def test_a_cgroup_is_read_on_the_host(
    tmp_path: Path, cgroup: str, names: tuple[str, ...], files: tuple[str, ...]
) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7/cgroup").write_text(cgroup)
    for number, file in enumerate(files):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(f"{number}\n")
    found = limits.on_the_host(7, names, tmp_path, tmp_path)
    assert found == (["0", "1"], tuple(str(tmp_path / file) for file in files))
    assert limits.on_the_host(8, names, tmp_path, tmp_path) is None


def test_an_address_has_the_scheme_of_its_port() -> None:
    web = replace(STACK.service("web"), publish=Publish("127.0.0.1", 8443, 8444, "https"))
    stack = replace(STACK, services=(STACK.service("redis"), web))
    ports = {"8444/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8443"}], "8080/tcp": [{"HostIp": "", "HostPort": "80"}]}
    state = {"Status": "running", "ExitCode": 0, "Pid": 7, "Running": True}
    found = Container("c1", "tiny-web-2", "web", {"State": state, "NetworkSettings": {"Ports": ports}}, 2)
    told = project.state(found, stack, "127.0.0.1", 2)
    assert (told.address, told.replica, told.health) == ("https://127.0.0.1:8443", 2, "none")


def test_an_event_names_its_replica() -> None:
    found = happening(event("start", **{"com.docker.compose.container-number": "2"}))
    assert found
    assert found.replica == 2
    assert [each.replica for each in timeline.events([found], 0)] == [2]
