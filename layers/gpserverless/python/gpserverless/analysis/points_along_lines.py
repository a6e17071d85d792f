"""Points along lines at equal distances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gpserverless.analysis.blocks import split_features
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
        watch: Takes progress and warnings.
        distance: Distance of the points; None for a percentage.
        percentage: The same as a share of the path in percent.
        ends: Whether there are points at the beginning and the end of each path too.

    Raises:
        ToolError: There would be too many points.
    """
    check_types(features, "Input_Features", (POLYLINE, POLYGON))
    some = drop_shapeless(features, watch)
    spacing = _Spacing(distance, percentage, ends, features.geometry_type == POLYGON)
    geodesic = some.is_geographic if distance is None else distance.geodesic
    total = 0.0
    for _, part in split_features(some, watch, "Measuring lines"):
        flat, along = list_measured_paths(part, geodesic=geodesic)
        total += spacing.count_inner(along[flat.parts[1:] - 1]).sum()
    if not total <= MAX_VERTICES:
        raise ToolError(f"There would be {total:,.0f} points; at most {MAX_VERTICES:,} fit.")
    points, owners = [np.empty(0, object)], [np.empty(0, np.int64)]
    for block, part in split_features(some, watch, "Placing points"):
        flat, along = list_measured_paths(part, geodesic=geodesic)
        path, reach = spacing.list_distances(along[flat.parts[1:] - 1])
        points.append(make_points(flat, find_places(flat, along, path, reach).coordinates))
        owners.append(find_path_owners(flat)[path] + block.start)
    return derive_features(some, np.concatenate(owners), np.concatenate(points), POINT, watch)


@dataclass(frozen=True)
class _Spacing:
    """Distances of points along paths."""

    #: Their distance; None for a percentage.
    distance: Length | None
    #: The same as a share of the path in percent.
    percentage: float
    #: Whether there are points at the beginning and the end of each path too.
    ends: bool
    #: Whether the paths are rings, which end where they begin.
    closed: bool

    def count_inner(self, lengths: Numbers) -> Numbers:
        """Return the number of points between the beginning and the end of each path.

        A multiple that falls on the end within a billionth of the length is the end.
        """
        step = self._list_steps(lengths)
        inner = np.divide(lengths, step, out=np.zeros(len(step)), where=step > 0)
        return np.asarray(np.maximum(np.ceil(inner * (1 - 1e-9)) - 1, 0))

    def list_distances(self, lengths: Numbers) -> tuple[Any, Numbers]:
        """Return the path and the distance of each point: multiples of the step, and the ends."""
        last = self.ends and not self.closed
        counts = self.count_inner(lengths).astype(np.int64) + int(self.ends) + int(last)
        offsets = compute_offsets(counts)
        path = np.repeat(np.arange(len(lengths)), counts)
        number = np.arange(offsets[-1]) - offsets[path] + (0 if self.ends else 1)
        distance = number * self._list_steps(lengths)[path]
        if last:
            distance[offsets[1:] - 1] = lengths
        return path, np.minimum(distance, lengths[path])

    def _list_steps(self, lengths: Numbers) -> Numbers:
        if self.distance is None:
            return lengths * self.percentage / 100
        return np.full(len(lengths), self.distance.value)
