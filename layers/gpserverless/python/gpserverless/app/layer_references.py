"""Layers of maps as a feature service names them."""

from __future__ import annotations

from gpserverless.protocols.featureserver.ports import LayerReference
from gpserverless.protocols.mapserver.ports import Map, MapLayer


def refer_to_layer(shown: Map, layer: MapLayer) -> LayerReference:
    """Return a layer of a map as a feature service names it.

    Args:
        shown: The map.
        layer: The layer.
    """
    return LayerReference(layer.number, layer.manifest, layer.key, layer.modified, copyright=shown.copyright)
