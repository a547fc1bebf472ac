"""Artifacts into images: one file or folder per builder."""
