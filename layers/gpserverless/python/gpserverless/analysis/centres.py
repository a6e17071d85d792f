"""Centres and dispersion of features: mean, median and most central place, and the ellipse of deviations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import change_shapes
from gpserverless.analysis.inputs import drop_shapeless
from gpserverless.analysis.neighbours import Distance
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter, ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.value_numbers import number_groups
from gpserverless.values.counts import write_count

Floats = NDArray[np.float64]
EllipseSize = Literal["1_STANDARD_DEVIATION", "2_STANDARD_DEVIATIONS", "3_STANDARD_DEVIATIONS"]

MAX_DISTANCES = 40_000_000_000
"""Most distances that are added up for the central feature: those of 200,000 features, in about half an
hour."""

_STEPS = 10_000
"""Steps to the median centre at most; it mostly takes less than a hundred."""

_VERTICES = 360


@dataclass(frozen=True)
class Cases:
    """Weighted places in groups: features with the same value of a field are one group.

    Attributes:
        features: n features with a shape and a weight.
        xy: Shape (n, 2), their centroids.
        weight: Shape (n,), above or equal to 0.
        group: Shape (n,), number of the group, in the order of first features.
        field: Name of the field of groups, None if all features are one.
    """

    features: FeatureSet[Any]
    xy: Floats
    weight: Floats
    group: NDArray[np.int64]
    field: str | None

    @property
    def first(self) -> NDArray[np.int64]:
        """Index of the first feature of every group."""
        return np.unique(self.group, return_index=True)[1]

    def split(self) -> list[NDArray[np.int64]]:
        """Return the indices of each group's features."""
        order = np.argsort(self.group, kind="stable")
        sizes = np.bincount(self.group)
        return np.split(order, np.cumsum(sizes)[:-1]) if len(order) else []

    def make_result(
        self, shapes: NDArray[np.object_], kind: str, columns: dict[str, Floats | list[float]]
    ) -> FeatureSet[Any]:
        """Return one feature a group: its shape, the field of the groups, and columns.

        Args:
            shapes: A shape for each group.
            kind: Esri name of their geometry type.
            columns: Numbers for each group.
        """
        kept = self.features.only(*([self.field] if self.field else [])).take(self.first)
        made = kept.with_geometries(shapes, kind)
        numbers = {name: np.asarray(values, np.float64) for name, values in columns.items()}
        return made.with_columns(numbers)


def read_cases(
    features: FeatureSet[Any], weight_field: str | None, case_field: str | None, watch: Watch
) -> Cases:
    """Read the places, weights and groups of features.

    Args:
        features: Points, lines or polygons.
        weight_field: A field of numbers; without it every weight is 1.
        case_field: The field whose values make groups.
        watch: Takes warnings about features that are left out, and about degrees.

    Raises:
        InvalidParameter: A weight is negative, or all of a group's are 0.
    """
    features = drop_shapeless(features, watch)
    weight = np.ones(len(features)) if weight_field is None else features.numbers(weight_field)
    known = np.isfinite(weight)
    if lost := int(np.count_nonzero(~known)):
        watch.warn(f"{write_count(lost, 'feature', 'features')} without a weight left out.")
    features, weight = features.take(known), weight[known]
    if (weight < 0).any():
        raise InvalidParameter("Weight_Field", f"{weight.min():g} is no weight", "numbers from 0")
    if features.is_geographic and len(features):
        watch.warn("The centre is that of degrees on the map. Project the features to measure in metres.")
    watch.progress("Grouping features")
    column = [] if case_field is None else [features.column(case_field)]
    group = number_groups(column) if column else np.zeros(len(features), np.int64)
    if len(group) and not (np.bincount(group, weight) > 0).all():
        raise InvalidParameter("Weight_Field", "all weights of a group are 0", "at least one weight above 0")
    name = None if case_field is None else features.field(case_field).name
    places = change_shapes(
        features.geometries, lambda shapes: np.asarray(shapely.centroid(shapes)), watch, "Finding places"
    )
    xy = shapely.get_coordinates(places)
    watch.progress("Finding centres")
    return Cases(features, xy, weight, group, name)


def find_mean_centres(cases: Cases, dimension: str | None = None) -> FeatureSet[Any]:
    """Return the weighted mean of the places of every group, with XCoord and YCoord.

    Args:
        cases: The groups.
        dimension: A field of numbers, whose weighted mean is added under its name.
    """
    values = {"XCoord": cases.xy[:, 0], "YCoord": cases.xy[:, 1]}
    if dimension is not None:
        values[cases.features.field(dimension).name] = cases.features.numbers(dimension)
    columns = {
        name: np.array([_average(v[rows], cases.weight[rows]) for rows in cases.split()])
        for name, v in values.items()
    }
    points = np.asarray(shapely.points(columns["XCoord"], columns["YCoord"]), object)
    return cases.make_result(points, "esriGeometryPoint", dict(columns))


def _average(values: Floats, weight: Floats) -> float:
    known = np.isfinite(values) & (weight > 0)
    return float(np.average(values[known], weights=weight[known])) if known.any() else np.nan


