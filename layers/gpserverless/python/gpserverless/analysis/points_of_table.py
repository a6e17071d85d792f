"""Points at the coordinates in the fields of a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gpserverless.analysis.parameter_names import name_in_errors
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.values.counts import write_count
from gpserverless.values.spatial_reference import SpatialReference


def make_points(
    table: Table, names: tuple[str, str, str | None], reference: SpatialReference, watch: Watch
) -> FeatureSet[Any]:
    """Return a point for each row; a row without both coordinates has no shape.

    Args:
        table: The rows.
        names: Fields of x, y and perhaps z.
        reference: The spatial reference of x and y.
        watch: Takes warnings that count rows without coordinates, and latitudes beyond the poles.

    Raises:
        InvalidParameter: There is no such field, or it holds no numbers.
    """
    ordinates = []
    for parameter, name in zip(("xfield", "yfield", "zfield"), names, strict=True):
        with name_in_errors(parameter):
            ordinates += [] if name is None else [table.numbers(name)]
    known = np.isfinite(ordinates[0]) & np.isfinite(ordinates[1])
    if reference.is_geographic:
        _warn_of_latitudes(ordinates[1][known], watch)
    missing = len(table) - int(known.sum())
    if missing:
        one, many = "row without coordinates has no shape.", "rows without coordinates have no shape."
        watch.warn(write_count(missing, one, many))
    shapes = np.full(len(table), None, object)
    shapes[known] = shapely.points(np.column_stack(ordinates)[known])
    bare: FeatureSet[Any] = FeatureSet(spatial_reference=reference)
    points = bare.with_geometries(shapes, "esriGeometryPoint")
    return points.with_columns(dict(table.columns), table.fields)


def _warn_of_latitudes(y: Any, watch: Watch) -> None:
    beyond = int((np.abs(y) > 90).sum())
    if beyond:
        one, many = "row has a latitude beyond 90 degrees.", "rows have a latitude beyond 90 degrees."
        watch.warn(write_count(beyond, one, many))
