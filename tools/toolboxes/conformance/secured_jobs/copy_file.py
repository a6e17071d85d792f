"""Conformance task, shared by the synchronous and the asynchronous service."""

from toolboxes.conformance._tasks.copy_file import copy_file

__all__ = ["copy_file"]
