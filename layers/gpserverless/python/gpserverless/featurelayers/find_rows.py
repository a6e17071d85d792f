"""The rows for which a filter holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue, TooLarge
from gpserverless.featurelayers.layer_file import LayerFile, RowNumbers
from gpserverless.featurelayers.layer_time import LayerTime, TimeSpan, meet_span
from gpserverless.featurelayers.layout import CHUNK_ROWS
from gpserverless.featurelayers.query import LayerFilter, SpatialFilter
from gpserverless.features.feature_set import Table
from gpserverless.features.fields import Field
from gpserverless.geometry.geometry_types import POINT

_STRIPE_ROWS = 64 * CHUNK_ROWS
_FIRST_SHAPES, _MOST_SHAPES = 64, 4 * CHUNK_ROWS
_VERTICES_AT_ONCE = 1_000_000

_PREDICATES: Mapping[str, Callable[..., Any]] = {
    "intersects": shapely.intersects,
    "contains": shapely.contains,
    "within": shapely.within,
    "crosses": shapely.crosses,
    "touches": shapely.touches,
    "overlaps": shapely.overlaps,
}


def find_rows(layer: LayerFile, wanted: LayerFilter) -> RowNumbers | None:
    """Return the rows for which a filter holds, ascending; None for all.

    Args:
        layer: The layer.
        wanted: The filter.

    Raises:
        InvalidValue: The condition is none, names no field of the layer, or compares values of two kinds.
        RequestError: The time is over.
    """
    return layer.recall_rows("filter", wanted, lambda: _find_rows(layer, wanted))


def _find_rows(layer: LayerFile, wanted: LayerFilter) -> RowNumbers | None:
    rows = None if wanted.object_ids is None else _find_ids(layer, wanted.object_ids)
    if wanted.spatial is not None:
        rows = _find_shapes(layer, wanted.spatial, rows)
    if wanted.time is not None:
        rows = _find_at_time(layer, wanted.time, rows)
    return rows if not wanted.where.strip() else _find_true(layer, wanted, rows)


def list_rows(layer: LayerFile, wanted: LayerFilter) -> RowNumbers:
    """Return the rows for which a filter holds, ascending.

    Args:
        layer: The layer.
        wanted: The filter.
    """
    rows = find_rows(layer, wanted)
    return np.arange(layer.manifest.count) if rows is None else rows


def _find_ids(layer: LayerFile, ids: tuple[int, ...]) -> RowNumbers:
    known = layer.sorted_ids
    wanted = np.unique(np.array([each for each in ids if abs(each) < 2**63], np.int64))
    places = np.searchsorted(known, wanted)
    inside = places < len(known)
    places = places[inside][known[places[inside]] == wanted[inside]]
    return np.sort(layer.read_order(places))


def _find_true(layer: LayerFile, wanted: LayerFilter, rows: RowNumbers | None) -> RowNumbers:
    """Evaluate a condition in stripes of rows, so that no column is in memory as a whole."""
    from gpserverless.features.sql.dates import bind_clock
    from gpserverless.features.sql.evaluate import evaluate
    from gpserverless.features.sql.parse import list_field_names, parse

    tree = bind_clock(parse(wanted.where), wanted.now)
    evaluate(tree, layer.schema)  # every error, even if no row is left
    named = {layer.schema.field(name).name for name in list_field_names(tree)}
    # The object id gives the table its length if the condition names no field.
    fields = tuple(f for f in layer.fields if f.name in named or f is layer.fields[0])
    found = [some[evaluate(tree, _make_table(layer, fields, some))] for some in _cut(layer, rows)]
    return np.concatenate(found) if found else np.arange(0)


def _find_at_time(layer: LayerFile, span: TimeSpan, rows: RowNumbers | None) -> RowNumbers:
    time = layer.manifest.time
    if time is None:
        raise InvalidValue(f"the layer '{layer.manifest.name}' has no time", "a query without a time")
    fields = _list_time_fields(layer, time)
    met = [some[meet_span(_make_table(layer, fields, some), time, span)] for some in _cut(layer, rows)]
    return np.concatenate(met) if met else np.arange(0)


def _list_time_fields(layer: LayerFile, time: LayerTime) -> tuple[Field, ...]:
    names = dict.fromkeys([time.start_field, *([time.end_field] if time.end_field else [])])
    return tuple(layer.schema.field(name) for name in names)


def _make_table(layer: LayerFile, fields: tuple[Field, ...], rows: RowNumbers) -> Table:
    return Table(fields, {each.name: layer.read_column(each, rows) for each in fields})


def _cut(layer: LayerFile, rows: RowNumbers | None) -> Iterator[RowNumbers]:
    count = layer.manifest.count if rows is None else len(rows)
    for start in range(0, count, _STRIPE_ROWS):
        end = min(count, start + _STRIPE_ROWS)
        layer.check()
        yield np.arange(start, end) if rows is None else rows[start:end]


def _find_shapes(layer: LayerFile, spatial: SpatialFilter, rows: RowNumbers | None) -> RowNumbers:
    if layer.manifest.is_table:
        return np.arange(0)
    found = [_find_at_place(layer, each, rows) for each in (spatial, *spatial.others)]
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found))


def _find_at_place(layer: LayerFile, spatial: SpatialFilter, rows: RowNumbers | None) -> RowNumbers:
    if not find_finite(np.array([spatial.geometry], object)).all():
        raise InvalidValue("the geometry has coordinates that are not finite", "finite numbers")
    rows, bounds = _meet_bounds(layer, np.asarray(shapely.bounds(spatial.geometry)), rows)
    if spatial.relation == "envelope_intersects":
        return rows
    is_sure = np.zeros(len(rows), bool)
    if spatial.is_box and spatial.relation == "intersects":
        is_sure = _lie_within(bounds, shapely.bounds(spatial.geometry))
        if layer.manifest.geometry_type == POINT:
            return rows
    return rows[is_sure | _relate(layer, spatial, rows, is_sure)]


def _meet_bounds(
    layer: LayerFile, box: NDArray[np.float64], rows: RowNumbers | None
) -> tuple[RowNumbers, NDArray[np.float64]]:
    """Return the rows of which the bounds meet a box, and these bounds."""
    if rows is None:
        chunks = np.flatnonzero(_meet(layer.chunk_bounds, box))
        rows = (chunks[:, None] * CHUNK_ROWS + np.arange(CHUNK_ROWS)).reshape(-1)
        rows = rows[rows < layer.manifest.count]
    else:
        rows = rows[_meet(layer.chunk_bounds, box)[rows // CHUNK_ROWS]]
    bounds = layer.read_bounds(rows)
    found = _meet(bounds, box)
    return rows[found], bounds[found]


def _meet(bounds: NDArray[np.float64], box: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether bounds meet a box; those of no shape, NaN, meet nothing."""
    west, south, east, north = box
    low = (bounds[:, 0] <= east) & (bounds[:, 1] <= north)
    return np.asarray(low & (bounds[:, 2] >= west) & (bounds[:, 3] >= south))


