"""A stack as plain local processes under one supervisor: no container engine, no root."""

from stackproof.run.process.runtime import ProcessRuntime

__all__ = ["ProcessRuntime"]
