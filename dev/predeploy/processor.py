"""`python -m dev.predeploy.processor`: the processor of this machine, by Lambda's name for it."""

from __future__ import annotations

import platform

PROCESSOR = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"

if __name__ == "__main__":
    print(PROCESSOR)
