"""The process that adds the first administrator says nothing when its parent has ended before it asked."""

from __future__ import annotations

import os
import subprocess
import sys

from local.options import ROOT


def test_process_without_a_parent_ends_quietly() -> None:
    path = os.pathsep.join([str(ROOT), str(ROOT / "layers/gpserverless/python")])
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "local.administrator_process"],
        input=b"",
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == (b"", b"")
