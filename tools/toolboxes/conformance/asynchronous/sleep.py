"""Conformance task, shared by the synchronous and the asynchronous service."""

from toolboxes.conformance._tasks.sleep import sleep

__all__ = ["sleep"]
