"""`make test-truth`: the engines against geopandas, esda and GeographicLib.

They run beside the other tests, not among them: in an environment of their own, which has these libraries.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

if __name__ == "__main__":
    own = ["-q", "--strict-markers", "--strict-config", "--import-mode=importlib", f"--confcutdir={HERE}"]
    sys.exit(pytest.main(["-o", "addopts=", *own, *sys.argv[1:], str(HERE)]))
