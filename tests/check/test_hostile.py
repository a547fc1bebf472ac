"""Whatever stands in a file, rules look at it and go on."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from stackproof.errors import UserError
from tests.check.looking import looked

_WORDS = st.sampled_from(
    ["server", "location /", "proxy_pass", "http://api:8000", "upstream a", "include", "*.conf", "ssl_protocols",
     "TLSv1", "{", "}", ";", "\n", "#", '"', "'", "\\", "$x", "${", "x.conf"]
)  # fmt: skip
_KEYS = st.sampled_from(["spec", "containers", "env", "name", "image"])


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(st.tuples(_KEYS, inner), max_size=3).map(
        lambda found: ", ".join(": ".join(each) for each in found)
    )
    return pairs.map("{{{}}}".format) | st.lists(inner, max_size=3).map(", ".join).map("[{}]".format)


_YAML = st.recursive(
    st.sampled_from(["x", "1", "true", "null", "{}", "[]", '"a: b"', "&a x", "*a", "'"]), _nested, max_leaves=8
)


@settings(max_examples=60)
@given(st.lists(_WORDS, max_size=30).map(" ".join), _YAML, st.sampled_from(["Pod", "Deployment", "Secret", "Service"]))
def test_nginx_and_kubernetes(conf: str, value: str, kind: str) -> None:
    manifest = f"apiVersion: v1\nkind: {kind}\nspec: {value}\ndata: {value}\n"
    looked({"site.conf": f"server {{\n{conf}", "x.conf": conf, "k.yaml": manifest, "Dockerfile": f"FROM {value}\n"})


@settings(max_examples=60)
@given(_YAML, st.sampled_from(["command", "build", "healthcheck", "volumes", "ports", "depends_on", "deploy"]))
def test_compose(value: str, key: str) -> None:
    files = {"Dockerfile": "FROM x\nCOPY . /\n", "compose.yaml": f"services:\n  a:\n    build: .\n    {key}: {value}\n"}
    with suppress(UserError):  # refused by the loader, with words
        looked(files)
