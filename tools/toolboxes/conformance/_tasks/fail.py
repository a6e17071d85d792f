"""A task that fails, in every way that a tool can."""

import math
import os
import signal
from typing import Literal

import shapely

from gpserverless import Run, ToolError, tool

CORNERS = 211
"""Corners of a star that GEOS repairs for more than a minute, in little memory."""


@tool
def fail(
    run: Run,
    Kind: Literal["tool error", "crash", "memory", "native crash", "native hang"] = "tool error",
) -> str:
    """Fail in the way asked for.

    Args:
        Kind: A message from the tool, an error in its code, too much memory, a crash in native code, or one
            call of native code that takes more than a minute.
    """
    if Kind == "crash":
        raise ZeroDivisionError("this text must not reach the caller")
    if Kind == "memory":
        return str(len(bytearray(2**46)))
    if Kind == "native crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if Kind == "native hang":
        run.info("Hanging.")
        shapely.make_valid(_draw_star())
    raise ToolError("The task failed because it was asked to.")


def _draw_star() -> shapely.Polygon:
    """Return a star whose sides each lead nearly to the opposite corner, and cross nearly all others."""
    turn = 2 * math.pi * (CORNERS // 2 - 1) / CORNERS
    return shapely.Polygon([(math.cos(turn * i), math.sin(turn * i)) for i in range(CORNERS)])
