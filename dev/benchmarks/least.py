"""The best way from bytes to bytes that we know, with the libraries alone, and nothing else around it.

simdjson hands coordinates over as buffers of doubles, shapely takes and gives ragged arrays, circles are
arithmetic, orjson writes arrays as they are. No columns, no checks, no fields, no leniency, no process of its
own: what is left of a request when everything is left out. It trusts that polygons have one ring.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import shapely
import simdjson
from numpy.typing import NDArray


def buffer_geometries(sent: bytes, reach: float, segments: int) -> bytes:
    """Return the buffers of Esri JSON as Esri JSON.

    Args:
        sent: Features, points or polygons of one ring.
        reach: Distance in the unit of the coordinates.
        segments: Vertices in a quarter of a turn.
    """
    features = parsed(sent)
    attributes = [feature["attributes"].as_dict() for feature in features]
    geometries = [feature["geometry"] for feature in features]
    if "x" in geometries[0]:
        return written(attributes, *circles(centres(geometries), reach, 4 * segments))
    zones = shapely.buffer(shapes(geometries), reach, quad_segs=segments)
    _, coordinates, (rings, _) = shapely.to_ragged_array(zones)
    return written(attributes, coordinates, rings)


def parsed(sent: bytes) -> list[Any]:
    """Return features as simdjson sees them, still in its own memory."""
    document: Any = simdjson.Parser().parse(sent)
    return list(document["features"])


def centres(geometries: list[Any]) -> NDArray[np.float64]:
    """Return the places of points."""
    return np.array([(g["x"], g["y"]) for g in geometries])


def shapes(geometries: list[Any]) -> Any:
    """Return polygons of one ring."""
    rings = [geometry["rings"] for geometry in geometries]
    coordinates = np.frombuffer(b"".join(ring.as_buffer(of_type="d") for ring in rings)).reshape(-1, 2)
    offsets = (np.cumsum([0, *(len(ring[0]) for ring in rings)]), np.arange(len(rings) + 1))
    return shapely.from_ragged_array(shapely.GeometryType.POLYGON, coordinates, offsets)


def circles(places: NDArray[np.float64], reach: float, vertices: int) -> tuple[NDArray[np.float64], Any]:
    """Return the coordinates of circles, clockwise, and where each begins."""
    angles = -np.linspace(0, 2 * np.pi, vertices + 1)
    ring = reach * np.column_stack([np.cos(angles), np.sin(angles)])
    rings = places[:, None, :] + ring
    rings[:, -1] = rings[:, 0]  # the sine of a full turn is not exactly 0
    return rings.reshape(-1, 2), np.arange(len(places) + 1) * (vertices + 1)


def written(attributes: list[dict[str, Any]], coordinates: NDArray[np.float64], rings: Any) -> bytes:
    """Write features of one ring each."""
    ends = pairwise(np.asarray(rings).tolist())
    features = [
        {"attributes": attribute, "geometry": {"rings": [coordinates[begin:end]]}}
        for attribute, (begin, end) in zip(attributes, ends, strict=True)
    ]
    return orjson.dumps({"features": features}, option=orjson.OPT_SERIALIZE_NUMPY)
