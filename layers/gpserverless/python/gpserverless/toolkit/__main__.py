"""`python -m gpserverless.toolkit`: write the catalogue file of the toolboxes, or say what is wrong."""

from __future__ import annotations

import sys
import traceback

from gpserverless.errors import AuthoringError
from gpserverless.toolkit.catalogue import path_of, to_file
from gpserverless.toolkit.toolboxes import discover


def main() -> int:
    """Write the catalogue file when it changed; 1 if a toolbox is wrong."""
    try:
        text = to_file(toolbox.spec for toolbox in discover())
    except AuthoringError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except Exception:
        sys.stderr.write(traceback.format_exc(limit=-2))
        return 1
    path = path_of()
    if not path.exists() or path.read_bytes() != text:
        path.write_bytes(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
