"""The data of all subjects: seeded points and polygons over a city, in metres of UTM zone 33."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlencode

import numpy as np
import orjson
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.esri_json import encode_features
from gpserverless.geometry.circles import MANY, count_circle_vertices
from gpserverless.values.spatial_reference import SpatialReference

UTM33 = SpatialReference(32633)
REACH = 100
"""How far every buffer of every subject reaches, in metres."""


def points(count: int) -> FeatureSet[Any]:
    """Return points over a city, with an id, a name and a number."""
    places = np.random.default_rng(1).uniform(-1e5, 1e5, (count, 2))
    return with_attributes(np.asarray(shapely.points(places)), UTM33)


def polygons(count: int, vertices: int) -> FeatureSet[Any]:
    """Return stars of ten points with so many vertices: a multiple of 20, the more the smoother."""
    random = np.random.default_rng(2)
    angles = -np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    corners = random.uniform(50, 100, (count, 20))
    share = np.arange(vertices // 20) / (vertices // 20)
    turned = np.roll(corners, -1, axis=1)
    reach = (corners[:, :, None] * (1 - share) + turned[:, :, None] * share).reshape(count, vertices)
    rings = np.stack([reach * np.cos(angles), reach * np.sin(angles)], axis=2)
    rings += random.uniform(-1e5, 1e5, (count, 1, 2))
    return with_attributes(np.asarray(shapely.polygons(rings)), UTM33)


def with_attributes(shapes: Any, reference: SpatialReference) -> FeatureSet[Any]:
    """Return a feature set with three columns, as a small layer has them."""
    number = np.arange(len(shapes))
    names = np.array([f"place {n}" for n in number], object)
    return FeatureSet.of(shapes, reference, {"NAME": names, "VALUE": number / 2})


def features(kind: str, count: int) -> FeatureSet[Any]:
    """Return features by the name of their kind: `points`, or `polygons of 20` vertices."""
    return points(count) if kind == "points" else polygons(count, int(kind.rpartition(" ")[2]))


def segments(kind: str, count: int) -> int:
    """Return `quad_segs` of a buffer by GEOS with as many vertices a full turn as ours have."""
    if kind == "points":
        return count_circle_vertices(count) // 4
    return 32 if count <= MANY else 16


@cache
def esri_json(kind: str, count: int) -> bytes:
    """Return features as clients of ArcGIS send them."""
    return encode_features(features(kind, count))


@cache
def form(kind: str, count: int, name: str, **more: str) -> bytes:
    """Return the form of a call: the features under a name, and other fields."""
    return urlencode({"f": "json", name: esri_json(kind, count).decode(), **more}).encode()


@cache
def geojson(kind: str, count: int) -> bytes:
    """Return the same features as a call of a process of OGC API Processes."""
    sent = orjson.loads(esri_json(kind, count))["features"]
    members = [
        {
            "type": "Feature",
            "properties": each["attributes"],
            "geometry": _geojson_geometry(each["geometry"]),
        }
        for each in sent
    ]
    collection = {"type": "FeatureCollection", "features": members}
    inputs = {"features": collection, "distance": REACH, "quad_segs": segments(kind, count)}
    return orjson.dumps({"inputs": inputs})


def _geojson_geometry(geometry: dict[str, Any]) -> dict[str, Any]:
    if "rings" in geometry:
        return {"type": "Polygon", "coordinates": geometry["rings"]}
    return {"type": "Point", "coordinates": [geometry["x"], geometry["y"]]}
