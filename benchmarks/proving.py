"""How long a proof takes and where the time goes: the quick set beside the whole one.

    python benchmarks/proving.py [--runs 2] [--quick-only]

The images are in the builder's cache: a first quick proof, which is not counted, puts them there.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import measuring
from measuring import Ended, median, spread

NAME = "bench-proving"
QUICK, WHOLE = "prove --quick", "prove"
_SHOWN = 12  # claims, the longest first


def main() -> None:
    options = _options()
    with measuring.example(NAME) as root:
        measuring.committed(root)
        _prove(root, QUICK)
        ways: dict[str, Callable[[], Ended]] = {QUICK: partial(_prove, root, QUICK)}
        if not options.quick_only:
            ways[WHOLE] = partial(_prove, root, WHOLE)
        found = measuring.interleaved(options.runs, ways)
        records = {way: json.loads((root / _folder(way) / "record.json").read_text()) for way in ways}
    measuring.publish("Proving", _page(found, records))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--quick-only", action="store_true")
    return parser.parse_args()


def _prove(root: Path, way: str) -> Ended:
    words = measuring.stackproof(*way.split(), "--env", "prod", "--on", "docker", "--out", _folder(way))
    return measuring.run(words, root, codes=(0, 1, 3))


def _folder(way: str) -> str:
    return f"proof-{len(way)}"


def _page(found: dict[str, list[Ended]], records: dict[str, Any]) -> str:
    whole = median([ended.seconds for ended in found.get(WHOLE, found[QUICK])])
    rows = [
        [
            f"`{way}`",
            str(len(runs)),
            f"{median([ended.seconds for ended in runs]):.0f} s",
            spread([ended.seconds for ended in runs]),
            f"{median([ended.seconds for ended in runs]) / whole:.2f}x",
            runs[-1].output.strip().splitlines()[-3],
        ]
        for way, runs in found.items()
    ]
    total = measuring.table(["way", "runs", "median", "from, to", "against the last row", "the last one said"], rows)
    return f"{total}\n\n" + "\n\n".join(_where(way, found[way][-1], record) for way, record in records.items())


def _where(way: str, ended: Ended, record: dict[str, Any]) -> str:
    """Of the last run: the longest claims, then the groups, then what is no claim."""
    claims = sorted(record["evidence"], key=lambda item: -item["seconds"])
    groups: dict[str, float] = defaultdict(float)
    for item in claims:
        groups[item["group"]] += item["seconds"]
    groups["planning before and removing after"] = ended.seconds - sum(groups.values())
    rows = [[item["claim"], f"{item['seconds']:.1f} s", item["verdict"]] for item in claims[:_SHOWN]]
    rows += [
        [f"all of {group}" if " " not in group else group, f"{seconds:.1f} s", ""] for group, seconds in groups.items()
    ]
    return f"Where the time of `{way}` goes:\n\n" + measuring.table(["what", "took", "verdict"], rows)


if __name__ == "__main__":
    main()
