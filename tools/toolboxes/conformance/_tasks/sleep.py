"""A task that takes its time."""

import time
from typing import Annotated

from gpserverless import Field, Run, tool

STEPS_A_SECOND = 10


@tool
def sleep(Seconds: Annotated[float, Field(ge=0, le=800)], run: Run) -> Annotated[float, Field(alias="Slept")]:
    """Do nothing for a while, with progress.

    Args:
        Seconds: How long.
    """
    started = time.monotonic()
    steps = max(1, round(Seconds * STEPS_A_SECOND))
    for step in run.track(range(steps), "Sleeping"):
        time.sleep(max(0.0, started + Seconds * (step + 1) / steps - time.monotonic()))
    run.info(f"Slept for {Seconds:g} seconds.")
    return round(time.monotonic() - started, 3)
