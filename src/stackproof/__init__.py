"""stackproof: from source tree to proven containers."""

__version__ = "0.1.0"
