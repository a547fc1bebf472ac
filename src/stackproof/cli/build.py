"""`stackproof build`: the image of one environment."""

import argparse
import json

from stackproof import pipeline
from stackproof.cli import place
from stackproof.cli.console import progress, say
from stackproof.errors import Exit


def arguments(parser: argparse.ArgumentParser) -> None:
    place.argument(parser)


def run(options: argparse.Namespace) -> int:
    with progress(quiet=options.json) as note:
        built = pipeline.build(pipeline.plan(place.root(options)), options.env, options.on, note)
    image = built.image
    if options.json:
        say(json.dumps({"tag": image.tag, "digest": image.digest, "bytes": image.size, "seconds": built.seconds}))
    else:
        say(f"{image.tag}  {image.size / 1e6:.0f} MB  {image.digest}  built in {built.seconds:.1f} s")
    return Exit.OK
