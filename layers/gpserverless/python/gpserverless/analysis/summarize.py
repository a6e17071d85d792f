"""Summaries of pairs of polygons and features, by polygon and by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely import Polygon

from gpserverless.analysis.field_statistics import FieldStatistic
from gpserverless.analysis.groups import JOIN, add_extremes, group_pairs, make_group_table
from gpserverless.analysis.pairs import Pairs
from gpserverless.analysis.summary import Measures, ShapeSum, choose_shape_sum, summarize_features
from gpserverless.errors import ToolError
from gpserverless.features.feature_set import FeatureSet, Table


@dataclass(frozen=True)
class SummaryStyle:
    """The columns and rows of a summary.

    Attributes:
        keep_all: Whether polygons without anything inside are kept.
        statistics: Statistics of fields.
        sum_shape: Whether lengths or areas are added up.
        shape_unit: Unit of these sums; None for kilometres.
        group_field: Name of the field whose values are summarized apart; None for none.
        extremes: Whether each polygon gets its least and most frequent group.
        percent: Whether the shares of the groups are told.
    """

    keep_all: bool
    statistics: Sequence[FieldStatistic]
    sum_shape: bool = False
    shape_unit: str | None = None
    group_field: str | None = None
    extremes: bool = False
    percent: bool = False

    def check(self, extremes: str, percent: str, group: str) -> None:
        """Raise if columns of groups are wanted without groups.

        Args:
            extremes: Name of the parameter of `extremes`.
            percent: Name of the parameter of `percent`.
            group: Name of the parameter of `group_field`.

        Raises:
            ToolError: There is no field of groups.
        """
        if self.group_field is None and (self.extremes or self.percent):
            raise ToolError(f"{extremes} and {percent} need {group}.")


def summarize(
    polygons: FeatureSet[Polygon], features: FeatureSet[Any], pairs: Pairs, style: SummaryStyle
) -> tuple[FeatureSet[Polygon], Table | None]:
    """Return polygons with their summaries, and the table of groups, if there are any.

    Args:
        polygons: The polygons.
        features: The summarized features.
        pairs: The features inside each polygon.
        style: The columns and rows.
    """
    shape = choose_shape_sum(features, style.shape_unit) if style.sum_shape else ShapeSum()
    measures = Measures(style.statistics, shape)
    columns = summarize_features(features, pairs, pairs.polygon, len(polygons), measures)
    result = polygons.with_columns(columns)
    keep = np.ones(len(polygons), bool)
    if not style.keep_all:
        keep = np.bincount(pairs.polygon, minlength=len(polygons)) > 0
    if style.group_field is None:
        return result.take(keep), None
    result = result.with_columns({JOIN: np.arange(1, len(polygons) + 1)})
    groups = group_pairs(features, pairs, style.group_field)
    if style.extremes:
        result = add_extremes(result, groups, percent=style.percent)
    table = make_group_table(features, groups, measures, percent=style.percent)
    return result.take(keep), table
