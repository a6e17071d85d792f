"""`python -m gpserverless.toolkit`: write the catalogue file of the toolboxes, or report the mistake."""

from __future__ import annotations

import sys

from gpserverless.errors import AuthoringError
from gpserverless.toolkit.catalogue import dump_catalogue, find_catalogue_file
from gpserverless.toolkit.mistakes import explain_mistake
from gpserverless.toolkit.toolboxes import discover


def main() -> int:
    """Write the catalogue file if it changed; return 1 if a toolbox is wrong, else 0."""
    try:
        text = dump_catalogue(toolbox.spec for toolbox in discover())
    except AuthoringError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except Exception as error:
        sys.stderr.write(f"{explain_mistake(error)}\n")
        return 1
    path = find_catalogue_file()
    if not path.exists() or path.read_bytes() != text:
        path.write_bytes(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
