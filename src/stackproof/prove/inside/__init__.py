"""Scripts that run inside an image, with nothing but Python's own library: each module has a function `look`."""

import json
from importlib import resources
from typing import cast

from stackproof.model.proof import Json
from stackproof.model.running import Completed
from stackproof.tools import command

_FIX = "Build the image with `stackproof build` and start it by hand with `docker run --rm -it IMAGE`."


def script(module: str, *arguments: Json) -> str:
    """The module's text, and a call of its `look` whose answer is printed as JSON."""
    source = resources.files(__package__).joinpath(f"{module}.py").read_text("utf-8")
    given = json.dumps(json.dumps(arguments))
    return f"{source}\n\nimport json, sys\n\nsys.stdout.write('\\n' + json.dumps(look(*json.loads({given}))) + '\\n')\n"


def answer(done: Completed) -> dict[str, Json]:
    """What `look` gave back: the last line of the output. Raises ToolFailed where it did not run to its end."""
    command.must(done, "Looking inside the image", _FIX)
    return cast(dict[str, Json], json.loads(done.output.strip().splitlines()[-1]))
