"""The start of a function's process: Lambda's own Python runtime client, tied to its parent's life.

Run as a file, with nothing of the local cloud on its path: `python -P bootstrap.py app.handler`.
"""

import ctypes
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_EXTRAS = ("awscrt", "urllib3.contrib.pyopenssl")
"""Modules that the SAM CLI brings into an environment, and that botocore uses if they are there."""


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def hide_extras() -> None:
    """Let botocore find nothing more than on AWS: importing what the layers lack is a quarter of a start."""
    for name in _EXTRAS:
        sys.modules[name] = None  # type: ignore[assignment]


if __name__ == "__main__":
    die_with_parent()
    hide_extras()
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=False)
