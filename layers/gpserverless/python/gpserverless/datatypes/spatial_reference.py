"""Spatial references, declared as texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.scalars import quoted
from gpserverless.errors import InvalidValue
from gpserverless.values.spatial_reference import SpatialReference

ACCEPTED = 'a WKID such as 3857, {"wkid": 3857}, {"wkt": "…"} or WKT'


@dataclass(frozen=True)
class SpatialReferenceText(DataType):
    """A spatial reference, declared as GPString: older clients do not know the protocol's own types."""

    name = "GPString"
    accepted = ACCEPTED
    annotation = SpatialReference

    def load(self, raw: JSON, options: LoadOptions) -> SpatialReference:
        """Read a WKID, WKT or JSON; PROJ must know the reference system."""
        return spatial_reference(raw)

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Write the JSON object."""
        if value is None:
            return None
        if not isinstance(value, SpatialReference):
            raise InvalidValue(f"{quoted(value)} is not a SpatialReference")
        return value.to_json()


def spatial_reference(raw: JSON) -> SpatialReference:
    """Return the spatial reference of a WKID, WKT or JSON.

    Args:
        raw: A WKID as text or number, WKT, Esri JSON, or the text of it.

    Raises:
        InvalidValue: No such spatial reference is known.
    """
    if isinstance(raw, str):
        text = raw.strip()
        if text.startswith("{"):
            raw = json_text.parse_object(text, ACCEPTED)
        else:
            raw = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else {"wkt": text}
    reference = SpatialReference.from_json(raw)
    _ = reference.crs
    return reference