def _lie_within(bounds: NDArray[np.float64], box: NDArray[np.float64]) -> NDArray[np.bool_]:
    low = (bounds[:, :2] >= box[:2]).all(axis=1)
    return np.asarray(low & (bounds[:, 2:] <= box[2:]).all(axis=1))


def _relate(
    layer: LayerFile, spatial: SpatialFilter, rows: RowNumbers, is_sure: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Compare shapes one by one where their bounds do not decide."""
    found = np.zeros(len(rows), bool)
    open_rows = np.flatnonzero(~is_sure)
    predicate = _PREDICATES[spatial.relation]
    shapely.prepare(spatial.geometry)
    start, size = 0, _FIRST_SHAPES
    while start < len(open_rows):
        layer.check()
        some = open_rows[start : start + size]
        try:
            shapes = layer.read_shapes(rows[some])
        except TooLarge:  # they are larger than those before
            if len(some) == 1:
                raise
            size = len(some) // 2
            continue
        start += size
        vertices = int(shapely.get_num_coordinates(shapes).sum())
        size = max(1, min(_MOST_SHAPES, _VERTICES_AT_ONCE * len(some) // max(1, vertices)))
        has_place = find_finite(shapes)
        found[some[has_place]] = predicate(spatial.geometry, shapes[has_place])
    return found


def find_finite(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return whether x and y of all vertices of shapes are finite, shape (N,); GEOS compares no others.

    Args:
        shapes: Shape (N,), None for none.
    """
    finite = np.ones(len(shapes), bool)
    with np.errstate(invalid="ignore", over="ignore"):
        if np.isfinite(shapely.get_coordinates(shapes).sum()):
            return finite
    coordinates, owners = shapely.get_coordinates(shapes, return_index=True)
    finite[owners[~np.isfinite(coordinates).all(axis=1)]] = False
    return finite
