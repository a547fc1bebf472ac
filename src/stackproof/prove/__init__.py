"""Promises about a stack, measured: the claims, and what turns them into evidence."""

from stackproof.model.proof import Claim
from stackproof.prove import (
    build_time,
    clean_clone,
    code_read_only,
    environments_apart,
    files_valid,
    gates_on_health,
    grace_in_order,
    ignore_files_read,
    image_size,
    lean_image,
    lock_agrees,
    no_dev_in_prod,
    no_secret,
    non_root_image,
    stable_dependency_layer,
    variables_agree,
)
from stackproof.prove.evidence import outcome, prove
from stackproof.prove.living import RUNNING_AND_FAULTS

SOURCE_AND_IMAGE: tuple[Claim, ...] = (
    clean_clone.CLAIM,
    lock_agrees.CLAIM,
    variables_agree.CLAIM,
    environments_apart.CLAIM,
    no_dev_in_prod.CLAIM,
    files_valid.CLAIM,
    grace_in_order.CLAIM,
    gates_on_health.CLAIM,
    ignore_files_read.CLAIM,
    build_time.CLAIM,
    image_size.CLAIM,
    non_root_image.CLAIM,
    code_read_only.CLAIM,
    lean_image.CLAIM,
    no_secret.CLAIM,
    stable_dependency_layer.CLAIM,
)

CLAIMS: tuple[Claim, ...] = (*SOURCE_AND_IMAGE, *RUNNING_AND_FAULTS)

__all__ = ["CLAIMS", "outcome", "prove"]
