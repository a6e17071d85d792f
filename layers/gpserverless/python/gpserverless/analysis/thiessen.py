"""Thiessen polygons: of each point the area that lies nearer to it than to any other."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gpserverless.analysis.blocks import Shapes, change_shapes
from gpserverless.analysis.inputs import check_types, drop_shapeless
from gpserverless.analysis.origins import ORIGIN, derive_features
from gpserverless.analysis.watch import Watch
from gpserverless.errors import ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON
from gpserverless.values.counts import write_count

MARGIN = 0.1
"""Share of the extent of the points that is added at each side."""

INPUT_ID = "Input_FID"


def draw_cells(features: FeatureSet[Any], watch: Watch, *, attributes: bool) -> FeatureSet[Any]:
    """Return the Thiessen polygon of each place, in the plane of the coordinates.

    Args:
        features: Points or multipoints, of which each point is a place.
        watch: Takes progress and warnings.
        attributes: Whether the cells keep the attributes, beside Input_FID.

    Raises:
        ToolError: All points lie at one place.
    """
    check_types(features, "in_features", (POINT, MULTIPOINT))
    some = drop_shapeless(features, watch)
    coordinates, owner = shapely.get_coordinates(some.geometries, return_index=True)
    _, first = np.unique(coordinates, axis=0, return_index=True)
    first.sort()
    twice = len(coordinates) - len(first)
    if twice:
        lie = write_count(twice, "point lies", "points lie")
        watch.warn(f"{lie} at the place of another, and got no polygon.")
    places, rows = coordinates[first], owner[first]
    if some.is_geographic:
        watch.warn("The points are on longitudes and latitudes: distances are those of degrees in the plane.")
    cells = _divide_plane(places, watch) if len(places) else np.empty(0, object)
    made = derive_features(some, rows, cells, POLYGON, watch)
    ids = made.column(ORIGIN)
    kept = made.without(ORIGIN, INPUT_ID) if attributes else made.only()
    return kept.with_columns({INPUT_ID: ids})


def _divide_plane(places: Any, watch: Watch) -> Any:
    low, high = places.min(axis=0), places.max(axis=0)
    size = high - low
    if not size.any():
        raise ToolError("All points lie at one place, so that there is no area to divide.")
    margin = np.where(size > 0, size, size.max()) * MARGIN
    low, high = low - margin, high + margin
    box = shapely.box(low[0], low[1], high[0], high[1])
    # About the middle of the points, so that large coordinates lose no digits.
    middle = (low + high) / 2
    watch.progress(f"Drawing Thiessen polygons of {len(places):,} places, in one step")
    diagram = shapely.voronoi_polygons(
        shapely.multipoints(places - middle),
        extend_to=shapely.LineString([low - margin - middle, high + margin - middle]),
        ordered=True,
    )

    def place(some: Shapes) -> Shapes:
        cells = np.asarray(shapely.transform(some, lambda xy: xy + middle))
        inside = shapely.covers(box, cells)
        cells[~inside] = shapely.intersection(cells[~inside], box)
        return cells

    cells = np.asarray(shapely.get_parts(diagram), object)
    del diagram
    return change_shapes(cells, place, watch, "Cutting polygons")
