"""The fastest known way from bytes to bytes: the libraries alone, a lower limit for our code.

simdjson returns coordinates as buffers of doubles, shapely takes and returns ragged arrays, circles are
arithmetic, orjson writes arrays as they are. There are no columns, checks, fields, leniencies or processes.
Polygons have one ring.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import shapely
import simdjson
from numpy.typing import NDArray


def buffer_geometries(sent: bytes, distance: float, segments: int) -> bytes:
    """Buffer Esri JSON to Esri JSON.

    Args:
        sent: Features, points or polygons of one ring.
        distance: In the unit of the coordinates.
        segments: Vertices in a quarter of a turn.
    """
    features = parse(sent)
    attributes = [feature["attributes"].as_dict() for feature in features]
    geometries = [feature["geometry"] for feature in features]
    if "x" in geometries[0]:
        return write(attributes, *draw_circles(read_centres(geometries), distance, 4 * segments))
    zones = shapely.buffer(read_polygons(geometries), distance, quad_segs=segments)
    _, coordinates, (rings, _) = shapely.to_ragged_array(zones)
    return write(attributes, coordinates, rings)


def parse(sent: bytes) -> list[Any]:
    """Parse features to objects of simdjson, which stay in its memory.

    Args:
        sent: A feature set as Esri JSON.
    """
    document: Any = simdjson.Parser().parse(sent)
    return list(document["features"])


def read_centres(geometries: list[Any]) -> NDArray[np.float64]:
    """Read the coordinates of points, shape (N, 2).

    Args:
        geometries: N points, as objects of simdjson.
    """
    return np.array([(g["x"], g["y"]) for g in geometries])


def read_polygons(geometries: list[Any]) -> Any:
    """Read polygons of one ring, shape (N,).

    Args:
        geometries: N polygons, as objects of simdjson.
    """
    rings = [geometry["rings"] for geometry in geometries]
    coordinates = np.frombuffer(b"".join(ring.as_buffer(of_type="d") for ring in rings)).reshape(-1, 2)
    offsets = (np.cumsum([0, *(len(ring[0]) for ring in rings)]), np.arange(len(rings) + 1))
    return shapely.from_ragged_array(shapely.GeometryType.POLYGON, coordinates, offsets)


def draw_circles(
    centres: NDArray[np.float64], radius: float, vertices: int
) -> tuple[NDArray[np.float64], Any]:
    """Draw circles, clockwise: return their coordinates and the offsets of their rings.

    Args:
        centres: Shape (N, 2).
        radius: In the unit of the coordinates.
        vertices: Vertices of one circle.
    """
    angles = -np.linspace(0, 2 * np.pi, vertices + 1)
    ring = radius * np.column_stack([np.cos(angles), np.sin(angles)])
    rings = centres[:, None, :] + ring
    rings[:, -1] = rings[:, 0]  # the sine of a full turn is not exactly 0
    return rings.reshape(-1, 2), np.arange(len(centres) + 1) * (vertices + 1)


def write(attributes: list[dict[str, Any]], coordinates: NDArray[np.float64], rings: Any) -> bytes:
    """Write features of one ring each as Esri JSON.

    Args:
        attributes: Of the N features.
        coordinates: Shape (P, 2), of all rings.
        rings: Shape (N + 1,), offsets of the rings.
    """
    ends = pairwise(np.asarray(rings).tolist())
    features = [
        {"attributes": attribute, "geometry": {"rings": [coordinates[begin:end]]}}
        for attribute, (begin, end) in zip(attributes, ends, strict=True)
    ]
    return orjson.dumps({"features": features}, option=orjson.OPT_SERIALIZE_NUMPY)
