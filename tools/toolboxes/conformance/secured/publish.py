"""Conformance task, shared by the synchronous and the asynchronous service."""

from toolboxes.conformance._tasks.publish import publish

__all__ = ["publish"]
