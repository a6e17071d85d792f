"""`make audit`: compare every locked package with the advisories that PyPI publishes, by pip-audit.

Exits with 1 if a package has an advisory, with 3 if packages could not be looked up. pip-audit itself finds
nothing wrong with a package that it cannot look up, which is what happens behind a mirror without advisories.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.scan.programs import find_program
from local.options import ROOT

LOCKS = sorted(
    [*ROOT.glob("requirements/*.txt"), *ROOT.glob("layers/dependencies/*.txt")],
    key=lambda path: path.stat().st_size,
)
"""The locks, the shortest first: where nothing can be looked up, one question shows it."""

_VULNERABLE, _UNKNOWN = 1, 3


@dataclass(frozen=True)
class Audit:
    """What is known of the packages of one lock.

    Attributes:
        lock: The file.
        audited: How many packages were looked up.
        unknown: The packages that could not be looked up.
        advisories: A line for each advisory.
    """

    lock: Path
    audited: int
    unknown: tuple[str, ...]
    advisories: tuple[str, ...]


def main(locks: Sequence[Path]) -> int:
    """Audit locks, and print what is found; stop at the first of which nothing is known."""
    audits: list[Audit] = []
    for lock in locks:
        audits.append(audit := read_audit(lock, _run(lock)))
        print(f"{audit.lock.relative_to(ROOT)}: {audit.audited} audited, {len(audit.unknown)} could not be")
        print(*audit.advisories, sep="\n", end="\n" if audit.advisories else "")
        if not audit.audited:
            break
    return judge(audits)


def judge(audits: Sequence[Audit]) -> int:
    """Return the exit status."""
    if any(audit.advisories for audit in audits):
        return _VULNERABLE
    return _UNKNOWN if any(audit.unknown or not audit.audited for audit in audits) else 0


def read_audit(lock: Path, report: str) -> Audit:
    """Read a report of pip-audit.

    Args:
        lock: The lock.
        report: The report in JSON.
    """
    packages: list[dict[str, Any]] = json.loads(report)["dependencies"]
    return Audit(
        lock,
        sum("vulns" in package for package in packages),
        tuple(package["name"] for package in packages if "vulns" not in package),
        tuple(
            f"  {package['name']} {package['version']}: {found['id']} {', '.join(found['aliases'])};"
            f" fixed in {', '.join(found['fix_versions']) or 'no version'}"
            for package in packages
            for found in package.get("vulns", ())
        ),
    )


def _run(lock: Path) -> str:
    how = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    done = subprocess.run(
        [find_program("pip-audit"), "--requirement", lock, *how],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,  # 1 says that there are advisories
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(LOCKS))
