"""Print every name that the house rules refuse, and fail if there is one."""

from __future__ import annotations

import sys
from pathlib import Path

from dev.house.names import check_names, read_definitions

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Check the names of the code and of its tests, and return the exit status."""
    found = check_names(read_definitions(ROOT))
    for complaint in found:
        print(complaint, file=sys.stderr)
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
