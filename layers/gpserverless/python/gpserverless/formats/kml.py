"""Feature sets to KML 2.2 (OGC 07-147r2), longitude and latitude on WGS 84, and to KMZ, the same zipped.

A field `name` or `description` is the label or description of its placemark, and an attribute too; dates in
fields `timestamp`, `begin` and `end` are its time.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from operator import add
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gpserverless.errors import InvalidValue
from gpserverless.features.attribute_values import write_text
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import (
    BIG_INTEGER,
    DATE,
    FLOAT_TYPES,
    INTEGER_TYPES,
    SINGLE,
    STRING,
    Field,
)
from gpserverless.formats.placemark_styles import PlacemarkStyles
from gpserverless.values.counts import write_count
from gpserverless.values.spatial_reference import WGS84

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LABELS = ("name", "description")
_TIMES = ("timestamp", "begin", "end")
_ROWS_AT_ONCE = 10_000
_LARGEST_INT = 2**31
_EXCEEDED = (
    "The limit of features is exceeded: there are more than the service sends in one answer, and none of "
    "them is in this file."
)
_EXCEEDED_DATA = '<ExtendedData><Data name="exceededTransferLimit"><value>true</value></Data></ExtendedData>'


def encode_kmz(
    features: FeatureSet[Any],
    *,
    z: bool = False,
    exceeded: bool = False,
    styles: PlacemarkStyles | None = None,
) -> bytes:
    """Encode a feature set as KMZ, each feature as a placemark.

    Attributes become data as they are: dates stay milliseconds since 1970 UTC, but for those that are the
    time of a placemark. Shapes that cross 180 degrees are cut there. Shapes without a place on WGS 84 are
    left out, and the description of the document counts them.

    Args:
        features: The features, in any spatial reference.
        z: Whether to write the z of features that have one, as metres above the sea.
        exceeded: Whether features were left out because there are too many; the document says so.
        styles: How the features are drawn; None for as the program that opens the file does.

    Raises:
        InvalidValue: The spatial reference of the features is unknown.
    """
    if features.spatial_reference is None and len(features):
        raise InvalidValue("the spatial reference of the features is not known", "features that say theirs")
    warnings: list[str] = []
    placed = features.project(WGS84, warn=warnings.append).cut_at_antimeridian()
    told = [styles.told] if styles and styles.told else []
    sentences = " ".join([*([_EXCEEDED] if exceeded else []), *warnings, *told])
    said = f"<description>{_escape_text(sentences)}</description>" if sentences else ""
    packed, entry = io.BytesIO(), zipfile.ZipInfo("doc.kml")
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(packed, "w") as archive, archive.open(entry, "w") as document:
        drawn = styles.write_styles() if styles else ""
        document.write(f"{_HEAD}{said}{drawn}{_EXCEEDED_DATA if exceeded else ''}".encode())
        for text in _write_stripes(placed, styles, z=z):
            document.write(text.encode())
        document.write(b"</Document></kml>\n")
    if styles and styles.pictures:
        _add_pictures(packed, styles.pictures)
    return packed.getvalue()


def _add_pictures(packed: io.BytesIO, pictures: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(packed, "a") as archive:
        for name, content in pictures.items():
            archive.writestr(zipfile.ZipInfo(name), content)


def _write_stripes(features: FeatureSet[Any], styles: PlacemarkStyles | None, *, z: bool) -> Iterator[str]:
    """Yield the placemarks of features, some thousands at a time: all take twenty times a layer's bytes."""
    times = _find_times(features)
    fields = [field for field in features.fields if field.name not in times]
    for begin in range(0, len(features), _ROWS_AT_ONCE):
        end = min(len(features), begin + _ROWS_AT_ONCE)
        some = features.take(np.arange(begin, end))
        data = _format_data(
            some, fields, "<Data name={}><value>{}</value></Data>", lambda _, value: write_text(value)
        )
        heads = _write_heads(some, times)
        if styles is not None:
            heads = list(map(add, heads, styles.link_styles(begin, end)))
        yield "".join(_write_placemarks(some, heads, data, z=z))


def encode_kml(features: FeatureSet[Any], title: str, warn: Callable[[str], None]) -> str:
    """Encode a feature set as KML with a schema, each feature as a placemark.

    Dates are texts of ISO 8601, integers of 64 bits texts.

    Args:
        features: The features, on WGS 84.
        title: Name of the document.
        warn: Takes a sentence about every loss.
    """
    _tell_characters(features, features.fields, warn)
    times = _find_times(features)
    fields = [field for field in features.fields if field.name not in times]
    schema = "".join(
        f"<SimpleField type={quoteattr(_choose_type(f, features))} name={_quote(f.name)}/>" for f in fields
    )
    data = _format_data(features, fields, "<SimpleData name={}>{}</SimpleData>", _format_value)
    framed = [f'<SchemaData schemaUrl="#s">{each}</SchemaData>' if each else "" for each in data]
    head = f'{_HEAD}<name>{_escape_text(title)}</name><Schema id="s" name="s">{schema}</Schema>'
    heads = _write_heads(features, times)
    marks = chr(10).join(_write_placemarks(features, heads, framed, z=features.has_z))
    return f"{head}{marks}</Document></kml>\n"


def _find_times(features: FeatureSet[Any]) -> frozenset[str]:
    """Return the names of the fields that are the times of their placemarks."""
    dates = (field.name for field in features.fields if field.type == DATE and field.name in _TIMES)
    return frozenset(name for name in dates if _is_whole(features.columns[name]))


def _is_whole(column: NDArray[Any]) -> bool:
    return column.dtype.kind in "iu" or all(v is None or isinstance(v, int) for v in column.tolist())


