"""Most rows of an answer."""

from __future__ import annotations

from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.geometry.geometry_types import POINT

LEAST_ROWS = 1000
"""Fewest rows of a full page: clients that step by at least so many would skip the others."""

_OF_TILES = {POINT: 8000}
_OF_OTHER_TILES = 4000


def find_page_limit(manifest: LayerManifest) -> int:
    """Return the most rows of a page of a layer.

    Args:
        manifest: The layer.
    """
    return max(LEAST_ROWS, manifest.max_record_count)


def find_tile_limit(manifest: LayerManifest) -> int:
    """Return the most features of a tile; some clients ask for no second page of one.

    Args:
        manifest: The layer.
    """
    return _OF_TILES.get(manifest.geometry_type, _OF_OTHER_TILES)
