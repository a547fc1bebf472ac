"""Compose files into the model that `docker compose config` prints, with the line of each value."""

from stackproof.adopt.compose.loading import default_files, load, refuse_gaps

__all__ = ["default_files", "load", "refuse_gaps"]
