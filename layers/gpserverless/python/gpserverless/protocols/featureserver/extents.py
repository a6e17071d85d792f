"""Extents in another spatial reference, and as Esri JSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gpserverless.featurelayers.manifest import Extent
from gpserverless.geometry.geometry_types import POINT, POLYGON
from gpserverless.geometry.projection import project_geometries
from gpserverless.values.spatial_reference import SpatialReference

_DIVIDED_SIDE = 40


def project_extent(extent: Extent, source: SpatialReference, target: SpatialReference) -> Extent | None:
    """Return the bounds of a box in another reference; None if it has no place there.

    Args:
        extent: West, south, east and north.
        source: Their spatial reference.
        target: The other spatial reference.
    """
    west, south, east, north = extent
    if west < east and south < north:
        box = shapely.box(*extent)
        pieces: Any = [shapely.segmentize(box, box.length / 4 / _DIVIDED_SIDE)]
    else:  # of one point, or of points on a line
        pieces = [shapely.Point(west, south), shapely.Point(east, north)]
    kind = POLYGON if len(pieces) == 1 else POINT
    shapes = project_geometries(np.array([*pieces, None], object)[:-1], kind, source, target)
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return None if np.isnan(west) else (west, south, east, north)


def write_extent(extent: Extent | None, reference: SpatialReference | None) -> dict[str, Any]:
    """Return an extent as Esri JSON, with "NaN" for that of nothing.

    Args:
        extent: West, south, east and north; None for that of nothing.
        reference: Their spatial reference, None if it is not known.
    """
    sides = extent or ("NaN",) * 4
    return {
        **dict(zip(("xmin", "ymin", "xmax", "ymax"), sides, strict=True)),
        "spatialReference": {} if reference is None else reference.to_json(),
    }
