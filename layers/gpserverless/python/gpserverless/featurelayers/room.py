"""Room for the files of layers on this machine's disk."""

from __future__ import annotations

import shutil
from pathlib import Path

from gpserverless.errors import TooLarge
from gpserverless.featurelayers.manifest import LayerManifest

_FREE_SHARE = 0.8


def find_room(folder: Path) -> int:
    """Return the bytes that a folder has room for.

    Args:
        folder: The folder, such as /tmp; a fifth of its free bytes stays free.
    """
    return int(shutil.disk_usage(folder).free * _FREE_SHARE)


def require_room(manifest: LayerManifest, folder: Path, times: int = 1) -> None:
    """Raise if a layer's file does not fit into a folder, before a byte of it is written.

    Args:
        manifest: The layer.
        folder: The folder.
        times: How many times the bytes of the file are needed.

    Raises:
        TooLarge: It does not fit; the text says how many bytes would.
    """
    room = find_room(folder)
    if times * manifest.size > room:
        raise TooLarge(
            f"The layer '{manifest.name}' has {manifest.size / 1e6:,.0f} MB, and there is room for "
            f"{room / times / 1e6:,.0f} MB. Ask for a larger ephemeral storage, or for a result of fewer "
            "features."
        )