def find_median_centres(cases: Cases, attributes: list[str], watch: Watch) -> FeatureSet[Any]:
    """Return the place of every group whose weighted distances to all its features add up to the least.

    Args:
        cases: The groups.
        attributes: Fields of numbers, whose medians are added under their names.
        watch: Takes the progress.
    """
    found, groups = [], cases.split()
    for number, rows in enumerate(groups):
        watch.progress("Looking for medians", 100 * number // len(groups))
        found.append(find_median(cases.xy[rows], cases.weight[rows]))
    xy = np.array(found).reshape(-1, 2)
    columns: dict[str, Floats | list[float]] = {"XCoord": xy[:, 0], "YCoord": xy[:, 1]}
    for name in attributes:
        values = cases.features.numbers(name)
        columns[cases.features.field(name).name] = [_find_middle(values[rows]) for rows in groups]
    return cases.make_result(np.asarray(shapely.points(xy), object), "esriGeometryPoint", columns)


def _find_middle(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else np.nan


def find_median(xy: Floats, weight: Floats) -> Floats:
    """Return the place with the least sum of weighted distances, shape (2,).

    The steps are those of Weiszfeld, with the rule of Vardi and Zhang (PNAS 97, 2000) at a place itself.

    Args:
        xy: Shape (n, 2), the places.
        weight: Shape (n,), their weights.
    """
    centre = np.average(xy, axis=0, weights=weight)
    size = float(np.ptp(xy, axis=0).max())
    for _ in range(_STEPS):
        away = xy - centre
        far = np.hypot(away[:, 0], away[:, 1])
        there = far <= 1e-12 * size
        pull = np.where(there, 0.0, weight / np.where(there, 1.0, far))
        if not pull.any():
            return centre
        force = (pull[:, None] * away).sum(axis=0)
        held = weight[there].sum()
        strength = float(np.hypot(*force))
        if strength <= held:
            return centre
        step = (1 - held / strength) * force / pull.sum()
        centre = centre + step
        if np.hypot(*step) <= 1e-10 * size:
            break
    return np.asarray(centre)


def find_central_features(cases: Cases, method: Distance, own: Floats, watch: Watch) -> FeatureSet[Any]:
    """Return the feature of every group whose weighted distances to all others add up to the least.

    Args:
        cases: The groups.
        method: Along a straight line, or along x and then y.
        own: Shape (n,), a distance that each feature has to itself, weighted like the others.
        watch: Takes the progress.

    Raises:
        ToolError: There are too many distances.
    """
    chosen, groups = [], cases.split()
    pairs = sum(len(rows) ** 2 for rows in groups)
    if pairs > MAX_DISTANCES:
        raise ToolError(
            f"There are {pairs:,} distances between features; at most {MAX_DISTANCES:,} are added up."
        )
    for rows in groups:
        sums = own[rows] * cases.weight[rows]
        size = max(1, 4_000_000 // len(rows))
        for start in range(0, len(rows), size):
            watch.progress("Adding up distances", 100 * start // len(rows))
            block = slice(start, start + size)
            away = np.abs(cases.xy[rows[block], None] - cases.xy[rows])
            straight = method == "EUCLIDEAN_DISTANCE"
            far = np.hypot(away[..., 0], away[..., 1]) if straight else away.sum(axis=-1)
            sums[block] += far @ cases.weight[rows]
        chosen.append(rows[_choose_least(sums, cases.xy[rows])])
    return cases.features.take(np.array(chosen, np.int64))


def _choose_least(sums: Floats, xy: Floats) -> int:
    """Return the index of the least sum; of equal ones that with the smaller x, then y."""
    equal = np.flatnonzero(sums <= sums.min() * (1 + 1e-12))
    return int(equal[np.lexsort((xy[equal, 1], xy[equal, 0]))[0]])


def draw_ellipses(cases: Cases, size: EllipseSize) -> FeatureSet[Any]:
    """Return the ellipse of deviations of every group, turned to its long axis.

    The half axes are the roots of the eigenvalues of the population's covariance, times the square root of 2,
    times the size: so an ellipse of one deviation holds 63 percent of places that scatter normally.
    That ArcGIS scales so is from memory.

    Args:
        cases: The groups.
        size: Number of deviations.

    Raises:
        ToolError: A group has less than three places, or they lie on one line.
    """
    rows = np.array([_measure_ellipse(cases.xy[r], cases.weight[r]) for r in cases.split()]).reshape(-1, 5)
    x, y, short, long, rotation = rows.T
    short, long = int(size[0]) * short, int(size[0]) * long
    turns = np.linspace(0, 2 * np.pi, _VERTICES, endpoint=False)
    along, across = np.cos(turns) * long[:, None], np.sin(turns) * short[:, None]
    sine, cosine = np.sin(np.radians(rotation))[:, None], np.cos(np.radians(rotation))[:, None]
    rings = np.stack(
        [x[:, None] + along * sine + across * cosine, y[:, None] + along * cosine - across * sine], axis=-1
    )
    columns = {"CenterX": x, "CenterY": y, "XStdDist": short, "YStdDist": long, "Rotation": rotation}
    return cases.make_result(
        np.asarray(shapely.polygons(rings), object), "esriGeometryPolygon", dict(columns)
    )


def _measure_ellipse(xy: Floats, weight: Floats) -> Floats:
    """Return x, y, the half axes across and along, and the azimuth of the long one in degrees."""
    centre = np.average(xy, axis=0, weights=weight)
    away = xy - centre
    covariance = (away * weight[:, None]).T @ away / weight.sum()
    sizes, axes = np.linalg.eigh(covariance)
    if len(xy) < 3 or sizes[0] <= 1e-12 * sizes[1]:
        raise ToolError("An ellipse needs at least three places that are not on one line, in every group.")
    short, long = np.sqrt(2 * sizes)
    rotation = np.degrees(np.arctan2(axes[0, 1], axes[1, 1])) % 180
    return np.array([*centre, short, long, rotation])
