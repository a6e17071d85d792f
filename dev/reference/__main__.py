"""`python -m dev.reference`: write the pages of docs/reference that are made of the code."""

from __future__ import annotations

import sys

from dev.reference.pages import ROOT, make_pages


def main() -> int:
    """Write every page that has changed, and print its path."""
    for path, text in make_pages().items():
        file = ROOT / path
        if not file.exists() or file.read_text("utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
