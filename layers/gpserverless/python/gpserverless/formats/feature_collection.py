"""Layer objects: feature sets with the definitions of their layers, for `returnFeatureCollection`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.features.fields import GEOMETRY, OID, find_free_name

_FILL = {"type": "esriSFS", "style": "esriSFSSolid", "color": [76, 129, 205, 160]}
_LINE = {"type": "esriSLS", "style": "esriSLSSolid", "color": [32, 98, 166, 255], "width": 1.5}
_EDGE = {"type": "esriSLS", "style": "esriSLSSolid", "color": [30, 62, 110, 255], "width": 0.75}
_MARKER = {"type": "esriSMS", "style": "esriSMSCircle", "color": [214, 84, 36, 255], "size": 7}
_RIM = {"type": "esriSLS", "style": "esriSLSSolid", "color": [255, 255, 255, 255], "width": 0.75}
SYMBOLS: Mapping[str, Mapping[str, Any]] = {
    "esriGeometryPoint": {**_MARKER, "outline": _RIM},
    "esriGeometryMultipoint": {**_MARKER, "outline": _RIM},
    "esriGeometryPolyline": _LINE,
    "esriGeometryPolygon": {**_FILL, "outline": _EDGE},
}
"""Symbol of the features of each geometry type, as Esri JSON."""

_IN_LAYER = ("geometryType", "hasZ", "hasM")
_IN_SET = ("displayFieldName", "geometryType", "spatialReference", "hasZ", "hasM")


def make_layer_object(feature_set: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the layer object of a feature set.

    Args:
        feature_set: Esri JSON; its fields move into the layer's definition, with a field for the shape.
        name: Name of the layer.
    """
    fields = list(feature_set.get("fields", ()))
    shape = {
        "name": find_free_name("Shape", [field["name"] for field in fields]),
        "type": GEOMETRY,
        "alias": "Shape",
    }
    object_id = next((field["name"] for field in fields if field["type"] == OID), "")
    definition = {
        "name": name,
        "type": "Feature Layer",
        **{member: feature_set[member] for member in _IN_LAYER if member in feature_set},
        "objectIdField": object_id,
        "fields": [*fields, shape],
        "drawingInfo": {
            "renderer": {"type": "simple", "symbol": SYMBOLS[feature_set["geometryType"]], "label": ""}
        },
        "templates": [],
    }
    kept = {member: feature_set[member] for member in _IN_SET if member in feature_set}
    return {
        "layerDefinition": definition,
        "featureSet": {
            **kept,
            "features": feature_set["features"],
            "exceededTransferLimit": feature_set.get("exceededTransferLimit", False),
        },
    }
