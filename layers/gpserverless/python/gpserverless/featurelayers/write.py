"""A layer's file, written from the rows of a result."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from gpserverless.featurelayers.layer_time import find_time
from gpserverless.featurelayers.layout import (
    BOUNDS,
    CHUNK_ROWS,
    FIRST,
    ORDER,
    PAGE_BYTES,
    SCHEMA,
    VERSION,
    encode_numbers,
    encode_objects,
    make_keys,
    normalize_column,
)
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.ordinate_gaps import has_ordinate_gaps
from gpserverless.featurelayers.page_size import choose_page_size, weigh_shapes
from gpserverless.featurelayers.spatial_order import bound_chunks, find_bounds, order_rows
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import BIG_INTEGER, OID, Field
from gpserverless.features.rows import Column
from gpserverless.formats.esri_json.encode import ensure_object_ids

_SHAPES_AT_ONCE = 20 * CHUNK_ROWS

CheckCancelled = Callable[[], None]


@dataclass(frozen=True)
class LayerProperties:
    """The facts about a layer beside its rows.

    Attributes:
        renderer: How it is drawn, as Esri JSON; {} for the default of its geometry type.
        time_fields: Names of the fields of dates at which rows start, and perhaps end; none for the only
            field of dates, if there is one.
    """

    renderer: Mapping[str, Any] = field(default_factory=dict)
    time_fields: Sequence[str] = ()


@dataclass(frozen=True)
class _Rows:
    """The rows in the order of the file.

    Attributes:
        fields: The object id first.
        columns: The values by name.
        shapes: None for a table.
        bounds: Shape (N, 4).
        by_id: The rows in the order of their object ids.
    """

    fields: tuple[Field, ...]
    columns: Mapping[str, Column]
    shapes: NDArray[np.object_] | None
    bounds: NDArray[np.float64]
    by_id: NDArray[np.int64]


def write_layer(
    rows: FeatureSet[Any] | Table,
    path: Path,
    name: str,
    properties: LayerProperties | None = None,
    check_cancelled: CheckCancelled = lambda: None,
) -> LayerManifest:
    """Write rows as a layer's file, and return its description.

    Object ids are kept if they are different positive integers. Else the rows are numbered from 1.

    Args:
        rows: The features, or the rows of a table.
        path: Place of the file; one that is there is replaced.
        name: Label of the layer.
        properties: The facts about it beside its rows.
        check_cancelled: Called between blocks of rows.

    Raises:
        InvalidValue: There is no field of dates that is declared as its time.
        OSError: The disk is full.
    """
    sorted_rows = _sort_rows(rows)
    manifest = _describe(rows, sorted_rows, name, properties or LayerProperties())
    with _make_database(path) as database:
        weights = _write_columns(database, sorted_rows, check_cancelled)
        weights += _write_shapes(database, sorted_rows.shapes, check_cancelled)
        size = choose_page_size(weights[sorted_rows.by_id])
        manifest = replace(manifest, max_record_count=size)
        _write_meta(database, manifest, sorted_rows)
    return replace(manifest, size=path.stat().st_size)


@contextmanager
def _make_database(path: Path) -> Iterator[sqlite3.Connection]:
    """Make an empty file that is written in one transaction.

    Raises:
        OSError: The disk is full.
    """
    path.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            for setting in (f"page_size = {PAGE_BYTES}", "journal_mode = off", "synchronous = off"):
                database.execute(f"pragma {setting}")
            database.executescript(SCHEMA)
            database.execute("begin")
            yield database
            database.execute("commit")
    except sqlite3.OperationalError as problem:
        if getattr(problem, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from problem
        raise


def _sort_rows(rows: FeatureSet[Any] | Table) -> _Rows:
    fields, columns = _number_rows(rows)
    ids = columns[fields[0].name]
    by_id = np.argsort(ids, kind="stable")
    if isinstance(rows, Table):
        order, shapes, bounds = by_id, None, np.empty((len(ids), 4))
    else:
        bounds = shapely.bounds(rows.geometries).reshape(-1, 4)
        bounds[~np.isfinite(bounds).all(axis=1)] = np.nan  # a shape without a place
        order = order_rows(bounds, by_id)
        shapes, bounds = rows.geometries[order], bounds[order]
    columns = {each.name: columns[each.name][order] for each in fields}
    return _Rows(fields, columns, shapes, bounds, np.argsort(columns[fields[0].name], kind="stable"))


def _number_rows(rows: FeatureSet[Any] | Table) -> tuple[tuple[Field, ...], dict[str, Column]]:
    """Return fields, the only object id first, and columns; ids are different positive integers."""
    fields, columns = ensure_object_ids(rows)
    key = next(each for each in fields if each.type == OID)
    ids = columns[key.name]
    ascending = np.sort(ids)
    if len(ids) and (ascending[0] < 1 or (np.diff(ascending) == 0).any()):
        columns[key.name] = np.arange(1, len(ids) + 1)
    others = [each for each in fields if each is not key]
    plain = [replace(each, type=BIG_INTEGER) if each.type == OID else each for each in others]
    return (key, *plain), columns


def _describe(
    rows: FeatureSet[Any] | Table, sorted_rows: _Rows, name: str, properties: LayerProperties
) -> LayerManifest:
    fields = sorted_rows.fields
    manifest = LayerManifest(
        name,
        "",
        None,
        tuple(each.to_json() for each in fields),
        fields[0].name,
        len(sorted_rows.by_id),
        time=find_time(fields, sorted_rows.columns, properties.time_fields),
    )
    if isinstance(rows, Table):
        return manifest
    reference = rows.spatial_reference
    return replace(
        manifest,
        geometry_type=rows.geometry_type,
        spatial_reference=None if reference is None else reference.to_json(),
        extent=find_bounds(sorted_rows.bounds),
        has_z=rows.has_z,
        has_m=rows.has_m,
        renderer=properties.renderer,
        has_gaps=has_ordinate_gaps(rows.geometries, has_z=rows.has_z, has_m=rows.has_m),
    )


def _write_columns(
    database: sqlite3.Connection, rows: _Rows, check_cancelled: CheckCancelled
) -> NDArray[np.int64]:
    """Write all columns; return the size of each row in JSON."""
    sizes = np.zeros(len(rows.by_id), np.int64)
    _write_chunks(database, ORDER, (encode_numbers(some) for some in _cut(rows.by_id)))
    if rows.shapes is not None:
        _write_chunks(database, BOUNDS, (encode_numbers(some) for some in _cut(rows.bounds)))
    kinds = ["i", "b"]
    for number, each in enumerate(rows.fields, FIRST):
        check_cancelled()
        kind, column = normalize_column(rows.columns[each.name])
        kinds.append(kind)
        if kind == "o":
            pairs = [encode_objects(some) for some in _cut(column)]
            _write_chunks(database, number, (data for data, _ in pairs))
            sizes += np.concatenate([size for _, size in pairs]) if pairs else 0
        else:
            _write_chunks(database, number, (encode_numbers(some) for some in _cut(column)))
            sizes += 16
        sizes += len(each.name.encode()) + 4
    _put(database, "kinds", "".join(kinds))
    return sizes


def _cut(column: Column) -> Iterator[Column]:
    return (column[start : start + CHUNK_ROWS] for start in range(0, len(column), CHUNK_ROWS))


def _write_chunks(database: sqlite3.Connection, column: int, chunks: Iterator[bytes]) -> None:
    first = int(make_keys(column, np.array(0)))
    database.executemany("insert into c values (?, ?)", enumerate(chunks, first))


def _write_shapes(
    database: sqlite3.Connection, shapes: NDArray[np.object_] | None, check_cancelled: CheckCancelled
) -> NDArray[np.int64]:
    """Write all shapes; return the size of each in JSON."""
    if shapes is None:
        return np.zeros(1, np.int64)
    for start in range(0, len(shapes), _SHAPES_AT_ONCE):
        check_cancelled()
        some = shapely.to_wkb(shapes[start : start + _SHAPES_AT_ONCE], flavor="iso")
        database.executemany("insert into g values (?, ?)", enumerate(some.tolist(), start))
    return weigh_shapes(shapes)


def _write_meta(database: sqlite3.Connection, manifest: LayerManifest, rows: _Rows) -> None:
    ids = rows.columns[manifest.object_id_field]
    is_dense = not len(ids) or int(ids.max()) == len(ids)
    _put(database, "version", VERSION)
    _put(database, "manifest", orjson.dumps(manifest.to_document(), option=orjson.OPT_SERIALIZE_NUMPY))
    _put(database, "dense", str(int(is_dense)))
    _put(database, "chunk_bounds", encode_numbers(bound_chunks(rows.bounds)))


def _put(database: sqlite3.Connection, key: str, value: str | bytes) -> None:
    database.execute("insert into meta values (?, ?)", (key, value))
