"""Layers and tables of feature and map services: all their features, page by page, as one feature set.

The pages are appended to a file as they come, so that no more than one of them is in memory.
"""

from __future__ import annotations

from typing import Any, BinaryIO

import orjson

from gpserverless.errors import InvalidValue
from gpserverless.fetch.http_fetcher import HttpFetcher
from gpserverless.fetch.layer_client import LayerClient, minify
from gpserverless.fetch.layer_description import LayerDescription
from gpserverless.fetch.layer_pages import LayerPages, check_alike
from gpserverless.fetch.layer_url import Layer

MAX_PAGES = 5_000

_HEADER = ("objectIdFieldName", "geometryType", "spatialReference", "hasZ", "hasM", "fields")


class LayerReader:
    """Reads the features of one layer.

    Args:
        fetcher: Asks the server.
        layer: The layer.
        most_features: Most features that are read.
        most_bytes: Most bytes that all pages together may have.
    """

    def __init__(self, fetcher: HttpFetcher, layer: Layer, most_features: int, most_bytes: int) -> None:
        self._client = LayerClient(fetcher, layer, most_bytes)
        self._layer = layer
        self._most_features = most_features

    def write(self, file: BinaryIO) -> None:
        """Write the features as one feature set in Esri JSON.

        Args:
            file: A file that is open for writing bytes.

        Raises:
            InvalidValue: The layer cannot be read as a whole, or holds more than is accepted.
        """
        about = LayerDescription.of(self._client.describe())
        header: dict[str, Any] = {}
        features = 0
        for number, page in enumerate(
            LayerPages(self._client, self._layer, about, self._most_features).read()
        ):
            if number >= MAX_PAGES:
                raise InvalidValue(f"the layer has more than {MAX_PAGES:,} pages")
            if number == 0:
                header = _read_header(page.answer, about)
                file.write(_begin_feature_set(header))
            check_alike(header, page.answer)
            features += len(page)
            if features > self._most_features:
                raise InvalidValue(f"the layer holds more than {self._most_features:,} features")
            if len(page):
                file.write(b"," if features > len(page) else b"")
                file.write(page.features[1:-1])
        file.write(b"]}")


def _read_header(page: Any, about: LayerDescription) -> dict[str, Any]:
    """Return the members of the feature set beside its features, from the first page and the layer."""
    header = {name: orjson.loads(minify(page[name])) for name in _HEADER if name in page}
    if about.geometry_type:
        header.setdefault("geometryType", about.geometry_type)
    header.setdefault("fields", about.fields)
    return header


def _begin_feature_set(header: dict[str, Any]) -> bytes:
    return orjson.dumps(header)[:-1] + b',"features":['
