"""A layer in the list of a service, as feature services and maps have it."""

from __future__ import annotations

from typing import Any

from gpserverless.featurelayers.manifest import LayerManifest


def describe_entry(number: int, manifest: LayerManifest) -> dict[str, Any]:
    """Return the entry of a layer or table.

    Args:
        number: Its number in the service.
        manifest: Its description.
    """
    entry = {
        "id": number,
        "name": manifest.name,
        "parentLayerId": -1,
        "defaultVisibility": True,
        "subLayerIds": None,
        "minScale": 0,
        "maxScale": 0,
    }
    if manifest.is_table:
        return {**entry, "type": "Table"}
    return {**entry, "type": "Feature Layer", "geometryType": manifest.geometry_type}
