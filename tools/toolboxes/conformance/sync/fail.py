"""Conformance task, shared by the synchronous and the asynchronous service."""

from toolboxes.conformance._tasks.fail import fail

__all__ = ["fail"]
