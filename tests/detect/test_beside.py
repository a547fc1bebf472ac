"""What lies beside the code and goes into the image with it."""

import pytest

from stackproof.model.facts import ImportRoot
from tests.detect.trees import Files, facts

FLASK = "from flask import Flask\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    ("files", "entries"),
    [
        ({"app.py": FLASK, "templates/x.html": "", "static/x.css": "", "other/x": ""}, {"static", "templates"}),
        ({"app.py": FLASK + "open('./data/words.txt')\n", "data/words.txt": ""}, {"data"}),
        ({"app.py": FLASK + "open('shop.db')\nopen('README.md')\n", "shop.db": "", "README.md": ""}, set()),
        ({"app.py": FLASK + "'web/dist'\n", "web/package.json": "{}", "web/dist/x": ""}, set()),
        ({"app.py": FLASK + "'tests/x'\n'docs/x'\n", "tests/x": "", "docs/x": ""}, set()),
        ({"app.py": FLASK + f"'{'x' * 300}'\n", "x" * 300: ""}, set()),
    ],
)
def test_what_the_code_names_or_its_framework_reads(files: Files, entries: set[str]) -> None:
    (root,) = facts(ImportRoot, files)
    assert set(root.entries) == {"app.py", *entries}
