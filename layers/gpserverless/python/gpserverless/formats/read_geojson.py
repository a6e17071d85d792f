"""Features from GeoJSON: RFC 7946 on WGS 84, and the older form that names its reference in `crs`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
import simdjson
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import OBJECT_ID_NAMES, OID, STRING, Field, find_free_name
from gpserverless.features.rows import Column, make_object_column
from gpserverless.formats.esri_json.attribute_names import NAMED_TWICE, name_pairs
from gpserverless.formats.esri_json.attributes import make_columns
from gpserverless.formats.esri_json.document import Document, check_unique_names
from gpserverless.formats.geojson_shapes import read_shapes
from gpserverless.formats.limits import FeatureLimits
from gpserverless.values.spatial_reference import WGS84, SpatialReference

Warn = Callable[[str], None] | None

_CODE = re.compile(
    r"(?:(?:urn:(?:x-)?ogc:def:crs:)?(?:EPSG|ESRI):(?:[\d.]*:)?"
    r"|https?://www\.opengis\.net/def/crs/(?:EPSG|ESRI)/[\d.]*/)(\d{4,6})",
    re.IGNORECASE | re.ASCII,
)
_WGS84 = re.compile(
    r"(?:(?:urn:ogc:def:crs:)?OGC:(?:[\d.]*:)?|https?://www\.opengis\.net/def/crs/OGC/[\d.]*/)CRS84h?",
    re.IGNORECASE | re.ASCII,
)
_CRS = '{"type": "name", "properties": {"name": "EPSG:25832"}}, or longitudes and latitudes without a "crs"'
_MOST_LONGITUDE, _MOST_LATITUDE = 3_600.0, 90.000001  # maps scroll around the world; latitudes end at poles


def decode_geojson(
    document: Document, accepted: frozenset[str], limits: FeatureLimits, warn: Warn = None
) -> FeatureSet[Any]:
    """Decode a FeatureCollection, a Feature or a geometry.

    Shapes of a polygon and its holes are as they are nested; the direction of rings does not matter.

    Args:
        document: The GeoJSON.
        accepted: Accepted Esri geometry types; empty for any.
        limits: Limits of the feature set.
        warn: Takes a sentence if something was dropped or renamed.

    Raises:
        InvalidValue: A feature is malformed, the types differ, or the reference is unknown.
    """
    shapes, geometry_type = read_shapes(document.features, accepted, limits.vertices, warn)
    fields, columns = _read_properties(document.features, warn)
    return FeatureSet(
        fields,
        columns,
        geometries=shapes,
        spatial_reference=_read_reference(shapes, document),
        geometry_type=geometry_type,
        has_z=bool(shapely.has_z(shapes).any()),
    )


def decode_geojson_table(document: Document, warn: Warn = None) -> Table:
    """Decode the properties of features; their geometries do not matter.

    Args:
        document: The GeoJSON.
        warn: Takes a sentence for every column that is renamed.

    Raises:
        InvalidValue: A feature is malformed.
    """
    fields, columns = _read_properties(document.features, warn)
    if not fields:
        fields, columns = (Field("OBJECTID", OID),), {"OBJECTID": np.arange(1, len(document.features) + 1)}
    return Table(fields, columns)


def _read_properties(features: Sequence[Any], warn: Warn) -> tuple[tuple[Field, ...], dict[str, Column]]:
    rows = [_read_properties_of(feature, index) for index, feature in enumerate(features)]
    if warn is not None and any(map(_names_twice, features)):
        warn(NAMED_TWICE)
    fields, columns = make_columns(rows, (), warn)
    return _add_ids(fields, columns, [_read_id(feature, index) for index, feature in enumerate(features)])


def _read_id(feature: Any, index: int) -> Any:
    given = feature.get("id")
    if given is not None and not isinstance(given, str | int | float):
        raise InvalidValue(f"features[{index}]: its id is neither a text nor a number", '"id": 7')
    return given


def _names_twice(feature: Any) -> bool:
    properties = feature.get("properties")
    return isinstance(properties, simdjson.Object) and len(properties) != len(set(properties))


def _read_properties_of(feature: Any, index: int) -> dict[str, Any]:
    if not isinstance(feature, simdjson.Object | dict):
        raise InvalidValue(f"features[{index}] is not a feature", '{"type": "Feature", "properties": …}')
    properties = feature.get("properties")
    if isinstance(properties, dict):
        return properties
    if isinstance(properties, simdjson.Object):
        members = properties.as_dict()
        return members if len(members) == len(properties) else name_pairs(properties.items())
    if properties is None:
        check_unique_names(feature, f"features[{index}]")
        return {}
    raise InvalidValue(f"features[{index}] has no object of properties", '{"properties": {…}}')


def _add_ids(
    fields: tuple[Field, ...], columns: dict[str, Column], ids: list[Any]
) -> tuple[tuple[Field, ...], dict[str, Column]]:
    """Add the ids of features: whole numbers as object ids if there are none yet, others as a column id."""
    names = {field.name.lower(): field.name for field in fields}
    known = next((names[name] for name in ("id", *sorted(OBJECT_ID_NAMES)) if name in names), None)
    texts = [None if each is None else str(each) for each in ids]
    if all(text is None for text in texts):
        return fields, columns
    if known is not None and [str(value) for value in columns[known].tolist()] == texts:
        return fields, columns
    is_object_id = {type(each) for each in ids} == {int} and len(set(ids)) == len(ids)
    if is_object_id and max(map(abs, ids)) < 2**63 and not any(field.type == OID for field in fields):
        name = find_free_name("OBJECTID", names)
        return (Field(name, OID), *fields), {name: np.array(ids, np.int64), **columns}
    name = find_free_name("id", names)
    return (*fields, Field(name, STRING)), {**columns, name: make_object_column(texts)}


def _read_reference(shapes: NDArray[np.object_], document: Document) -> SpatialReference | None:
    if "crs" in document.header:
        return _read_crs(document.header["crs"])
    longitude, latitude = np.abs(shapely.get_coordinates(shapes)).max(axis=0, initial=0)
    if longitude > _MOST_LONGITUDE or latitude > _MOST_LATITUDE:
        raise InvalidValue("its coordinates are not longitudes and latitudes", f"GeoJSON with {_CRS}")
    return WGS84


def _read_crs(crs: Any) -> SpatialReference | None:
    """Read the member `crs` of GeoJSON 2008; null says that the reference is not known."""
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name", properties.get("code")) if isinstance(properties, dict) else None
    text = str(name).strip()
    if _WGS84.fullmatch(text):
        return WGS84
    code = _CODE.fullmatch(text) or re.fullmatch(r"(\d{4,6})", text, re.ASCII)
    if code is None:
        raise InvalidValue(f"its 'crs' names no known reference: {text[:60]!r}", _CRS)
    return SpatialReference(int(code[1]), int(code[1])).resolve()
