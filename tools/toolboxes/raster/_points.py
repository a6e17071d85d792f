"""Points with a number, from which a surface is made."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless import FeatureSet, Run, ToolError
from gpserverless.analysis.inputs import drop_shapeless

Floats = NDArray[np.float64]


def read_points(features: FeatureSet[Any], field: str | None, run: Run) -> tuple[Floats, Floats]:
    """Return the places of points, shape (N, 2), and their numbers, shape (N,); each of a multipoint counts.

    Args:
        features: Points or multipoints.
        field: Their field of numbers; 1 without it.
        run: Takes warnings about points that are left out, and about degrees.

    Raises:
        ToolError: There is no point with a number.
    """
    features = drop_shapeless(features, run)
    numbers = np.ones(len(features)) if field is None else features.numbers(field)
    known = np.isfinite(numbers)
    if lost := int(np.count_nonzero(~known)):
        run.warn(f"Points without a value of {field}: {lost:,}; they were left out.")
    if not known.any():
        raise ToolError("There is no point with a value, so no raster can be made.")
    if features.is_geographic:
        run.warn("Distances are measured in degrees on the map. Project the points to measure in metres.")
    xy, row = shapely.get_coordinates(features.geometries[known], return_index=True)
    return xy, numbers[known][row]
