"""Features, tables and rows to CSV (RFC 4180), in UTF-8 with a byte order mark, by which Excel knows it.

Texts are written as they are: nothing is put in front of those that a spreadsheet takes for formulas, since
programs read these files too. `formats.files.csv`, whose warnings reach the caller, writes an apostrophe.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.attribute_values import write_text
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import distinguish_names
from gpserverless.formats.csv_cells import write_column, write_shapes
from gpserverless.geometry.coordinate_arrays import round_shapes
from gpserverless.values.resolution import GEOGRAPHIC_DECIMALS, ORDINATE_DECIMALS
from gpserverless.values.spatial_reference import WGS84

DEGREES = ("longitude", "latitude")
"""Names of the columns of points on WGS 84."""


def encode_csv(features: FeatureSet[Any], *, z: bool = False, precision: int | None = None) -> bytes:
    """Encode a feature set: its shapes on WGS 84, as in GeoJSON, then every field.

    Points are columns longitude and latitude, other shapes a column of WKT. A field of such a name gets a
    number.

    Args:
        features: The features, in any spatial reference.
        z: Whether to write the z of features that have one.
        precision: Decimals of longitudes and latitudes; None for those of the resolution, 1e-9 degree.

    Raises:
        InvalidValue: The spatial reference is unknown, or a shape has no place there: CSV could not say so.
    """
    if features.spatial_reference is None and len(features):
        raise InvalidValue("the spatial reference of the features is not known", "features that say theirs")
    warnings: list[str] = []
    shapes = features.project(WGS84, warn=warnings.append).cut_at_antimeridian().geometries
    if warnings:
        raise InvalidValue(f"csv cannot hold this warning: {' '.join(warnings)}", "geojson, which can")
    has_z = z and features.has_z
    if not has_z:
        shapes = np.asarray(shapely.force_2d(shapes))
    decimals = GEOGRAPHIC_DECIMALS if precision is None else precision
    shapes = round_shapes(shapes, decimals, ORDINATE_DECIMALS)
    names, cells = write_shapes(shapes, features.geometry_type, DEGREES, z=has_z)
    names += distinguish_names([field.name for field in features.fields], names)
    cells += [write_column(field, features.columns[field.name]) for field in features.fields]
    return _write(names, zip(*cells, strict=True))


def encode_table_csv(table: Table) -> bytes:
    """Encode the fields of a table.

    Args:
        table: The table.
    """
    cells = [write_column(field, table.columns[field.name]) for field in table.fields]
    return _write([field.name for field in table.fields], zip(*cells, strict=True))


def encode_rows_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Encode rows of JSON values.

    Args:
        names: Names of the columns.
        rows: The cells of each row, in the order of the columns.
    """
    return _write(names, (list(map(_write_cell, row)) for row in rows))


def _write_cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else write_text(value)


def _write(names: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(names)
    lines.writerows(rows)
    return codecs.BOM_UTF8 + text.getvalue().encode("utf-8", "replace")
