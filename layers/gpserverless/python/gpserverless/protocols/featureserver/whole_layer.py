"""A whole layer as one file: GeoJSON, KMZ and FlatGeobuf of features, CSV and GeoPackage of rows too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from gpserverless.datatypes.base import DumpOptions
from gpserverless.errors import InvalidParameter, InvalidValue, TooLarge
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.query import LayerFilter, PageQuery
from gpserverless.featurelayers.select import select_page
from gpserverless.features.feature_set import FeatureSet
from gpserverless.http.answer_format import CSV, FEATURE_FORMATS, FILE_FORMATS, KMZ
from gpserverless.http.request import Request
from gpserverless.http.response import Response, redirect_request
from gpserverless.outputs.rewrite import encode_feature_set, encode_table

if TYPE_CHECKING:
    from gpserverless.formats.placemark_styles import PlacemarkStyles

MOST_BYTES = 64_000_000
"""Bytes of a layer that is written as GeoJSON, KMZ or CSV while its caller waits."""

MOST_FILE_BYTES = 400_000_000
"""Bytes of a layer that is written as GeoPackage or FlatGeobuf while its caller waits: a million buildings,
in 14 seconds of one processor, after four to fetch them and before six to store the file."""

DOWNLOADS = "downloads"
"""Second segment of the paths of the function that writes GeoPackage and FlatGeobuf, below the site."""

_OF_TABLES = (CSV, "gpkg")
_OF_FEATURES = (*FEATURE_FORMATS, *FILE_FORMATS)
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]{1,200}")
_LONGEST_NAME = 60


def check_file(manifest: LayerManifest, name: str) -> None:
    """Raise unless a layer can be written whole in a format.

    Args:
        manifest: The layer.
        name: Name of the format.

    Raises:
        InvalidParameter: It is no format of files, or has no room for tables.
        TooLarge: The layer is too large.
    """
    accepted = _OF_TABLES if manifest.is_table else _OF_FEATURES
    if name not in accepted:
        raise InvalidParameter("f", f"a whole layer is not written as {name}", ", ".join(accepted))
    most = MOST_FILE_BYTES if name in FILE_FORMATS else MOST_BYTES
    if manifest.size > most:
        raise TooLarge(
            f"The layer has {manifest.size:,} bytes, and at most {most:,} are written as one file. Query it "
            "page by page, or give it to FeaturesToFile of the service Files, which writes it as a job."
        )


def redirect_download(request: Request) -> Response:
    """Return the redirect to the function that writes GeoPackage and FlatGeobuf, with the same fields.

    Args:
        request: A request for a whole layer.
    """
    path = "/".join(quote(segment, safe="") for segment in request.segments[2:])
    query = f"?{request.query.text}" if request.query.text else ""
    return redirect_request(f"{request.root}/rest/{DOWNLOADS}/{path}{query}")


def write_file(layer: LayerFile, name: str, renderer: Mapping[str, Any]) -> bytes:
    """Return all rows of a layer in a format of features.

    Args:
        layer: The layer.
        name: Name of the format, see `check_file`.
        renderer: How the layer is drawn, as Esri JSON; {} for the default of its geometry type.

    Raises:
        InvalidParameter: The features have no spatial reference that leads to WGS 84, where files are.
        RequestError: The time is over.
    """
    manifest = layer.manifest
    fields = tuple(field.name for field in layer.fields)
    rows = select_page(layer, PageQuery(LayerFilter(), fields, limit=max(1, manifest.count))).rows
    if not isinstance(rows, FeatureSet):
        return encode_table(rows)
    try:
        styles = _make_styles(renderer, rows) if name == KMZ else None
        return encode_feature_set(name, rows, DumpOptions(return_z=manifest.has_z), styles=styles)
    except InvalidValue as error:
        raise InvalidParameter("f", error.problem, error.accepted) from None


def _make_styles(renderer: Mapping[str, Any], features: FeatureSet[Any]) -> PlacemarkStyles:
    from gpserverless.drawing.placemarks import make_placemark_styles

    return make_placemark_styles(renderer, features)


def name_file(manifest: LayerManifest, name: str) -> str:
    """Return the name under which a browser saves a layer.

    Args:
        manifest: The layer.
        name: Name of the format.
    """
    safe = _UNSAFE.sub("_", manifest.name[:_LONGEST_NAME]).strip("_")
    return f"{safe or 'layer'}.{name}"
