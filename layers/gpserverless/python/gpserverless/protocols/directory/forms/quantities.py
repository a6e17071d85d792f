"""Distances, areas and spans of time: a number and a unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes.base import DataType, LoadOptions
from gpserverless.datatypes.quantities import GPArealUnit, GPLinearUnit, GPTimeUnit
from gpserverless.errors import InvalidValue
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.forms.control import Choice, Control
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.slot import Slot
from gpserverless.protocols.directory.forms.unit_labels import AREAL, LINEAR, TIME
from gpserverless.protocols.directory.forms.value_form import Texts, ValueForm, write_text
from gpserverless.values.numbers import read_float
from gpserverless.values.quotation import quoted


@dataclass(frozen=True)
class QuantityForm(ValueForm):
    """A number and a unit.

    Attributes:
        member: Member of the object that has the number.
        units: The units by their token on the wire, the one that counts without a choice first.
        data_type: The data type, which reads objects, and texts such as "5 Miles".
    """

    member: str
    units: Mapping[str, str]
    data_type: DataType

    is_flat = False

    def spread(self, slot: Slot, value: Any) -> Texts:
        """Return number and unit of an object, or of a text such as "5 Miles"."""
        found = self._load(value)
        number = write_text(found[self.member])
        return {f"{slot.name}.number": [number], f"{slot.name}.units": [found["units"]]}

    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return an input and a list of units."""
        number, units = f"{slot.name}.number", f"{slot.name}.units"
        token = parts.get(units) or next(iter(self.units))
        choices = tuple(Choice(each, label, each == token) for each, label in self.units.items())
        inputs = (
            Control("input", number, parts.get(number), Text("Number"), attributes={"inputmode": "decimal"}),
            Control("select", units, token, Text("Unit"), choices),
        )
        return Control("group", slot.name, label=slot.label, parts=inputs)

    def join(self, slot: Slot, parts: Parts) -> Any:
        """Return the object; without a number, none is given."""
        text = parts.get(f"{slot.name}.number").strip()
        if not text:
            return None
        if read_float(text) is None:
            raise InvalidValue(f"{quoted(text)} is not a number", "a number such as 1500 or 2.5")
        return {
            self.member: read_float(text),
            "units": parts.get(f"{slot.name}.units") or next(iter(self.units)),
        }

    def write(self, value: Mapping[str, Any]) -> str:
        """Return an object as one text: "5 Miles".

        Args:
            value: The object.
        """
        found = self._load(value)
        return f"{write_text(found[self.member])} {found['units']}"

    def _load(self, value: Any) -> Mapping[str, Any]:
        loaded: Mapping[str, Any] = self.data_type.load(value, LoadOptions()).to_json()
        return loaded


QUANTITIES: Mapping[str, QuantityForm] = {
    "GPLinearUnit": QuantityForm("distance", LINEAR, GPLinearUnit()),
    "GPArealUnit": QuantityForm("area", AREAL, GPArealUnit()),
    "GPTimeUnit": QuantityForm("time", TIME, GPTimeUnit()),
}
"""The forms by data type."""
