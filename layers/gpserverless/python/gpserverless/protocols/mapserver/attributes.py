"""Attributes of features as identify and find answer them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gpserverless.features.fields import Field
from gpserverless.features.rows import is_null
from gpserverless.features.value_texts import write_value_text

NULL = "Null"
"""Text of a missing value."""

_SHAPES: Mapping[str, str] = {
    "esriGeometryPoint": "Point",
    "esriGeometryMultipoint": "Multipoint",
    "esriGeometryPolyline": "Polyline",
    "esriGeometryPolygon": "Polygon",
}


@dataclass(frozen=True)
class AttributeStyle:
    """How attributes are written.

    Attributes:
        by_name: Whether keys are the names of fields, not their aliases.
        raw: Whether values are as they are, not texts.
    """

    by_name: bool = False
    raw: bool = False

    def write(self, fields: Sequence[Field], values: Sequence[Any], geometry_type: str) -> dict[str, Any]:
        """Return the attributes of a feature.

        Args:
            fields: The fields.
            values: Their values.
            geometry_type: Esri type of its shape, "" for none.
        """
        keys = self.list_keys(fields)
        written = {
            key: self.write_value(field, value)
            for key, field, value in zip(keys, fields, values, strict=True)
        }
        shape = {"Shape": _SHAPES[geometry_type]} if geometry_type and not self.raw else {}
        return {**shape, **written} if "Shape" in written else {**written, **shape}

    def list_keys(self, fields: Sequence[Field]) -> list[str]:
        """Return the keys of fields: their aliases, unless two are the same, or their names.

        Args:
            fields: The fields.
        """
        aliases = [field.alias or field.name for field in fields]
        if self.by_name or len(set(aliases)) < len(aliases):
            return [field.name for field in fields]
        return aliases

    def write_value(self, field: Field, value: Any) -> Any:
        """Return a value.

        Args:
            field: Its field.
            value: The value.
        """
        if self.raw:
            return None if is_null(value) else value
        return write_value(field, value)


def write_value(field: Field, value: Any) -> str:
    """Return a value as text; dates in UTC.

    Args:
        field: Its field.
        value: The value.
    """
    return NULL if is_null(value) else write_value_text(field, value)
