"""The JSON of one feature set, parsed to its header and its features."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import simdjson

from gpserverless.errors import InvalidValue

ACCEPTED = (
    'an Esri JSON feature set: {"geometryType": …, "spatialReference": …, "fields": […], "features": […]},'
    " or GeoJSON"
)
_GEOMETRIES = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
)  # fmt: skip
_EXCEEDED = "exceededTransferLimit"
_BARE_NUMBER = re.compile(rb"[\[{:,]\s*-?(NaN|Infinity)\s*[\]},]")


@dataclass(frozen=True)
class Document:
    """A parsed feature set.

    Attributes:
        header: The members beside the features, as plain Python; those of a layer's definition too.
        features: The features, as simdjson objects, which are converted when they are read, or as dicts.
        text: The JSON, None if the caller has parsed it.
        is_geojson: Whether the features are those of GeoJSON.
    """

    header: Mapping[str, Any]
    features: Sequence[Any]
    text: bytes | None
    is_geojson: bool = False


def read_document(source: bytes | str | Mapping[str, Any]) -> Document:
    """Parse a feature set, a layer object, or GeoJSON.

    Args:
        source: JSON of `{"features": …}`, `{"layerDefinition": …, "featureSet": …}` or `{"type": "Feature…`,
            as text or parsed.

    Raises:
        InvalidValue: It is no JSON, or none of these.
    """
    if isinstance(source, bytes | str):
        text = _encode(source)
        return _make_document(_parse(text), text)
    return _make_document(source, None)


def to_plain(value: Any) -> Any:
    """Convert a value of either parser to plain Python.

    Args:
        value: A value of simdjson or orjson.
    """
    if isinstance(value, simdjson.Object):
        return value.as_dict()
    return value.as_list() if isinstance(value, simdjson.Array) else value


def _encode(source: bytes | str) -> bytes:
    try:
        text = source.encode() if isinstance(source, str) else source
        return text.removeprefix(codecs.BOM_UTF8)
    except UnicodeEncodeError as problem:
        raise InvalidValue("it holds half a character (a lone surrogate)", ACCEPTED) from problem


def _parse(text: bytes) -> Any:
    try:
        return simdjson.Parser().parse(text)
    except (ValueError, RuntimeError, UnicodeDecodeError):
        # orjson also reads integers of more than 64 bits, and its error names the place.
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as problem:
            bare = _BARE_NUMBER.search(text)
            if bare is not None:
                word = bare[1].decode()
                raise InvalidValue(f"it is not JSON: a bare {word}", "numbers or null") from None
            raise InvalidValue(f"it is not JSON: {problem}", ACCEPTED) from problem


def _make_document(root: Any, text: bytes | None) -> Document:
    if not isinstance(root, simdjson.Object | Mapping):
        raise InvalidValue("it is not a JSON object", ACCEPTED)
    if _is_geojson(root):
        return _make_geojson_document(root)
    inner: Any = root
    header: dict[str, Any] = {}
    if "featureSet" in root:
        inner, header = root["featureSet"], _read_header(root.get("layerDefinition"))
    if not isinstance(inner, simdjson.Object | Mapping) or "features" not in inner:
        raise InvalidValue("it has no 'features'", ACCEPTED)
    features = inner["features"]
    if not isinstance(features, simdjson.Array | list):
        raise InvalidValue("its 'features' are not a list", ACCEPTED)
    known = {name: value for name, value in _read_header(inner).items() if value not in (None, "", [])}
    return Document(header | known, list(features), text)


def _is_geojson(root: Any) -> bool:
    kind = root.get("type")
    if kind != "FeatureCollection":
        return isinstance(kind, str) and kind in (*_GEOMETRIES, "Feature") and "features" not in root
    features = root.get("features")
    first = features[0] if isinstance(features, simdjson.Array | list) and len(features) else None
    return not isinstance(first, simdjson.Object | Mapping) or "attributes" not in first


def _make_geojson_document(root: Any) -> Document:
    """Return the document of a collection, a feature, or a geometry as the only feature."""
    header = {name: to_plain(root[name]) for name in ("type", "crs", _EXCEEDED) if name in root}
    properties = root.get("properties")
    if header["type"] == "FeatureCollection" and isinstance(properties, simdjson.Object | Mapping):
        header.setdefault(_EXCEEDED, properties.get(_EXCEEDED))  # where ArcGIS Enterprise writes it
    if header["type"] == "FeatureCollection":
        features = root.get("features")
        if not isinstance(features, simdjson.Array | list):
            raise InvalidValue("its 'features' are not a list", ACCEPTED)
        return Document(header, list(features), None, is_geojson=True)
    only = root if header["type"] == "Feature" else {"geometry": root, "properties": None}
    return Document(header, [only], None, is_geojson=True)


def _read_header(part: Any) -> dict[str, Any]:
    if not isinstance(part, simdjson.Object | Mapping):
        return {}
    header = {name: to_plain(part[name]) for name in part if name != "features"}
    extent = header.get("extent")
    if isinstance(extent, Mapping) and not header.get("spatialReference"):
        header["spatialReference"] = extent.get("spatialReference")
    if header.get("objectIdField"):
        header["objectIdFieldName"] = header["objectIdField"]
    return header
