"""What a copy keeps of the user's machine, and what is refused."""

import json

import pytest

from stackproof.adopt.apart import apart, ports
from stackproof.errors import UserError
from tests.adopt.given import composition, document, proof, stack


def test_ports_are_the_free_ones_in_the_order_of_the_file() -> None:
    given = composition(a={"image": "x", "ports": ["80:80", "81:81"]}, b={"image": "x", "ports": ["82:82"]})
    assert ports(given) == 3
    made = stack(given, proof((1001, 1002, 1003)))
    first, second = made.services
    assert first.publish is not None
    assert second.publish is not None
    assert [first.publish.port, first.more[0].port, second.publish.port] == [1001, 1002, 1003]
    assert made.adopted is not None
    assert json.loads(made.adopted.copy)["services"]["b"]["ports"][0]["published"] == "1003"
    assert json.loads(made.adopted.document)["services"]["b"]["ports"][0]["published"] == "82"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"network_mode": "host"}, "network_mode: host gives api the machine's own"),
        ({"pid": "host"}, "pid: host gives api"),
        ({"network_mode": "container:mine"}, "joins a container"),
        ({"external_links": ["mine"]}, "links to a container"),
        ({"volumes": ["/var/run/docker.sock:/var/run/docker.sock:ro"]}, "gives api the engine itself"),
    ],
)
def test_what_cannot_be_kept_apart_is_refused_with_its_line(said: dict[str, object], words: str) -> None:
    given = composition(api={"image": "x", **said})
    with pytest.raises(UserError, match=words) as refused:
        apart(given, (), frozenset(), frozenset())
    assert str(refused.value).startswith("compose.yaml:")


def test_what_no_profile_asks_for_is_not_refused() -> None:
    given = composition(api={"image": "x", "pid": "host", "profiles": ["debug"]})
    assert apart(given, (), frozenset(), frozenset()).composition.services()["api"]["pid"] == "host"
    with pytest.raises(UserError, match="pid: host"):
        apart(given, (), frozenset(), frozenset({"debug"}))


def test_folders_that_no_clone_has_are_empty_volumes() -> None:
    volumes = ["./src:/src", "./data:/data", "../common:/common", "/etc/localtime:/etc/localtime:ro", "./data:/again"]
    made = stack(composition(api={"image": "x", "volumes": volumes}), more=("src/main.py",))
    mounts = {each.path: (each.source, each.volume) for each in made.services[0].mounts}
    assert mounts == {
        "/src": ("src", None), "/data": (None, "apart-1"), "/common": (None, "apart-2"),
        "/etc/localtime": ("/etc/localtime", None), "/again": (None, "apart-1"),
    }  # fmt: skip
    assert [each.name for each in made.volumes] == ["apart-1", "apart-2"]
    assert [(each.about, each.chosen) for each in made.notes] == [
        ("the folder data", "an empty volume"), ("the folder ../common", "an empty volume"),
    ]  # fmt: skip


def test_what_is_external_is_made_anew_and_said() -> None:
    content = {
        "services": {"api": {"image": "x", "networks": ["edge"], "volumes": ["data:/data", "disk:/disk"]}},
        "networks": {"edge": {"external": True}},
        "volumes": {"data": {"external": True, "name": "mine"}, "disk": {"driver_opts": {"device": "/srv"}}},
    }
    made = stack(document(content))
    assert made.adopted is not None
    copy = json.loads(made.adopted.copy)
    assert (copy["networks"], copy["volumes"]) == ({"edge": {}}, {"data": {}, "disk": {}})
    assert [each.about for each in made.notes] == [
        "the network edge, which is external", "the volume data, which is external", "the volume disk",
    ]  # fmt: skip
