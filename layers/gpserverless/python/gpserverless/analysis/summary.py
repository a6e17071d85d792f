"""The columns of a summary."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.field_statistics import FieldStatistic, calculate_statistic
from gpserverless.analysis.pairs import Pairs
from gpserverless.errors import ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.units import LinearUnit

COUNTS: Mapping[str, str] = MappingProxyType(
    {
        "esriGeometryPoint": "Point_Count",
        "esriGeometryMultipoint": "Point_Count",
        "esriGeometryPolyline": "Polyline_Count",
        "esriGeometryPolygon": "Polygon_Count",
    }
)
"""The column of counts, by geometry type."""

_HECTARE, _ACRE = 10_000.0, 43_560.0  # square metres, square feet
_AREAS = ("METERS", "KILOMETERS", "FEET", "YARDS", "MILES")


@dataclass(frozen=True)
class ShapeSum:
    """The sum of lengths or areas."""

    #: The column; empty for no sum.
    name: str = ""
    #: Metres or square metres in one unit.
    metres: float = 1.0


@dataclass(frozen=True)
class Measures:
    """The columns of a summary beside the count."""

    #: Statistics of fields.
    statistics: Sequence[FieldStatistic]
    #: The sum of lengths or areas.
    shape: ShapeSum


def choose_shape_sum(features: FeatureSet[Any], unit: str | None) -> ShapeSum:
    """Return the sum of lengths or areas in a unit; for points no sum.

    Args:
        features: The summarized features.
        unit: KILOMETERS, "Square Miles", HECTARES and so on; kilometres or square kilometres if None.

    Raises:
        ToolError: There is no such unit for this type of geometry.
    """
    word = re.sub("[^A-Z]", "", (unit or "").upper()).removeprefix("ESRI")
    if features.geometry_type == "esriGeometryPolyline":
        word = word or "KILOMETERS"
        if word in _AREAS:
            return ShapeSum(f"sum_Length_{word}", LinearUnit(1, word).metres)
        raise ToolError(f"'{unit}' is no unit of length. Accepted: {', '.join(_AREAS)}.")
    if features.geometry_type != "esriGeometryPolygon":
        return ShapeSum()
    word = word or "SQUAREKILOMETERS"
    areas = {f"SQUARE{name}": LinearUnit(1, name).metres ** 2 for name in _AREAS}
    areas |= {"HECTARES": _HECTARE, "ACRES": _ACRE * LinearUnit(1, "FEET").metres ** 2}
    if word in areas:
        return ShapeSum(f"sum_Area_{word}", areas[word])
    raise ToolError(f"'{unit}' is no unit of area. Accepted: {', '.join(areas)}.")


def summarize_features(
    features: FeatureSet[Any],
    pairs: Pairs,
    groups: NDArray[np.int64],
    count: int,
    measures: Measures,
) -> dict[str, NDArray[Any]]:
    """Return the columns of a summary, each of shape (count,).

    Args:
        features: The summarized features.
        pairs: The M pairs of polygons and features.
        groups: Shape (M,), the row of each pair.
        count: Number of rows.
        measures: The columns beside the count.
    """
    columns: dict[str, NDArray[Any]] = {}
    shape = measures.shape
    if shape.name:
        columns[shape.name] = np.bincount(groups, weights=pairs.inside, minlength=count) / shape.metres
    for statistic in measures.statistics:
        values = features.numbers(statistic.field)[pairs.feature]
        columns[statistic.name] = calculate_statistic(statistic.statistic, values, pairs.share, groups, count)
    columns[COUNTS[features.geometry_type]] = np.bincount(groups, minlength=count)
    return columns
