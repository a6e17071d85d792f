"""A task that fails, in each way in which a tool can."""

import os
import signal
from typing import Literal

from gpserverless import ToolError, tool


@tool
def fail(Kind: Literal["tool error", "crash", "memory", "native crash"] = "tool error") -> str:
    """Fail in the way asked for.

    Args:
        Kind: A message from the tool, an error in its code, too much memory, or a crash in native code.
    """
    if Kind == "crash":
        raise ZeroDivisionError("this text must not reach the caller")
    if Kind == "memory":
        return str(len(bytearray(2**46)))
    if Kind == "native crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    raise ToolError("The task failed because it was asked to.")
