"""Somebody's Dockerfile into the nouns of the model."""

from stackproof.adopt.dockerfile.loading import load

__all__ = ["load"]
