"""Conformance task, shared by the synchronous and the asynchronous service."""

from toolboxes.conformance._tasks.echo import echo

__all__ = ["echo"]
