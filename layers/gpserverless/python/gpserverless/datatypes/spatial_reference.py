"""Spatial references as values of parameters."""

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

    @property
    def name(self) -> str:
        """GPString."""
        return "GPString"

    @property
    def accepted(self) -> str:
        """A WKID, WKT or the JSON of either."""
        return ACCEPTED

    def load(self, raw: JSON, reading: LoadOptions) -> SpatialReference:
        """Read a WKID, WKT or JSON; the reference system must be known."""
        return spatial_reference(raw)

    def dump(self, value: Any, writing: DumpOptions) -> JSON:
        """Write the JSON object."""
        if value is None:
            return None
        if not isinstance(value, SpatialReference):
            raise InvalidValue(f"{quoted(value)} is not a SpatialReference")
        return value.to_json()


def spatial_reference(raw: JSON) -> SpatialReference:
    """Return the spatial reference that a WKID, WKT or JSON stands for.

    Raises:
        InvalidValue: It stands for none that is known.
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
