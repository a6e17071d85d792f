"""The format of an answer: html, json, pjson, geojson, kmz, csv, gpkg, fgb, pbf, image, or JSONP."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gpserverless.errors import InvalidParameter, UnsupportedFormat

if TYPE_CHECKING:
    from gpserverless.http.request import Request

FORMATS = ("html", "json", "pjson")
"""Formats of every resource."""

KMZ = "kmz"
CSV = "csv"
FEATURE_FORMATS = {
    "geojson": "application/geo+json",
    KMZ: "application/vnd.google-earth.kmz",
    CSV: "text/csv; charset=utf-8",
}
"""Formats of features alone, and CSV of tables too, with their media types."""

FILE_FORMATS = {"gpkg": "application/geopackage+sqlite3", "fgb": "application/vnd.flatgeobuf"}
"""Formats of whole layers alone, with their media types: GeoPackage, of tables too, and FlatGeobuf."""

PBF = "pbf"
LAYER_FORMATS = {"geojson": FEATURE_FORMATS["geojson"], PBF: "application/x-protobuf"}
"""Formats of the features of a layer, with their media types."""

IMAGE = "image"
"""Format of a picture, of which another field names the format of its bytes."""

_SUPPORTED = (
    f"{', '.join(FORMATS)}; geojson, kmz and csv of features; csv of tables; pbf of layers; "
    "gpkg and fgb of whole layers; image of maps"
)

_OTHER_NAMES = {"pgeojson": "geojson"}  # as the forms of ArcGIS Online name it

_SCRIPTS = ("json", "pjson", "geojson")  # an answer in one of them can be a script

_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,99}", re.ASCII)


@dataclass(frozen=True)
class Format:
    """The format that a caller asks for.

    Attributes:
        name: "html", "json", "pjson", "geojson", "kmz", "csv", "gpkg", "fgb", "pbf" or "image".
        callback: Name of the JSONP function, "" for none.
    """

    name: str = "json"
    callback: str = ""


def read_format(request: Request, jsonp: bool = True) -> Format:
    """Return the format that a request asks for; html is the protocol's default.

    Args:
        request: The request.
        jsonp: Whether the answer may be a script; if not, a callback is not looked at.

    Raises:
        UnsupportedFormat: It is unknown.
        InvalidParameter: The callback is not the name of a function.
    """
    name = (request.get("f") or "html").strip().lower()
    name = _OTHER_NAMES.get(name, name)
    if name not in (*FORMATS, *FEATURE_FORMATS, *FILE_FORMATS, PBF, IMAGE):
        raise unsupported_format("The format is not supported")
    callback = request.get("callback") if jsonp and name in _SCRIPTS else ""
    if callback and not _CALLBACK.fullmatch(callback):
        raise InvalidParameter(
            "callback", "it is not the name of a function", "letters, digits, '_', '$' and '.'"
        )
    return Format(name, callback)


def unsupported_format(why: str) -> UnsupportedFormat:
    """Return the error for a format, with the supported ones.

    Args:
        why: The reason, without a full stop.
    """
    return UnsupportedFormat(f"{why}. Supported are {_SUPPORTED}.")


def refuse_content(name: str) -> UnsupportedFormat:
    """Return the error for a resource that a format of features cannot hold.

    Args:
        name: Name of the format.
    """
    contents = {CSV: "features and tables", PBF: "the features of layers", IMAGE: "maps"}
    contents |= dict.fromkeys(FILE_FORMATS, "whole layers")
    return unsupported_format(f"{name} is for {contents.get(name, 'features')} alone")


def check_format(answer_format: Format, formats: Collection[str]) -> None:
    """Raise unless a resource can be written in a format.

    Args:
        answer_format: The format of the answer.
        formats: Formats of the resource beside those of every one.

    Raises:
        UnsupportedFormat: It is another one, such as a format of features for a resource without any.
    """
    if answer_format.name not in (*FORMATS, *formats):
        if formats:
            raise unsupported_format(f"{answer_format.name} is no format of this resource")
        raise refuse_content(answer_format.name)
