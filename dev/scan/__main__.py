"""`make scan`: bandit on what is deployed, checkov on the template. Exits with 1 if one finds something."""

from __future__ import annotations

import subprocess
import sys

from dev.scan.programs import find_program
from dev.scan.template_checks import judge, run_checkov
from local.options import ROOT

_DEPLOYED = ("layers/gpserverless/python", "functions", "tools")


def main() -> int:
    """Run both; return 1 if one finds something."""
    # -ll: what is of medium severity at least. The rest is ruff's, in `make check`.
    bandit = [str(find_program("bandit")), "-q", "-ll", "-r", *_DEPLOYED]
    found = subprocess.run(bandit, cwd=ROOT, check=False).returncode
    problems = judge(run_checkov(ROOT / "template.yaml"))
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if found or problems else 0


if __name__ == "__main__":
    sys.exit(main())
