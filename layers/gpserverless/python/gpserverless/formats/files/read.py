"""Feature sets read from files."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import OID, Field
from gpserverless.features.rows import Column
from gpserverless.formats.files.coordinates import drop_infinite, tell_latitudes
from gpserverless.formats.files.csv import read_csv
from gpserverless.formats.files.gdal import relay_gdal_messages, restore_index
from gpserverless.formats.files.gdal_columns import GdalColumn, GdalLayer, read_layer
from gpserverless.formats.files.geojson_document import GeoJsonMembers, check_reference_of, read_members
from gpserverless.formats.files.geopackage import prepare_geopackage
from gpserverless.formats.files.kml import prepare_sources
from gpserverless.formats.files.kml_fields import name_columns
from gpserverless.formats.files.layers import list_all_layers, title_layers
from gpserverless.formats.files.read_columns import make_distinct, mark_object_id, read_column
from gpserverless.formats.files.shapefile import Shapefile, prepare_shapefile
from gpserverless.formats.files.shapes import GeometryType, settle_geometries
from gpserverless.formats.files.sources import Source, find_sources
from gpserverless.formats.files.surfaces import read_shapes
from gpserverless.formats.files.warn import Warn, ignore_warning
from gpserverless.formats.references import read_reference
from gpserverless.values.spatial_reference import SpatialReference

MOST_FEATURES = 1_000_000
_OF_ONE_LAYER = frozenset({"Shapefile", "GeoJSON", "CSV", "FlatGeobuf"})

Attributes = tuple[tuple[Field, ...], dict[str, Column]]
"""The fields of features, and the columns of their values."""


def read_features(
    path: os.PathLike[str],
    layer: str | None = None,
    *,
    warn: Warn | None = None,
    maximum: int = MOST_FEATURES,
    geometry_type: GeometryType | None = None,
) -> FeatureSet[Any]:
    """Read one layer of a file, in the vector worker.

    Args:
        path: A shapefile or file geodatabase in a zip, a GeoPackage, GeoJSON, CSV, KML or FlatGeobuf file;
            its extension tells the format, and its content is checked.
        layer: Name of the layer, if there are several.
        warn: Takes a sentence about every loss, such as `run.warn`.
        maximum: Most features of the layer.
        geometry_type: The type to read of a layer that mixes points, lines and polygons.

    Raises:
        InvalidValue: The file is of another format or damaged, there is no such layer, it has too many
            features, or it mixes geometry types and none is chosen.
        AuthoringError: The service has another worker.

    Example:
        >>> wells = FeatureSet.of([Point(10, 50)], SpatialReference(4326), {"name": ["A"]})
        >>> path = write_features(wells, "GeoPackage", "wells")
        >>> read_features(path, "wells").column("name").tolist()
        ['A']
    """
    warn = warn or ignore_warning
    sources = [_prepare(source, warn) for source in prepare_sources(find_sources(Path(path), warn), warn)]
    source, name = _choose_layer(sources, layer, warn)
    if source.format.name == "CSV":
        features, told = read_csv(source.path, warn=warn, maximum=maximum), None
    else:
        features, told = _read_with_gdal(source, name, warn, maximum)
    if len(features) > maximum:
        raise InvalidValue(f"the file holds more than {maximum:,} features", f"at most {maximum:,} features")
    return settle_geometries(features, told, geometry_type, warn)


def _prepare(source: Source, warn: Warn) -> Source:
    """Return a data set that GDAL can be trusted with, before it opens it."""
    if source.format.name == "GeoPackage":
        return replace(source, path=prepare_geopackage(source.path, warn))
    if source.format.name == "GeoJSON":
        check_reference_of(source.path)
    return source


def _choose_layer(sources: list[Source], layer: str | None, warn: Warn) -> tuple[Source, str | None]:
    """Return the data set and the layer of a title, or without a title the only layer; raise for several."""
    if len(sources) == 1 and layer is None and sources[0].format.name in _OF_ONE_LAYER:
        return sources[0], None
    layers = title_layers(list_all_layers(sources, warn))
    wanted = [each for title, each in layers if layer is None or title.lower() == layer.lower()]
    if len(wanted) == 1:
        return wanted[0]
    known = ", ".join(title for title, _ in layers[:20])
    problem = "the file has several layers" if layer is None else f"the file has no layer '{layer[:60]}'"
    raise InvalidValue(problem if layers else "the file has no layer with features", f"one of: {known}")


def _read_with_gdal(
    source: Source, layer: str | None, warn: Warn, maximum: int
) -> tuple[FeatureSet[Any], str | None]:
    """Return the features of a layer, with any shapes, and the geometry type that the file tells."""
    shapefile = prepare_shapefile(source.path, warn) if source.format.name == "Shapefile" else None
    with relay_gdal_messages("be read", warn), _choose_index(shapefile):
        if shapefile is not None:
            read = read_layer(source.path, layer, maximum, encoding=shapefile.encoding)
        else:
            read = _read_layer(source, layer, warn, maximum)
        given = shapefile.decode(read.columns, warn) if shapefile else read.columns
        given = name_columns(given) if source.format.name == "KML" else given
        fields, columns = _read_columns(source, make_distinct(given, warn), warn)
    if shapefile is None and len(read.ids) < read.told:  # of a shapefile it counts deleted ones too
        warn(f"The file tells of {read.told:,} features; only {len(read.ids):,} of them can be read.")
    fields, columns = _number_features(source, read, (fields, columns), warn)
    reference = _find_reference(read, shapefile, warn)
    geometries = _read_geometries(source, read, shapefile, warn)
    if reference is not None and reference.is_geographic:
        tell_latitudes(geometries, warn)
    features: FeatureSet[Any] = FeatureSet(
        fields, columns, geometries=geometries, spatial_reference=reference
    )
    return features, read.meta["geometry_type"]


def _number_features(source: Source, read: GdalLayer, attributes: Attributes, warn: Warn) -> Attributes:
    """Return attributes with object ids: the members `id` of GeoJSON, or the numbers that GDAL tells."""
    members = read_members(source.path) if source.format.name == "GeoJSON" else GeoJsonMembers()
    members.check_reference(read.meta["crs"])
    if len(members.ids) != len(read.ids) or not members.ids:
        return _add_object_ids(_name_key(source, read), read.ids, attributes)
    fields, columns = members.add_ids(*attributes, warn)
    return mark_object_id(fields, columns), columns


def _find_reference(read: GdalLayer, shapefile: Shapefile | None, warn: Warn) -> SpatialReference | None:
    told = read.meta["crs"] or (shapefile.read_projection() if shapefile else None)
    reference = read_reference(told, warn)
    if reference is None and not told:
        warn("The file names no spatial reference; that of the features is not known.")
    return reference


def _read_geometries(
    source: Source, read: GdalLayer, shapefile: Shapefile | None, warn: Warn
) -> NDArray[np.object_]:
    geometries = read_shapes(read.shapes, warn, multipatch=bool(shapefile and shapefile.is_multipatch))
    if source.format.name == "KML" and not shapely.get_coordinates(geometries, include_z=True)[:, 2:].any():
        geometries = np.asarray(shapely.force_2d(geometries))  # every coordinate of KML comes with a height
    drop_infinite(geometries, warn)
    return geometries


def _read_layer(source: Source, layer: str | None, warn: Warn, maximum: int) -> GdalLayer:
    if source.format.name != "GeoJSON":
        return read_layer(source.path, layer, maximum)
    try:
        return read_layer(source.path, layer, maximum, ARRAY_AS_STRING="YES")
    except UnicodeDecodeError:
        raise
    except ValueError as problem:  # such as a day 31 of February
        warn(f"Dates are read as texts, since one of them is impossible: {problem}.")
        return read_layer(source.path, layer, maximum, ARRAY_AS_STRING="YES", DATE_AS_STRING="YES")


def _choose_index(shapefile: Shapefile | None) -> AbstractContextManager[None]:
    return nullcontext() if shapefile is None or shapefile.has_index else restore_index()


def _name_key(source: Source, read: GdalLayer) -> str:
    """Return the name of the column of the features' own numbers; empty if the file numbers none."""
    if source.format.layered:
        return read.key or "OBJECTID"
    numbered = source.format.name == "GeoJSON" and not np.array_equal(read.ids, np.arange(len(read.ids)))
    return "id" if numbered else ""


def _add_object_ids(key: str, ids: NDArray[Any], attributes: Attributes) -> Attributes:
    """Add the features' own numbers, or find a column of numbers that can be theirs."""
    fields, columns = attributes
    if not key or key.lower() in {name.lower() for name in columns}:
        return mark_object_id(fields, columns), columns
    return (Field(key, OID), *fields), {key: ids.astype(np.int64), **columns}


def _read_columns(source: Source, given: list[GdalColumn], warn: Warn) -> Attributes:
    fields: list[Field] = []
    columns: dict[str, Column] = {}
    for column in given:
        field, values = read_column(column, source.format, warn)
        fields.append(field)
        columns[field.name] = values
    return tuple(fields), columns
