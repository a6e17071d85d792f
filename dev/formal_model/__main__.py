"""`python -m dev.formal_model`: check the model of a job's life, then see every mutant of it fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dev.formal_model.checks import CHECKS, MUTANTS, CheckResult, check

_MISSING = """The model is checked by Spin and a C compiler, and these are missing: {}.
On Debian or Ubuntu:  sudo apt-get install spin gcc libc6-dev
"""


def main() -> int:
    """Print one line a check, and return 0 when the model holds and every mutant fails."""
    missing = [program for program in ("spin", "gcc") if shutil.which(program) is None]
    if missing:
        sys.stderr.write(_MISSING.format(", ".join(missing)))
        return 2
    print(f"{'rules':18}{'check':14}{'found':22}{'states':>12}{'seconds':>9}")
    good = True
    for result in _run_checks():
        good = good and result.as_expected
        verdict = "" if result.as_expected else "   <- UNEXPECTED"
        print(f"{result.line}{verdict}", flush=True)
    print("The model holds and every mutant fails." if good else "The model does not do what it should.")
    return 0 if good else 1


def _run_checks() -> Iterator[CheckResult]:
    wanted = [*(("", name) for name in CHECKS), *MUTANTS.items()]
    with tempfile.TemporaryDirectory(prefix="model-") as folder, ThreadPoolExecutor(2) as two:
        begun = [
            two.submit(check, mutant, name, Path(folder, str(place)))
            for place, (mutant, name) in enumerate(wanted)
        ]
        yield from (each.result() for each in begun)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as problem:
        sys.exit(f"{' '.join(problem.cmd)}: {problem.stdout}{problem.stderr}")
