"""Answers to queries, before they are written in a format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.featurelayers.find_rows import find_finite
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import Extent
from gpserverless.featurelayers.query import PageQuery, SummaryQuery
from gpserverless.featurelayers.select import (
    Page,
    count_rows,
    find_extent,
    list_bounds,
    select_ids,
    select_page,
)
from gpserverless.featurelayers.statistics import MAX_GROUPS, count_distinct, select_distinct, summarize
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.protocols.featureserver.extents import lies_beyond, project_bounds, project_extent
from gpserverless.protocols.featureserver.read_filter import check_filter
from gpserverless.protocols.featureserver.read_query import Query, Shaping
from gpserverless.protocols.featureserver.simplify import simplify_shapes
from gpserverless.values.spatial_reference import SpatialReference


@dataclass(frozen=True)
class CountAnswer:
    """A number of rows."""

    count: int


@dataclass(frozen=True)
class IdsAnswer:
    """All object ids, and the name of their field."""

    field: str
    ids: NDArray[np.int64]


@dataclass(frozen=True)
class ExtentAnswer:
    """An extent, None for that of nothing; its reference; the number of rows, None if it is not wanted."""

    extent: Extent | None
    reference: SpatialReference | None
    count: int | None


@dataclass(frozen=True)
class RowsAnswer:
    """Rows: features, rows of a table, figures or different values.

    Attributes:
        rows: The rows; shapes are in the reference of the answer, and simplified.
        exceeded: Whether there are more.
        object_id_field: Name of the field of object ids, "" if a row stands for several.
        geometry_type: Esri name of the type of the layer, "" if rows have no shapes by nature.
        shaping: How shapes are written.
        warnings: Sentences about shapes that have no place in the reference, or not all of one.
    """

    rows: FeatureSet[Any] | Table
    exceeded: bool
    object_id_field: str
    geometry_type: str
    shaping: Shaping
    warnings: tuple[str, ...] = ()


Answer = CountAnswer | IdsAnswer | ExtentAnswer | RowsAnswer


def answer_query(layer: LayerFile, query: Query) -> Answer:
    """Return the answer to a query.

    Args:
        layer: The layer.
        query: The query.

    Raises:
        InvalidParameter: A condition is wrong, or there are too many groups.
        RequestError: The time is over.
    """
    check_filter(layer, query.filter)
    match query.kind:
        case "count":
            return CountAnswer(count_rows(layer, query.filter))
        case "ids":
            ids = select_ids(layer, query.filter, query.order_by)
            return IdsAnswer(layer.manifest.object_id_field, ids)
        case "extent":
            return _find_extent(layer, query)
        case "statistics" | "distinct":
            return _answer_groups(layer, query)
    return _answer_features(layer, query)


def _answer_features(layer: LayerFile, query: Query) -> RowsAnswer:
    manifest = layer.manifest
    wanted = PageQuery(
        query.filter, query.fields, query.order_by, query.offset, query.limit, query.with_geometry
    )
    page = select_page(layer, wanted)
    rows = page.rows
    if page.exceeded and not query.keeps_part:
        rows = rows.take([])
    warnings: list[str] = []
    if isinstance(rows, FeatureSet):
        rows = _shape_rows(rows, query.shaping, warnings.append)
    return RowsAnswer(
        rows, page.exceeded, manifest.object_id_field, manifest.geometry_type, query.shaping, tuple(warnings)
    )


def _shape_rows(rows: FeatureSet[Any], shaping: Shaping, warn: Callable[[str], None]) -> FeatureSet[Any]:
    """Return features in the reference of the answer, simplified as it asks."""
    rows = _drop_placeless(rows, warn)
    if shaping.reference is not None:
        rows = rows.project(shaping.reference, warn=warn)
    if shaping.tolerance:
        shapes = simplify_shapes(rows.geometries, rows.geometry_type, shaping.tolerance)
        rows = replace(rows, geometries=shapes)
    return rows


def _drop_placeless(rows: FeatureSet[Any], warn: Callable[[str], None]) -> FeatureSet[Any]:
    """Return features without the shapes that have a vertex which is nowhere: no format can hold it."""
    has_place = find_finite(rows.geometries)
    if has_place.all():
        return rows
    shapes = rows.geometries.copy()
    shapes[~has_place] = None
    warn(f"Shapes with coordinates that are not finite are null: {(~has_place).sum():,}.")
    return rows.with_geometries(shapes)


def _answer_groups(layer: LayerFile, query: Query) -> RowsAnswer | CountAnswer:
    """Answer figures or different values; a count is that of these rows."""
    is_summary = query.kind == "statistics"
    try:
        if query.with_count and not is_summary:
            return CountAnswer(_count(layer, query))
        page = _select_groups(layer, query, is_summary=is_summary)
    except InvalidValue as error:
        name = "outFields" if not is_summary else "having" if query.having else "outStatistics"
        raise InvalidParameter(name, error.problem, error.accepted) from None
    if query.with_count:
        return CountAnswer(len(page.rows))
    return RowsAnswer(page.rows, page.exceeded, "", "", Shaping())


def _select_groups(layer: LayerFile, query: Query, *, is_summary: bool) -> Page:
    if not is_summary:
        return select_distinct(
            layer,
            PageQuery(query.filter, query.fields, query.order_by, query.offset, query.limit),
        )
    offset, limit = (0, MAX_GROUPS) if query.with_count else (query.offset, query.limit)
    return summarize(
        layer,
        SummaryQuery(
            query.filter, query.statistics, query.groups, query.having, query.order_by, offset, limit
        ),
    )


def _find_extent(layer: LayerFile, query: Query) -> ExtentAnswer:
    manifest = layer.manifest
    extent = find_extent(layer, query.filter)
    own, reference = SpatialReference.from_optional_json(manifest.spatial_reference), query.shaping.reference
    if extent is not None and own is not None and reference is not None and own != reference:
        if lies_beyond(np.array([extent]), own).any():
            bounds = list_bounds(layer, query.filter)
            extent = project_bounds(bounds, manifest.geometry_type, own, reference)
        else:
            extent = project_extent(extent, own, reference)
    count = _count(layer, query) if query.with_count else None
    return ExtentAnswer(extent, reference, count)


def _count(layer: LayerFile, query: Query) -> int:
    if query.is_distinct:
        return count_distinct(layer, query.filter, query.fields)
    return count_rows(layer, query.filter)
