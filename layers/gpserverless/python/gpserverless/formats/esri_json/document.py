"""The JSON of one feature set, parsed to its header and its features."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import simdjson

from gpserverless.errors import InvalidValue
from gpserverless.values.json_members import count_members

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
    if not isinstance(source, bytes | str):
        return _make_document(source, None)
    text = _encode(source)
    document = _make_document(_parse(text), text)
    _check_names(document)
    return document


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
            value = orjson.loads(text)
        except orjson.JSONDecodeError as problem:
            bare = _BARE_NUMBER.search(text)
            if bare is not None:
                word = bare[1].decode()
                raise InvalidValue(f"it is not JSON: a bare {word}", "numbers or null") from None
            raise InvalidValue(f"it is not JSON: {problem}", ACCEPTED) from problem
        count_members(value)  # to be no deeper than what follows can bear
        return value


def _check_names(document: Document) -> None:
    """Raise if a feature holds a name twice: parsers differ in the value that they take then.

    One of the usual number of members is looked at where its attributes or its geometry are found missing.
    """
    usual = 3 if document.is_geojson else 2
    for index, members in enumerate(map(_count, document.features)):
        if members > usual:
            check_unique_names(document.features[index], f"features[{index}]")


def _count(feature: Any) -> int:
    return len(feature) if isinstance(feature, simdjson.Object) else 0


def check_unique_names(value: Any, subject: str) -> None:
    """Raise if an object holds a name twice.

    Args:
        value: An object of simdjson; a dict holds none twice.
        subject: Its name, for the error.

    Raises:
        InvalidValue: It does.
    """
    names = list(value) if isinstance(value, simdjson.Object) else []
    if len(set(names)) < len(names):
        twice, _ = Counter(names).most_common(1)[0]
        raise InvalidValue(f"{subject} holds the name '{twice[:60]}' twice", "each name once")


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
    count_members(header)
    check_unique_names(root, "it")
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
    check_unique_names(part, "it")
    header = {name: to_plain(part[name]) for name in part if name != "features"}
    count_members(header)
    extent = header.get("extent")
    if isinstance(extent, Mapping) and not header.get("spatialReference"):
        header["spatialReference"] = extent.get("spatialReference")
    if header.get("objectIdField"):
        header["objectIdFieldName"] = header["objectIdField"]
    return header
