"""An example, whole or sabotaged, in a checkout of its own, proved on a runtime."""

import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from stackproof import pipeline
from stackproof.model.proof import Claim, Evidence
from stackproof.model.running import Progress
from stackproof.model.stack import Stack
from stackproof.pipeline import where
from stackproof.prove import prove
from stackproof.prove.bench import Other, ProofBench
from stackproof.render import render
from stackproof.tools import disk
from tests.saboteurs import Saboteur
from tests.saboteurs.supply import ADVISORIES, record

EXAMPLES = Path(__file__).parents[2] / "examples"
NOTHING = Saboteur("", "nothing is broken", "")


def proof(root: Path, on: str, claims: Iterable[Claim], saboteur: Saboteur = NOTHING) -> tuple[Evidence, ...]:
    """Evidence for the claims about one stack of the example that the saboteur names, with what it does to that.

    `root` is made, two folders below one that all proofs of a test run share: environments are cached there.
    """
    _check_out(root, saboteur)
    planned = pipeline.plan(root)
    stacks = {name: _patient(stack) for name, stack in pipeline.stacks_for_proof(planned).items()}
    stacks[saboteur.environment] = saboteur.stack(stacks[saboteur.environment])
    bench = ProofBench(
        root=root,
        state=root.parents[1] / where.STATE / root.parent.name,
        tree=planned.tree,
        project=planned.project,
        stack=stacks[saboteur.environment],
        artifacts=saboteur.artifacts(tuple(render(stacks))),
        runtime=(runtime := where.choose(on)),
        workshop=where.workshop(runtime, _quiet),
        note=_quiet,
        others=tuple(Other(stack) for name, stack in stacks.items() if name != saboteur.environment),
    )
    with bench:
        return tuple(prove(claims, bench, _quiet))


def services(stack: Stack) -> tuple[str, ...]:
    return tuple(service.name for service in stack.services)


def _patient(stack: Stack) -> Stack:
    """What takes its time only because this machine is busy is no fault of the example. It has data of advisories."""
    bounds = replace(stack.bounds, ready_seconds=180.0, build_seconds=900.0)
    return replace(stack, bounds=bounds, advisories=ADVISORIES)


def _check_out(root: Path, saboteur: Saboteur) -> None:
    example = EXAMPLES / saboteur.example
    root.mkdir(parents=True)
    disk.copy(saboteur.tree(disk.read(example)), example, root)
    for words in (("init", "-q"), ("add", "--all", "--force"), ("commit", "-q", "-m", "the example")):
        git = ("git", "-c", "user.name=example", "-c", "user.email=example@localhost")
        subprocess.run((*git, *words), cwd=root, check=True)
    (root / ADVISORIES).mkdir()
    (root / ADVISORIES / "other.json").write_text(record("a-package-that-nobody-has"))
    saboteur.root(root)


def _quiet(_: Progress) -> None:
    """Nobody watches."""
