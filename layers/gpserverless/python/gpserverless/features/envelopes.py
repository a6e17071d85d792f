"""Envelopes of Esri JSON as polygons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gpserverless.errors import InvalidValue
from gpserverless.geometry.geometry_types import POLYGON
from gpserverless.geometry.projection import project_geometries
from gpserverless.values.spatial_reference import SpatialReference


def read_envelope(envelope: Mapping[str, Any], target: SpatialReference | None) -> BaseGeometry:
    """Read an envelope as a polygon in another spatial reference, about 20 vertices a side.

    Args:
        envelope: Esri JSON with xmin, ymin, xmax, ymax, in its own spatialReference if it has one.
        target: Spatial reference of the polygon; None, or an envelope without a reference, leaves the sides
            as they are.

    Raises:
        InvalidValue: It is no envelope, or its spatial reference is unknown.
    """
    box: BaseGeometry = shapely.box(*_read_sides(envelope))
    reference = SpatialReference.from_optional_json(envelope.get("spatialReference"))
    if reference is None or target is None:
        return box
    edges = np.array([shapely.segmentize(box, max(box.length / 80, 1e-9))], object)
    projected: BaseGeometry = project_geometries(edges, POLYGON, reference, target)[0]
    return projected


def _read_sides(envelope: Mapping[str, Any]) -> tuple[float, float, float, float]:
    sides = [envelope.get(name) for name in ("xmin", "ymin", "xmax", "ymax")]
    if any(isinstance(s, bool) or not isinstance(s, int | float) or not np.isfinite(s) for s in sides):
        raise InvalidValue("it is not an envelope", '{"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1}')
    xmin, ymin, xmax, ymax = (float(s or 0) for s in sides)
    if xmin > xmax or ymin > ymax:
        raise InvalidValue("the envelope's sides are in the wrong order", "xmin <= xmax and ymin <= ymax")
    return xmin, ymin, xmax, ymax
