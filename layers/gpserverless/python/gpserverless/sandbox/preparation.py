"""The preparation of a call before its tool runs: it needs the network, or a right that the child has not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gpserverless.cancellation import CheckCancelled
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import TaskSpec


@dataclass(frozen=True)
class RunContext:
    """The run that a call is prepared for.

    Attributes:
        task: The task.
        limits: The limits of the run.
        folder: The run's own folder, which is removed after it.
        check_cancelled: Called several times a second; it raises to end the run.
        until: End of the run's time, on the monotonic clock.
    """

    task: TaskSpec
    limits: Limits
    folder: Path
    check_cancelled: CheckCancelled
    until: float = math.inf


class CallPreparation(Protocol):
    """Makes a call ready to run."""

    def prepare(self, call: Call, context: RunContext) -> Call:
        """Return the call with its references fetched into the run's folder.

        Args:
            call: The call.
            context: The run.
        """
