"""Points along lines at equal distances."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpserverless.analysis.densify import MAX_VERTICES
from gpserverless.analysis.inputs import check_types, drop_shapeless
from gpserverless.analysis.lengths import Length
from gpserverless.analysis.origins import derive_features
from gpserverless.analysis.path_lengths import list_measured_paths
from gpserverless.analysis.paths import Numbers, find_path_owners, find_places
from gpserverless.analysis.vertices import make_points
from gpserverless.analysis.watch import Watch
from gpserverless.errors import ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.coordinate_arrays import compute_offsets
from gpserverless.geometry.geometry_types import POINT, POLYGON, POLYLINE


def place_points(
    features: FeatureSet[Any],
    watch: Watch,
    *,
    distance: Length | None = None,
    percentage: float = 100.0,
    ends: bool = False,
) -> FeatureSet[Any]:
    """Return points along each path of lines, or along each ring of polygons.

    Args:
        features: Lines or polygons.
        watch: Takes warnings.
        distance: Distance of the points; None for a percentage.
        percentage: The same as a share of the path in percent.
        ends: Whether there are points at the beginning and the end of each path too.

    Raises:
        ToolError: There would be too many points.
    """
    check_types(features, "Input_Features", (POLYLINE, POLYGON))
    some = drop_shapeless(features, watch)
    geodesic = some.is_geographic if distance is None else distance.geodesic
    flat, along = list_measured_paths(some, geodesic=geodesic)
    lengths = along[flat.parts[1:] - 1]
    step = lengths * percentage / 100 if distance is None else np.full(len(lengths), distance.value)
    path, reach = _list_distances(lengths, step, ends=ends, closed=features.geometry_type == POLYGON)
    found = find_places(flat, along, path, reach)
    points = make_points(flat, found.coordinates)
    return derive_features(some, find_path_owners(flat)[path], points, POINT, watch)


def _list_distances(lengths: Numbers, step: Numbers, *, ends: bool, closed: bool) -> tuple[Any, Numbers]:
    """Return the path and the distance of each point: multiples of the step below the length, and the ends.

    A multiple that falls on the end within a billionth of the length is the end.
    """
    inner = np.ceil(np.divide(lengths, step, out=np.zeros(len(step)), where=step > 0) * (1 - 1e-9)) - 1
    inner = np.maximum(inner, 0)
    if not inner.sum() <= MAX_VERTICES:
        raise ToolError(f"There would be {inner.sum():,.0f} points; at most {MAX_VERTICES:,} fit.")
    last = ends and not closed
    counts = inner.astype(np.int64) + int(ends) + int(last)
    offsets = compute_offsets(counts)
    path = np.repeat(np.arange(len(lengths)), counts)
    number = np.arange(offsets[-1]) - offsets[path] + (0 if ends else 1)
    distance = number * step[path]
    if last:
        distance[offsets[1:] - 1] = lengths
    return path, np.minimum(distance, lengths[path])
