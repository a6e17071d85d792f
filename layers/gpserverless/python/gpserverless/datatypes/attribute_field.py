"""Fields of tables and feature sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import Dependent
from gpserverless.datatypes.members import read_members
from gpserverless.errors import InvalidValue
from gpserverless.features.fields import Field
from gpserverless.values.quotation import quoted

MAX_NAME = 255
"""Characters of a field's name."""

_MEMBERS = {name: (name,) for name in ("name", "type", "length", "nullable", "domain")} | {
    "alias": ("alias", "aliasName")
}
_IDLE = (
    "defaultValue", "description", "editable", "modelName", "precision", "required", "scale", "sqlType",
    "valueType", "visible",
)  # fmt: skip
"""Members of fields of layers that a tool does not need."""


@dataclass(frozen=True)
class GPField(DataType, Dependent):
    """A field, in Python an `AttributeField`; its name on the wire is just "Field".

    Args:
        types: Esri field types that are accepted; empty for any.
    """

    types: tuple[str, ...] = ()

    name = "Field"
    annotation = Field

    @property
    def accepted(self) -> str:
        """The object with the field types, or the name alone."""
        types = f" of type {' or '.join(self.types)}" if self.types else ""
        return f'a field{types} as {{"name": "POP", "type": "esriFieldTypeInteger"}} or by its name'

    def load(self, raw: JSON, options: LoadOptions) -> Field:
        """Read the object in JSON or as a Python literal, or the name alone."""
        if isinstance(raw, str):
            text = raw.strip()
            if text.startswith(("[", '"', "'")):
                self.fail(f"{quoted(raw)} is not a field")
            raw = json_text.parse_object(text, self.accepted) if text.startswith("{") else {"name": text}
        if not isinstance(raw, dict):
            self.fail(f"{quoted(raw)} is not a field")
        members = read_members(raw, _MEMBERS, self.accepted, _IDLE)
        field = Field.from_json(members)
        if len(field.name) > MAX_NAME:
            raise InvalidValue("the name of the field is too long", f"at most {MAX_NAME} characters")
        if "type" in members:
            self._check_type(field)
        return field

    def check_against(self, value: Any, source: Any) -> Any:
        """Return the field of that name among those of the features."""
        field = source.field(value.name)
        self._check_type(field)
        return field

    def _check_type(self, field: Field) -> None:
        if self.types and field.type not in self.types:
            self.fail(f"field '{field.name}' is of type {field.type}")

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Write the object."""
        if value is None:
            return None
        if not isinstance(value, Field):
            raise InvalidValue(f"{quoted(value)} is not an AttributeField")
        return value.to_json()

    def describe(self) -> dict[str, JSON]:
        """Return the field filter, if any."""
        return {"filter": {"type": "field", "list": list(self.types)}} if self.types else {}
