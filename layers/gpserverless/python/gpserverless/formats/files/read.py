"""Feature sets read from files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import OID, Field
from gpserverless.features.rows import Column
from gpserverless.formats.files.csv import read_csv
from gpserverless.formats.files.gdal import load_pyogrio, relay_gdal_messages
from gpserverless.formats.files.kml import prepare_sources, tell_latitudes
from gpserverless.formats.files.kml_fields import name_columns
from gpserverless.formats.files.read_columns import mark_object_id, read_column
from gpserverless.formats.files.shapes import decode_shapes, tidy_shapes, unify_geometry_type
from gpserverless.formats.files.sources import Source, find_sources
from gpserverless.formats.files.warn import Warn, ignore_warning
from gpserverless.formats.references import read_reference

MOST_FEATURES = 1_000_000
_EXACT_IN_DOUBLE = 2**53


def read_features(
    path: os.PathLike[str],
    layer: str | None = None,
    *,
    warn: Warn | None = None,
    maximum: int = MOST_FEATURES,
) -> FeatureSet[Any]:
    """Read one layer of a file, in the vector worker.

    Args:
        path: A shapefile or file geodatabase in a zip, a GeoPackage, GeoJSON, CSV, KML or FlatGeobuf file;
            its extension tells the format, and its content is checked.
        layer: Name of the layer, if there are several.
        warn: Takes a sentence about every loss, such as `run.warn`.
        maximum: Most features of the layer.

    Raises:
        InvalidValue: The file is of another format or damaged, there is no such layer, or it has too many
            features.
        AuthoringError: The service has another worker.
    """
    warn = warn or ignore_warning
    source, name = _choose_layer(prepare_sources(find_sources(Path(path)), warn), layer)
    if source.format.name == "CSV":
        features = read_csv(source.path, warn=warn, maximum=maximum)
    else:
        features = _read_with_gdal(source, name, warn, maximum)
    if len(features) > maximum:
        raise InvalidValue(f"the file holds more than {maximum:,} features", f"at most {maximum:,} features")
    return features


def _choose_layer(sources: list[Source], layer: str | None) -> tuple[Source, str | None]:
    """Return the data set and the layer of a name, or without a name the only layer; raise for several."""
    layers = [(source, name) for source in sources for name in _list_layers(source)]
    wanted = [(s, n) for s, n in layers if layer is None or n.lower() == layer.lower()]
    if len(wanted) == 1:
        return wanted[0]
    known = ", ".join(name for _, name in layers[:20])
    problem = "the file has several layers" if layer is None else f"the file has no layer '{layer[:60]}'"
    raise InvalidValue(problem if layers else "the file has no layer with features", f"one of: {known}")


def _list_layers(source: Source) -> list[str]:
    """Return the names of the layers with geometry."""
    if source.format.name == "CSV":
        return [source.path.stem]
    load_pyogrio()
    from pyogrio import list_layers

    with relay_gdal_messages("be opened", None):
        return [str(name) for name, kind in list_layers(source.path) if kind is not None]


def _read_with_gdal(source: Source, layer: str | None, warn: Warn, maximum: int) -> FeatureSet[Any]:
    with relay_gdal_messages("be read", warn):
        meta, ids, shapes, values = load_pyogrio().read(
            source.path, layer=layer, return_fids=True, datetime_as_string=True, max_features=maximum + 1
        )
        fields, columns = _read_columns(source, layer, meta, values)
    if source.format.name == "File Geodatabase" and "OBJECTID" not in columns:
        fields, columns = (Field("OBJECTID", OID), *fields), {"OBJECTID": ids.astype(np.int64), **columns}
    reference = read_reference(meta["crs"], warn)
    geometries, kind = unify_geometry_type(
        tidy_shapes(decode_shapes(shapes, warn), warn), meta["geometry_type"]
    )
    if source.format.name == "KML" and not shapely.get_coordinates(geometries, include_z=True)[:, 2:].any():
        geometries = np.asarray(shapely.force_2d(geometries))  # every coordinate of KML comes with a height
    if source.format.name == "KML":
        tell_latitudes(geometries, warn)
    made: FeatureSet[Any] = FeatureSet(fields, columns, geometries=geometries, spatial_reference=reference)
    return made.with_geometries(geometries, kind)


def _read_columns(
    source: Source, layer: str | None, meta: dict[str, Any], values: list[NDArray[Any]]
) -> tuple[tuple[Field, ...], dict[str, Column]]:
    fields, columns = [], {}
    kml = source.format.name == "KML"
    titles = name_columns(meta["fields"], values) if kml else meta["fields"]
    described = zip(meta["fields"], titles, meta["ogr_types"], meta["ogr_subtypes"], values, strict=True)
    for name, title, kind, subtype, column in described:
        if title is None:
            continue
        rounded = kind == "OFTInteger64" and column.dtype.kind == "f"
        if rounded and (np.abs(column) >= _EXACT_IN_DOUBLE).any():
            exact = _read_exact_integers(source, layer, name, len(column))
        else:
            exact = column
        field, columns[title] = read_column(title, exact, kind, subtype, source.format)
        fields.append(field)
    return mark_object_id(fields, columns), columns


def _read_exact_integers(source: Source, layer: str | None, name: str, rows: int) -> Column:
    """Read integers again without the nulls: beside a null they came as floats, which lose digits."""
    quoted = name.replace('"', '""')
    asked = {"layer": layer, "read_geometry": False, "return_fids": True}
    _, every, _, _ = load_pyogrio().read(source.path, columns=[], max_features=rows, **asked)
    _, given, _, (values,) = load_pyogrio().read(
        source.path, columns=[name], where=f'"{quoted}" IS NOT NULL', **asked
    )
    exact = dict(zip(given.tolist(), values.tolist(), strict=True))
    column = np.empty(rows, object)
    column[:] = [exact.get(row) for row in every.tolist()]
    return column
