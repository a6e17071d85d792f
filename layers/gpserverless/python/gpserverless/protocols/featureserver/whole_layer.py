"""A whole layer as one file: GeoJSON or KMZ of features, CSV of features and rows."""

from __future__ import annotations

import re

from gpserverless.datatypes.base import DumpOptions
from gpserverless.errors import InvalidParameter, InvalidValue, TooLarge
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.query import LayerFilter, PageQuery
from gpserverless.featurelayers.select import select_page
from gpserverless.features.feature_set import FeatureSet
from gpserverless.http.answer_format import CSV, FEATURE_FORMATS
from gpserverless.outputs.rewrite import encode_feature_set, encode_table

MOST_BYTES = 64_000_000
"""Bytes of a layer that is written whole while its caller waits; larger ones are asked for page by page."""

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
    accepted = (CSV,) if manifest.is_table else tuple(FEATURE_FORMATS)
    if name not in accepted:
        raise InvalidParameter("f", f"a whole layer is not written as {name}", ", ".join(accepted))
    if manifest.size > MOST_BYTES:
        raise TooLarge(
            f"The layer has {manifest.size:,} bytes, and at most {MOST_BYTES:,} are written as one file. "
            "Query it page by page."
        )


def write_file(layer: LayerFile, name: str) -> bytes:
    """Return all rows of a layer in a format.

    Args:
        layer: The layer.
        name: Name of the format, see `check_file`.

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
        return encode_feature_set(name, rows, DumpOptions(return_z=manifest.has_z))
    except InvalidValue as error:
        raise InvalidParameter("f", error.problem, error.accepted) from None


def name_file(manifest: LayerManifest, name: str) -> str:
    """Return the name under which a browser saves a layer.

    Args:
        manifest: The layer.
        name: Name of the format.
    """
    safe = _UNSAFE.sub("_", manifest.name[:_LONGEST_NAME]).strip("_")
    return f"{safe or 'layer'}.{name}"
