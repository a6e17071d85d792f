"""Features for the map of a page: GeoJSON, whose coordinates are longitudes and latitudes on WGS 84."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from gpserverless.errors import InvalidValue
from gpserverless.pages.texts import Text

MOST_BYTES = 3_000_000
"""Bytes of features that a page carries for its map."""

_TOO_LARGE = Text("These features are too large for the map of this page. Their file has all of them.")
_NOT_ON_EARTH = Text("These features have no spatial reference that leads to WGS 84, so there is no map.")


class NotOnMap(Exception):
    """Features cannot be drawn on the map.

    Args:
        text: The reason as a sentence for people.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class MapFeatures:
    """Features for a map.

    Attributes:
        text: GeoJSON.
    """

    text: str

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> MapFeatures:
        """Return the features of a feature set or a layer object; a geometry library is loaded for it.

        Args:
            value: JSON of the value.

        Raises:
            NotOnMap: They are too large, or have no place on earth.
        """
        from gpserverless.datatypes.base import DumpOptions
        from gpserverless.datatypes.features import GPFeatureRecordSetLayer
        from gpserverless.outputs.rewrite import encode_result

        body = orjson.dumps({"value": value})
        if len(body) > MOST_BYTES:
            raise NotOnMap(_TOO_LARGE)
        try:
            text = encode_result("geojson", body, GPFeatureRecordSetLayer(), DumpOptions())
        except InvalidValue:
            raise NotOnMap(_NOT_ON_EARTH) from None
        if len(text) > MOST_BYTES:
            raise NotOnMap(_TOO_LARGE)
        return cls(text.decode())
