"""`stackproof build`: the images of one environment."""

import argparse
import json

from stackproof import pipeline
from stackproof.cli import place
from stackproof.cli.console import progress, say
from stackproof.errors import Exit
from stackproof.model.artifacts import Built


def arguments(parser: argparse.ArgumentParser) -> None:
    place.argument(parser)
    place.adoptable(parser)


def run(options: argparse.Namespace) -> int:
    with progress(quiet=options.json) as note:
        made = pipeline.build(place.planned(options), options.env, options.on, note)
    if options.json:
        say(json.dumps([_document(built) for built in made]))
        return Exit.OK
    for built in made:
        image = built.image
        say(f"{image.tag}  {image.size / 1e6:.0f} MB  {image.digest}  built in {built.seconds:.1f} s")
    return Exit.OK


def _document(built: Built) -> dict[str, object]:
    image = built.image
    return {"tag": image.tag, "digest": image.digest, "bytes": image.size, "seconds": built.seconds}
