"""Queries on a layer, as every protocol asks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from gpserverless.featurelayers.layer_time import TimeSpan

SpatialRelation = Literal[
    "intersects", "contains", "within", "crosses", "touches", "overlaps", "envelope_intersects"
]
"""Read as "the filter's geometry *relation* the feature": a filter contains the features that lie in it."""


@dataclass(frozen=True)
class SpatialFilter:
    """A condition on shapes.

    Attributes:
        geometry: A shapely geometry in the layer's spatial reference, the search distance included.
        relation: The relation that it must have to a feature.
        is_box: Whether the geometry is an upright rectangle, so that bounds alone may decide.
        others: Conditions of which one is enough instead, such as the same place in another turn of the map.
    """

    geometry: Any
    relation: SpatialRelation = "intersects"
    is_box: bool = False
    others: tuple[SpatialFilter, ...] = ()


@dataclass(frozen=True)
class Order:
    """One key of the order of rows.

    Attributes:
        field: Declared name of the column.
        descending: Whether large values come first.
    """

    field: str
    descending: bool = False


@dataclass(frozen=True)
class LayerFilter:
    """Which rows of a layer are wanted; all conditions hold together.

    Attributes:
        where: A condition in the SQL of `features.sql`, "" for none.
        object_ids: The object ids, None for any.
        spatial: A condition on shapes, None for none.
        time: The span that the time of a row must meet, None for any; the layer has a time.
        now: The time that CURRENT_TIMESTAMP means in conditions, in milliseconds since 1970-01-01 UTC; None
            if none uses it, so that equal questions are equal.
    """

    where: str = ""
    object_ids: tuple[int, ...] | None = None
    spatial: SpatialFilter | None = None
    time: TimeSpan | None = None
    now: int | None = None


@dataclass(frozen=True)
class PageQuery:
    """A page of the rows of a layer.

    Attributes:
        filter: Which rows.
        fields: Declared names of the columns that are wanted; the object id comes in any case.
        order_by: The order; ties, and no order, are by object id.
        offset: Rows of that order that are left out at its beginning.
        limit: Most rows.
        with_geometry: Whether shapes are wanted.
    """

    filter: LayerFilter
    fields: tuple[str, ...]
    order_by: tuple[Order, ...] = ()
    offset: int = 0
    limit: int = 2000
    with_geometry: bool = True


@dataclass(frozen=True)
class Statistic:
    """One figure of a column.

    Attributes:
        type: "count", "sum", "min", "max", "avg", "stddev" or "var"; the last two of a sample (n - 1).
        field: Declared name of the column.
        name: Name of the figure in the answer.
    """

    type: str
    field: str
    name: str


@dataclass(frozen=True)
class SummaryQuery:
    """Figures of the rows of a layer, or of groups of them.

    Attributes:
        filter: Which rows.
        statistics: The figures.
        groups: Declared names of the columns whose combinations of values are the groups; nulls are a value.
        having: A condition on groups, "" for none: on columns of the answer, and on figures such as
            SUM(POP).
        order_by: The order, by columns of the answer; ties, and no order, are by the values of the groups.
        offset: Groups of that order that are left out at its beginning.
        limit: Most groups.
    """

    filter: LayerFilter
    statistics: tuple[Statistic, ...]
    groups: tuple[str, ...] = ()
    having: str = ""
    order_by: tuple[Order, ...] = ()
    offset: int = 0
    limit: int = 2000
