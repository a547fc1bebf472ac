"""The processes that are served over HTTP."""
