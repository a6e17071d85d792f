"""Summaries by the values of a field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.pairs import Pairs
from gpserverless.analysis.summary import Measures, summarize_features
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import Field as AttributeField

JOIN = "Join_ID"
"""Column of the polygon's number, from 1, in the polygons and in the table."""


@dataclass(frozen=True)
class Groups:
    """Pairs of polygons and features, grouped by polygon and the values of one field into K rows."""

    #: The field.
    field: AttributeField
    #: Shape (K,), the value of each row.
    values: NDArray[Any]
    #: Shape (K,), index of the polygon, ascending.
    polygon: NDArray[np.int64]
    #: Shape (K,), metres, square metres or number of points inside.
    size: NDArray[np.float64]
    #: Shape (M,), the row of each pair.
    row: NDArray[np.int64]
    #: The M pairs whose value is not null.
    pairs: Pairs

    @property
    def percent(self) -> NDArray[np.float64]:
        """Share of each row in the size of its polygon's rows, shape (K,), in percent."""
        total = np.bincount(self.polygon, weights=self.size)
        return np.asarray(100 * self.size / total[self.polygon])


def group_pairs(features: FeatureSet[Any], pairs: Pairs, field: str) -> Groups:
    """Group pairs by the values of a field of the features.

    Args:
        features: The summarized features.
        pairs: The features inside each polygon.
        field: Name of the field.
    """
    described = features.field(field)
    values = features.column(field)[pairs.feature]
    known = np.array([value is not None for value in values], bool)
    pairs = Pairs(pairs.polygon[known], pairs.feature[known], pairs.inside[known], pairs.share[known])
    names, code = _encode_values(values[known])
    number = max(len(names), 1)
    keys, row = np.unique(pairs.polygon * number + code, return_inverse=True)
    size = np.bincount(row, weights=pairs.inside, minlength=len(keys)).astype(np.float64)
    return Groups(described, names[keys % number], keys // number, size, row, pairs)


def make_group_table(
    features: FeatureSet[Any],
    groups: Groups,
    measures: Measures,
    *,
    percent: bool,
) -> Table:
    """Return one row for each polygon and each value of the field inside it.

    Args:
        features: The summarized features.
        groups: Their groups.
        measures: The columns beside the count.
        percent: Whether there is a column with the share of each group.
    """
    name = groups.field.name
    table = Table().with_columns({JOIN: groups.polygon + 1, name: groups.values}, [groups.field])
    columns = summarize_features(features, groups.pairs, groups.row, len(table), measures)
    if percent:
        columns["Percent_" + _name_size(features)] = groups.percent
    return table.with_columns(columns)


def add_extremes(polygons: FeatureSet[Any], groups: Groups, *, percent: bool) -> FeatureSet[Any]:
    """Return polygons with their least and most frequent group; of equal ones the smaller value.

    Args:
        polygons: The polygons.
        groups: The groups of the features inside.
        percent: Whether the shares of the two groups are added too.
    """
    for title, size in (("Minority", groups.size), ("Majority", -groups.size)):
        order = np.lexsort((size, groups.polygon))
        found, first = np.unique(groups.polygon[order], return_index=True)
        chosen = order[first]
        column = np.full(len(polygons), None, object)
        column[found] = groups.values[chosen].tolist()
        described = AttributeField(title, groups.field.type, length=groups.field.length)
        polygons = polygons.with_columns({title: column}, [described])
        if percent:
            shares = np.full(len(polygons), np.nan)
            shares[found] = groups.percent[chosen]
            polygons = polygons.with_columns({f"{title}_Percent": shares})
    return polygons


def _name_size(features: FeatureSet[Any]) -> str:
    names = {"esriGeometryPolyline": "Length", "esriGeometryPolygon": "Area"}
    return names.get(features.geometry_type, "Count")


def _encode_values(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the distinct values in order, and the index of each value among them."""
    if values.dtype.kind != "O":
        names, code = np.unique(values, return_inverse=True)
        return names, code
    ordered = sorted(set(values.tolist()), key=lambda value: (str(type(value)), value))
    place = {value: number for number, value in enumerate(ordered)}
    named = np.empty(len(ordered), object)
    named[:] = ordered
    return named, np.array([place[value] for value in values], np.int64)
