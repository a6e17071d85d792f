"""`make test-built`: the tests of the builds of `sam build`, in their folders.

They run beside the other tests, not among them: building takes time, and python3.13.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

if __name__ == "__main__":
    own = [
        "-q",
        "-n",
        "0",
        "-o",
        "timeout=1800",
        "--strict-markers",
        "--strict-config",
        "--import-mode=importlib",
    ]
    sys.exit(pytest.main(["-o", "addopts=", *own, "--builds", sys.argv[1], str(HERE)]))
