"""Feature sets to KMZ: KML 2.2 (OGC 07-147r2), longitude and latitude on WGS 84, zipped."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import WGS84

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
_EXCEEDED = (
    "<description>The limit of features is exceeded: there are more than the service sends in one answer, "
    "and none of them is in this file.</description>"
    '<ExtendedData><Data name="exceededTransferLimit"><value>true</value></Data></ExtendedData>'
)
_NOT_IN_XML = {code: " " for code in range(32) if chr(code) not in "\t\n\r"} | {0xFFFE: " ", 0xFFFF: " "}


def encode_kmz(features: FeatureSet[Any], *, z: bool = False, exceeded: bool = False) -> bytes:
    """Encode a feature set as KMZ, each feature as a placemark.

    Attributes become data as they are: dates stay milliseconds since 1970 UTC.

    Args:
        features: The features, in any spatial reference.
        z: Whether to write the z of features that have one, as metres above the sea.
        exceeded: Whether features were left out because there are too many; the document says so.

    Raises:
        InvalidValue: The spatial reference of the features is unknown.
    """
    if features.spatial_reference is None and len(features):
        raise InvalidValue("the spatial reference of the features is not known", "features that say theirs")
    shapes = features.project(WGS84).geometries
    has_z = z and features.has_z
    shapes = np.asarray(shapely.force_3d(shapes) if has_z else shapely.force_2d(shapes))
    names = [field.name for field in features.fields]
    rows = (
        zip(*(features.columns[name].tolist() for name in names), strict=True)
        if names
        else [()] * len(features)
    )
    marks = [_write_placemark(shape, names, row) for shape, row in zip(shapes, rows, strict=True)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        text = f"{_HEAD}{_EXCEEDED if exceeded else ''}{''.join(marks)}</Document></kml>\n"
        archive.writestr(zipfile.ZipInfo("doc.kml"), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _write_placemark(shape: BaseGeometry | None, names: list[str], row: tuple[Any, ...]) -> str:
    data = "".join(
        f"<Data name={quoteattr(name)}><value>{_escape_text(value)}</value></Data>"
        for name, value in zip(names, row, strict=True)
        if value is not None
    )
    drawn = "" if shape is None or shape.is_empty else _write_geometry(shape)
    return f"<Placemark><ExtendedData>{data}</ExtendedData>{drawn}</Placemark>"


def _escape_text(value: Any) -> str:
    return escape(str(value).translate(_NOT_IN_XML).encode("utf-8", "replace").decode())


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
    text = orjson.dumps(rows, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return f"<coordinates>{text[2:-2].replace('],[', ' ')}</coordinates>"
