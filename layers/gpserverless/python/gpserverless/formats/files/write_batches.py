"""Rows written to GeoPackage and FlatGeobuf batch by batch, so that no more than a batch is in memory."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import Field, find_free_name
from gpserverless.features.rows import Rows
from gpserverless.formats.files.arrow_stream import (
    ArrowBatch,
    ArrowField,
    ArrowStream,
    Buffers,
    pack_bytes,
    pack_numbers,
)
from gpserverless.formats.files.file_formats import FileFormat
from gpserverless.formats.files.gdal import load_pyogrio, relay_gdal_messages
from gpserverless.formats.files.warn import Warn
from gpserverless.formats.files.write_columns import (
    DAY,
    MOMENT,
    TEXT,
    ColumnForm,
    FindColumn,
    choose_forms,
    encode_column,
)
from gpserverless.formats.files.write_shapes import encode_shapes, name_kind
from gpserverless.formats.references import encode_reference
from gpserverless.values.spatial_reference import SpatialReference

BATCH_ROWS = 65_536
"""Rows of a batch of a feature set."""

_SHAPES, _TEXTS = "Z", "U"
_RESERVED = ("gpkg", "sqlite_")
_FORMATS = {
    np.dtype(np.int16): "s",
    np.dtype(np.int32): "i",
    np.dtype(np.int64): "l",
    np.dtype(np.float32): "f",
    np.dtype(np.float64): "g",
    MOMENT: "tsm:UTC",
    DAY: "tdD",
    TEXT: _TEXTS,
}
"""Types of Arrow (arrow.apache.org/docs/format/CDataInterface.html, format strings)."""


@dataclass(frozen=True)
class RowBatches:
    """Features or rows of a table that are read batch by batch.

    Attributes:
        fields: The columns.
        find_column: Returns all values of a column.
        batches: Yields all rows: feature sets, or tables.
        key: Name of the field whose unique numbers, 0 or more, can be a primary key; "" for none.
        geometry_type: Esri name of the type of the shapes, "" for a table.
        has_z: Whether they have heights.
        has_m: Whether they have measures.
        has_gaps: Whether a row has no shape, or an empty one.
        spatial_reference: Their spatial reference, None if it is not known.
    """

    fields: Sequence[Field]
    find_column: FindColumn
    batches: Callable[[], Iterator[Rows]]
    key: str = ""
    geometry_type: str = ""
    has_z: bool = False
    has_m: bool = False
    has_gaps: bool = False
    spatial_reference: SpatialReference | None = None


def cut_batches(features: FeatureSet[Any]) -> RowBatches:
    """Return features cut in batches.

    Args:
        features: The features.
    """
    return RowBatches(
        features.fields,
        lambda field: features.columns[field.name],
        lambda: _cut(features),
        _find_key(features),
        features.geometry_type,
        features.has_z,
        features.has_m,
        bool(np.isnan(shapely.bounds(features.geometries)).any()),
        features.spatial_reference,
    )


def _cut(features: FeatureSet[Any]) -> Iterator[Rows]:
    count = len(features)
    if count <= BATCH_ROWS:
        yield features
        return
    for begin in range(0, count, BATCH_ROWS):
        yield features.take(np.arange(begin, min(begin + BATCH_ROWS, count)))


def tell_losses(has_m: bool, reference: SpatialReference | None, target: FileFormat, warn: Warn) -> None:
    """Warn of each loss of shapes of features in a format.

    Args:
        has_m: Whether they have measures.
        reference: Their spatial reference, None if it is not known.
        target: The format.
        warn: Takes a sentence about every loss.
    """
    if has_m and not target.measured:
        warn(f"Measures are not written to {target.name}.")
    if reference is None and not target.geographic:
        warn("The spatial reference of the features is not known; the file names none.")


def name_layer(title: str, target: FileFormat) -> str:
    """Return the name of a layer in a file: some beginnings are those of a GeoPackage's own tables.

    Args:
        title: The name that is wanted.
        target: The format.
    """
    is_reserved = target.name == "GeoPackage" and title.lower().startswith(_RESERVED)
    return f"layer_{title}" if is_reserved else title


def write_batches(rows: RowBatches, path: Path, title: str, target: FileFormat, warn: Warn) -> None:
    """Write rows into a file, whose description tells of every loss.

    Args:
        rows: The rows.
        path: Place of the file.
        title: Name of the layer in it.
        target: GeoPackage or FlatGeobuf.
        warn: Takes a sentence about every loss.

    Raises:
        InvalidValue: GDAL does not write them.
        OSError: The disk is full.
    """
    losses: list[str] = []
    if rows.geometry_type:
        tell_losses(rows.has_m, rows.spatial_reference, target, losses.append)
    forms = choose_forms(rows.fields, rows.find_column, target, losses.append)
    for loss in losses:
        warn(loss)
    shape_name = find_free_name("geom", [form.name for form in forms]) if rows.geometry_type else None
    with_m = rows.has_m and target.measured
    layer = name_layer(title, target)
    with relay_gdal_messages("be written", warn):
        _write_stream(
            _make_stream(rows, forms, shape_name, target),
            path,
            layer=layer,
            driver=target.driver,
            geometry_name=shape_name,
            geometry_type=_choose_kind(rows, with_m),
            crs=encode_reference(rows.spatial_reference),
            layer_options=_choose_options(rows, target, forms, losses),
        )
    if target.name == "GeoPackage" and shape_name:
        _require_index(path, layer, shape_name)
    if with_m:
        _declare_measures(path, rows)


def _make_stream(
    rows: RowBatches, forms: Sequence[ColumnForm], shape_name: str | None, target: FileFormat
) -> ArrowStream:
    fields = [ArrowField(form.name, _FORMATS[form.dtype]) for form in forms]
    if shape_name:
        fields.append(ArrowField(shape_name, _SHAPES))
    with_m = rows.has_m and target.measured
    needs_z = rows.has_z and not target.layered  # GDAL's FlatGeobuf holds one kind of shapes
    made = (_make_batch(each, forms, with_m=with_m, needs_z=needs_z) for each in rows.batches())
    return ArrowStream(fields, made)


def _write_stream(stream: ArrowStream, path: Path, **options: Any) -> None:
    """Have GDAL write batches; raise the error of a batch instead of that of GDAL, which hides it."""
    try:
        load_pyogrio().write_arrow(stream, path, **options)
    except Exception:
        if stream.problem is not None:
            raise stream.problem from None
        raise


def _choose_kind(rows: RowBatches, with_m: bool) -> str | None:
    """Return the kind of shapes; pyogrio knows none with measures, but writes them where any kind may be."""
    if not rows.geometry_type:
        return None
    return "Unknown" if with_m else name_kind(rows.geometry_type, rows.has_z)


def _require_index(path: Path, layer: str, shape_name: str) -> None:
    """Raise unless a layer of a GeoPackage has its index: GDAL makes it last, and not on a full disk."""
    name = f"rtree_{layer}_{shape_name}"
    with closing(sqlite3.connect(path)) as database:
        if database.execute("select 1 from sqlite_master where name = ?", (name,)).fetchone() is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path.name)


def _declare_measures(path: Path, rows: RowBatches) -> None:
    """Name the kind of shapes with measures in a GeoPackage (OGC 12-128r18, table 5)."""
    kind = name_kind(rows.geometry_type, has_z=False).upper()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "update gpkg_geometry_columns set geometry_type_name = ?, z = ?, m = 1", (kind, int(rows.has_z))
        )


def _make_batch(rows: Rows, forms: Sequence[ColumnForm], *, with_m: bool, needs_z: bool) -> ArrowBatch:
    columns = [_pack_column(form, rows) for form in forms]
    if isinstance(rows, FeatureSet):
        shapes = encode_shapes(rows, as_multi=True, with_m=with_m)
        if needs_z:
            _require_heights(rows.geometries)
            shapes[shapely.is_empty(rows.geometries)] = None  # one without vertices has no height
        columns.append(pack_bytes(shapes.tolist()))
    return ArrowBatch(len(rows), columns)


def _require_heights(shapes: Any) -> None:
    """Raise unless every shape has a height; GDAL would write 0 for one, or refuse it in its own words."""
    flat = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes) | shapely.has_z(shapes))
    if flat.any():
        raise InvalidValue(
            "some shapes have no height, and FlatGeobuf needs one of each beside others that have one",
            "a GeoPackage",
        )


def _pack_column(form: ColumnForm, rows: Rows) -> Buffers:
    array, mask = encode_column(form, rows.columns[form.field.name])
    if array.dtype == TEXT:
        return pack_bytes([None if text is None else text.encode() for text in array.tolist()])
    if array.dtype.kind == "M":
        counted = array.astype(np.int64).astype(np.int32 if array.dtype == DAY else np.int64)
        return pack_numbers(counted, np.isnat(array))
    return pack_numbers(array, np.isnan(array) if array.dtype.kind == "f" else mask)


def _choose_options(
    rows: RowBatches, target: FileFormat, forms: Sequence[ColumnForm], losses: Sequence[str]
) -> dict[str, str]:
    options = {"DESCRIPTION": " ".join(losses)} if losses else {}
    names = [form.name for form in forms]
    if target.name == "GeoPackage":
        key = next((form.name for form in forms if form.field.name == rows.key), "")  # it may be renamed
        options["FID"] = key or find_free_name("fid", names)
    if target.name == "GeoPackage" and rows.geometry_type:
        options["GEOMETRY_NAME"] = find_free_name("geom", names)
    if target.name == "FlatGeobuf" and rows.has_gaps:
        options["SPATIAL_INDEX"] = "NO"  # its index cannot hold null shapes
    return options


def _find_key(features: FeatureSet[Any]) -> str:
    """Return the field of object ids that can be the primary key of a table, "" if there is none."""
    field = features.object_id_field
    if field is None or features.columns[field.name].dtype.kind != "i":
        return ""
    ids = features.columns[field.name]
    return field.name if (ids >= 0).all() and len(np.unique(ids)) == len(ids) else ""