def _choose_type(field: Field, features: FeatureSet[Any]) -> str:
    column = features.columns[field.name]
    if field.type in FLOAT_TYPES and (column.dtype.kind == "f" or _is_whole(column)):
        return "float" if field.type == SINGLE else "double"
    if field.type in INTEGER_TYPES - {DATE, BIG_INTEGER} and _is_whole(column):
        largest = max((abs(v) for v in column.tolist() if v is not None), default=0)
        return "int" if largest < _LARGEST_INT else "string"
    return "string"


def _tell_characters(features: FeatureSet[Any], fields: Sequence[Field], warn: Callable[[str], None]) -> None:
    for field in fields:
        texts = (v for v in features.columns[field.name].tolist() if isinstance(v, str))
        if bad := sum(1 for text in texts if _NOT_IN_XML.search(text)):
            some = write_count(bad, "text has", "texts have")
            warn(f"{some} characters that KML cannot hold, in field {field.name[:60]}; they are blanks.")


def _format_data(
    features: FeatureSet[Any],
    fields: Sequence[Field],
    form: str,
    write: Callable[[Field, Any], str],
) -> list[str]:
    """Return the attributes of every feature in a form of a quoted name and a value."""
    columns = []
    for field in fields:
        start, _, end = form.format(_quote(field.name), "\0").partition("\0")
        columns.append(
            [
                "" if _is_null(value) else f"{start}{_escape_text(write(field, value))}{end}"
                for value in features.columns[field.name].tolist()
            ]
        )
    return ["".join(row) for row in zip(*columns, strict=True)] if columns else [""] * len(features)


def _is_null(value: Any) -> bool:
    return value is None or value != value  # noqa: PLR0124 - NaN


def _format_value(field: Field, value: Any) -> str:
    if field.type == DATE and isinstance(value, int):
        return _format_time(value)
    return write_text(value)


def _format_time(milliseconds: int) -> str:
    return f"{np.datetime64(milliseconds, 'ms')}".removesuffix(".000") + "Z"


def _write_placemarks(
    features: FeatureSet[Any], heads: Sequence[str], data: Sequence[str], *, z: bool
) -> Iterator[str]:
    has_z = z and features.has_z
    shapes = np.asarray(
        shapely.force_3d(features.geometries) if has_z else shapely.force_2d(features.geometries)
    )
    for shape, head, each in zip(shapes.tolist(), heads, data, strict=True):
        drawn = "" if shape is None or shape.is_empty else _write_geometry(shape)
        yield f"<Placemark>{head}<ExtendedData>{each}</ExtendedData>{drawn}</Placemark>"


def _write_heads(features: FeatureSet[Any], dated: Collection[str]) -> list[str]:
    """Return name, description and time of every placemark."""
    columns: list[list[str]] = []
    for label in _LABELS:
        labels = (f for f in features.fields if f.name.lower() == label and f.type == STRING)
        if (field := next(labels, None)) is not None:
            texts = features.columns[field.name].tolist()
            columns.append(["" if _is_null(t) else f"<{label}>{_escape_text(t)}</{label}>" for t in texts])
    times = {name: features.columns[name].tolist() for name in dated}
    if "timestamp" in times:
        columns.append(
            [
                "" if t is None else f"<TimeStamp>{_write_time('when', t)}</TimeStamp>"
                for t in times["timestamp"]
            ]
        )
    if "begin" in times or "end" in times:
        nothing = [None] * len(features)
        spans = zip(times.get("begin", nothing), times.get("end", nothing), strict=True)
        columns.append([_write_span(begin, end) for begin, end in spans])
    return ["".join(row) for row in zip(*columns, strict=True)] if columns else [""] * len(features)


def _write_span(begin: int | None, end: int | None) -> str:
    times = "".join(_write_time(n, t) for n, t in (("begin", begin), ("end", end)) if t is not None)
    return f"<TimeSpan>{times}</TimeSpan>" if times else ""


def _write_time(element: str, milliseconds: int) -> str:
    return f"<{element}>{_format_time(milliseconds)}</{element}>"


def _quote(name: str) -> str:
    return quoteattr(_NOT_IN_XML.sub(" ", name))


def _escape_text(value: Any) -> str:
    return escape(_NOT_IN_XML.sub(" ", str(value)))


def _write_geometry(shape: BaseGeometry) -> str:
    parts = shapely.get_parts(shape)
    drawn = "".join(map(_write_part, parts))
    return drawn if len(parts) == 1 else f"<MultiGeometry>{drawn}</MultiGeometry>"


def _write_part(part: Any) -> str:
    mode = "<altitudeMode>absolute</altitudeMode>" if part.has_z else ""
    if part.geom_type == "Polygon":
        outer = _write_ring(part.exterior)
        holes = "".join(f"<innerBoundaryIs>{_write_ring(hole)}</innerBoundaryIs>" for hole in part.interiors)
        return f"<Polygon>{mode}<outerBoundaryIs>{outer}</outerBoundaryIs>{holes}</Polygon>"
    return f"<{part.geom_type}>{mode}{_write_coordinates(part)}</{part.geom_type}>"


def _write_ring(ring: BaseGeometry) -> str:
    return f"<LinearRing>{_write_coordinates(ring)}</LinearRing>"


def _write_coordinates(shape: BaseGeometry) -> str:
    """Write vertices as `x,y x,y`: JSON with other brackets."""
    rows = shapely.get_coordinates(shape, include_z=shape.has_z)
    if np.isnan(rows).any():  # a height that is not known
        rows = rows[:, :2].copy()
    text = orjson.dumps(rows, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return f"<coordinates>{text[2:-2].replace('],[', ' ')}</coordinates>"
