"""The buffer as processes of pygeoapi: as its documentation shows processes, and vectorised.

Loaded by pygeoapi in an environment of its own (requirements/bench.txt); nothing of GPServerless is imported.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import shapely
from pygeoapi.process.base import BaseProcessor
from shapely.geometry import mapping, shape

METADATA: dict[str, Any] = {
    "version": "1.0.0",
    "title": {"en": "Buffer"},
    "description": {"en": "Draws a zone about every feature."},
    "jobControlOptions": ["sync-execute", "async-execute"],
    "keywords": ["buffer"],
    "links": [],
    "inputs": {
        name: {"title": name, "schema": {"type": kind}, "minOccurs": 1, "maxOccurs": 1}
        for name, kind in (("features", "object"), ("distance", "number"), ("quad_segs", "integer"))
    },
    "outputs": {"zones": {"title": "Zones", "schema": {"type": "object"}}},
}


class PerFeature(BaseProcessor):  # type: ignore[misc]  # pygeoapi is not in the environment of mypy
    """As documented: a dict in, a dict out, one geometry after the other."""

    def __init__(self, definition: dict[str, Any]) -> None:
        super().__init__(definition, {**METADATA, "id": "per-feature"})
        self.supports_outputs = True

    def execute(self, data: dict[str, Any], outputs: Any = None) -> tuple[str, dict[str, Any]]:
        """Return a collection of zones."""
        features = []
        for feature in data["features"]["features"]:
            zone = shape(feature["geometry"]).buffer(data["distance"], quad_segs=data["quad_segs"])
            features.append({**feature, "geometry": mapping(zone)})
        return "application/json", {"type": "FeatureCollection", "features": features}


class VectorisedBuffer(BaseProcessor):  # type: ignore[misc]
    """All geometries in one call of shapely, and bytes by orjson, which pygeoapi passes on as they are."""

    def __init__(self, definition: dict[str, Any]) -> None:
        super().__init__(definition, {**METADATA, "id": "vectorised"})
        self.supports_outputs = True

    def execute(self, data: dict[str, Any], outputs: Any = None) -> tuple[str, bytes]:
        """Return a collection of zones, as bytes."""
        sent = data["features"]["features"]
        zones = shapely.buffer(_geometries(sent), data["distance"], quad_segs=data["quad_segs"])
        _, coordinates, (rings, _) = shapely.to_ragged_array(zones)
        features = [
            {**feature, "geometry": {"type": "Polygon", "coordinates": [coordinates[begin:end]]}}
            for feature, begin, end in zip(sent, rings[:-1], rings[1:], strict=True)
        ]
        collection = {"type": "FeatureCollection", "features": features}
        return "application/geo+json", orjson.dumps(collection, option=orjson.OPT_SERIALIZE_NUMPY)


def _geometries(sent: list[dict[str, Any]]) -> Any:
    """Return points, or polygons of one ring, built from all coordinates at once."""
    coordinates = [feature["geometry"]["coordinates"] for feature in sent]
    if sent[0]["geometry"]["type"] == "Point":
        return shapely.points(np.array(coordinates))
    rings = [polygon[0] for polygon in coordinates]
    flat = np.array([place for ring in rings for place in ring])
    offsets = (np.cumsum([0, *map(len, rings)]), np.arange(len(rings) + 1))
    return shapely.from_ragged_array(shapely.GeometryType.POLYGON, flat, offsets)
