"""What a function makes anew when Lambda restores it from a snapshot (SnapStart).

A snapshot is taken after the cold start, and many environments begin as copies of it. Ids are the system's
random numbers, which Lambda renews; deadlines begin with an invocation; clients of AWS have connected to
nothing yet, and fetch credentials again when these are over. What is left is chance that was drawn before.
"""

from __future__ import annotations

import random
from collections.abc import Callable


def before_snapshot(*loads: Callable[[], object]) -> None:
    """Have what is loaded on demand loaded before a snapshot is taken; without snapshots nothing is.

    Args:
        loads: Called when the cold start is over.
    """
    try:
        from snapshot_restore_py import register_before_snapshot  # type: ignore[import-untyped]
    except ImportError:  # it comes with the runtime
        return
    for load in loads:
        register_before_snapshot(load)


def when_restored(*renewals: Callable[[], None]) -> None:
    """Have chance, and more, made anew after a restore; a runtime that cannot restore is left alone.

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
