"""SnapStart: the state that a function renews when Lambda restores it from a snapshot.

A snapshot is taken after the cold start, and many environments begin as copies of it. Ids are random numbers
of the operating system, which Lambda renews; deadlines begin with an invocation; clients of AWS have no
connection yet, and fetch their credentials again when these are over. Only the seed of `random` is left.
"""

from __future__ import annotations

import random
from collections.abc import Callable


def load_before_snapshot(*loads: Callable[[], object]) -> None:
    """Have modules that load on demand loaded before a snapshot is taken; without snapshots none is.

    Args:
        loads: Called when the cold start is over.
    """
    try:
        from snapshot_restore_py import register_before_snapshot  # type: ignore[import-untyped]
    except ImportError:  # it comes with the runtime
        return
    for load in loads:
        register_before_snapshot(load)


def renew_after_restore(*renewals: Callable[[], None]) -> None:
    """Have the random seed, and more, renewed after a restore; a runtime that cannot restore is left alone.

    Args:
        renewals: Called in this order; Lambda gives all together ten seconds
            (docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html).
    """
    try:
        from snapshot_restore_py import register_after_restore
    except ImportError:  # it comes with the runtime
        return
    for renewal in (random.seed, *renewals):
        register_after_restore(renewal)
