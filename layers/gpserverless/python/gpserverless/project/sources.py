"""The sources of the stack: `template.yaml`, `functions`, `layers` and the local cloud.

The wheel carries them beside the rooms. In the repository they are where they always are.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
"""The folder of the package."""


def find_sources() -> Path:
    """Find the folder with `template.yaml` and all that it names."""
    carried = PACKAGE / "_sources"
    return carried if carried.is_dir() else PACKAGE.parents[3]
