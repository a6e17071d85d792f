"""The error of a run, made of the exception of its tool."""

from __future__ import annotations

import errno
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

from gpserverless.errors import (
    DISK_FULL,
    OutOfDisk,
    OutOfMemory,
    RequestError,
    RunError,
    ToolCrashed,
)
from gpserverless.sandbox.confinement import LARGEST_FILE, NO_NETWORK

_LEAST_FREE = 2**20
"""Bytes; a disk with less counts as full."""

logger = logging.getLogger(__name__)


def explain_failure(error: BaseException, folder: Path) -> RequestError | RunError:
    """Return the error of a run; an unexpected one goes into the log.

    Args:
        error: The error that ended the run.
        folder: The run's folder.
    """
    if isinstance(error, (RequestError, RunError)):
        return error
    if isinstance(error, MemoryError):
        return OutOfMemory("The tool ran out of memory.")
    logger.error("tool crashed", exc_info=error)
    numbers = {each.errno for each in _list_causes(error) if isinstance(each, OSError)}
    if NO_NETWORK in numbers:
        return ToolCrashed("The tool tried to use the network, which is closed to it.")
    if errno.EFBIG in numbers:
        return ToolCrashed(f"The tool wrote more than {LARGEST_FILE / 2**20:,.0f} MB into one file.")
    if numbers & DISK_FULL or shutil.disk_usage(folder).free < _LEAST_FREE:
        return OutOfDisk("The tool ran out of disk space.")
    return ToolCrashed("The tool failed because of an error in it; the service's log has the details.")


def _list_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those that led to it."""
    seen: set[int] = set()
    left = [error]
    while left:
        each = left.pop()
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            left += [cause for cause in (each.__cause__, each.__context__) if cause is not None]
