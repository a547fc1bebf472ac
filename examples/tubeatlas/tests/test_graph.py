import pytest

from tubeatlas import graph

STORY = (
    "Ada Lovelace met Charles Babbage. Then it rained. And it rained. It rained. It rained. "
    "It rained. It rained. Then Grace Hopper met Ada Lovelace's friend."
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", set()),
        ("Ada Lovelace met Babbage.", {"Ada Lovelace", "Babbage"}),
        ("The Analytical Engine ran. Nobody saw the engine.", {"Analytical Engine", "Nobody"}),
        ("Engines ran. He saw engines.", set()),
        ("we like cats, she likes cats, they like cats", {"cats"}),
        ("Ada's idea", {"Ada"}),
    ],
)
def test_nodes(text: str, names: set[str]) -> None:
    assert {node.name for node in graph.build(text).nodes} == names


def test_mentions_are_counted() -> None:
    assert graph.build(STORY).nodes[0] == graph.Node("rained", 6)
    assert graph.build(STORY).nodes[1] == graph.Node("Ada Lovelace", 2)


def test_names_that_meet_are_related() -> None:
    pairs = {(edge.source, edge.target) for edge in graph.build(STORY).edges}
    assert ("Ada Lovelace", "Charles Babbage") in pairs
    assert ("Charles Babbage", "Grace Hopper") not in pairs


def test_same_text_same_graph() -> None:
    assert graph.build(STORY) == graph.build(STORY)


def test_size_is_bounded() -> None:
    built = graph.build(" ".join(f"Aa{n} met Bb{n}." for n in range(1000)))
    assert len(built.nodes) == graph.MAX_NODES
    assert len(built.edges) <= graph.MAX_EDGES
