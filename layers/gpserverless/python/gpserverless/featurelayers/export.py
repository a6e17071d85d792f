"""A layer's rows written to a GeoPackage or FlatGeobuf, batch by batch."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import TooLarge
from gpserverless.featurelayers.layer_file import LayerFile, RowNumbers
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.rows import Rows
from gpserverless.formats.files.file_formats import FileFormat
from gpserverless.formats.files.write_batches import RowBatches, write_batches
from gpserverless.values.spatial_reference import SpatialReference

BATCH_BYTES = 32_000_000
"""About how many bytes of a layer's file are a batch, which takes six times as many of memory."""

logger = logging.getLogger(__name__)

_MOST_ROWS = 262_144
_UNSAFE = re.compile(r"[^A-Za-z0-9_]+")
_LONGEST_TITLE = 60


def export_layer(layer: LayerFile, path: Path, target: FileFormat) -> None:
    """Write all rows of a layer into a file, whose description tells of every loss.

    Args:
        layer: The layer; its deadline ends the writing between two batches.
        path: Place of the file.
        target: GeoPackage, or FlatGeobuf for features.

    Raises:
        InvalidValue: GDAL does not write them.
        RequestError: The time is over.
        TooLarge: A shape has more bytes than there is memory for.
    """
    manifest = layer.manifest
    reference = SpatialReference.from_optional_json(manifest.spatial_reference)
    every = np.arange(manifest.count)
    rows = RowBatches(
        layer.fields,
        lambda field: layer.read_column(field, every),
        lambda: _read_batches(layer, _order_rows(layer, target)),
        manifest.object_id_field,
        manifest.geometry_type,
        manifest.has_z,
        manifest.has_m,
        bool(np.isnan(layer.read_bounds(every)).any()) if not manifest.is_table else False,
        reference,
    )
    title = _UNSAFE.sub("_", manifest.name[:_LONGEST_TITLE]).strip("_") or "layer"
    write_batches(rows, path, title, target, _log_loss)


def _log_loss(text: str) -> None:
    logger.info("loss in a file", extra={"loss": text})


def _order_rows(layer: LayerFile, target: FileFormat) -> RowNumbers:
    """Return the rows in the order in which they are written fastest.

    A table of SQLite grows at its end, so its key has to ascend. FlatGeobuf sorts its features itself, and a
    layer's file is read fastest from its beginning to its end.
    """
    every = np.arange(layer.manifest.count)
    return layer.read_order(every) if target.layered else every


def _read_batches(layer: LayerFile, rows: RowNumbers) -> Iterator[Rows]:
    weight = layer.manifest.size / max(1, len(rows))
    size, begin = max(1, min(_MOST_ROWS, int(BATCH_BYTES / max(1.0, weight)))), 0
    while begin < len(rows):
        layer.check()
        some = rows[begin : begin + size]
        try:
            shapes = None if layer.manifest.is_table else layer.read_shapes(some)
        except TooLarge:  # they are larger than others
            if len(some) == 1:
                raise
            size = len(some) // 2
            continue
        begin += size
        yield _make_rows(layer, some, shapes)


def _make_rows(layer: LayerFile, rows: RowNumbers, shapes: NDArray[np.object_] | None) -> Rows:
    columns = {field.name: layer.read_column(field, rows) for field in layer.fields}
    if shapes is None:
        return Table(layer.fields, columns)
    manifest = layer.manifest
    return FeatureSet(
        layer.fields,
        columns,
        shapes,
        None,  # no shape is converted
        manifest.geometry_type,
        manifest.has_z,
        manifest.has_m,
    )
