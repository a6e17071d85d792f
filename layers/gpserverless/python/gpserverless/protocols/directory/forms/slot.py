"""A place of a form for one value: a parameter, an element of a list, a column or a member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.protocols.directory.forms.control import Choice

_LIST = "GPMultiValue:"
_HIDDEN = "GPStringHidden"


@dataclass(frozen=True)
class Slot:
    """A place for a value.

    Attributes:
        name: Name of its field in the form.
        info: The parameter, or the element of `parameterInfos`, in the description of the task.
        label: Text that tells it from the others of its group; "" for a parameter.
    """

    name: str
    info: Mapping[str, Any]
    label: str = ""

    @property
    def data_type(self) -> str:
        """Name of the data type."""
        return str(self.info["dataType"])

    @property
    def is_list(self) -> bool:
        """Whether it is for several values of one type."""
        return self.data_type.startswith(_LIST)

    @property
    def default(self) -> Any:
        """The value that counts if none is given; None for none."""
        return self.info.get("defaultValue")

    @property
    def is_required(self) -> bool:
        """Whether a value must be given."""
        return self.info.get("parameterType") == "esriGPParameterTypeRequired"

    @property
    def infos(self) -> list[Mapping[str, Any]]:
        """Descriptions of the element, the columns or the members."""
        return list(self.info.get("parameterInfos") or ())

    @property
    def filter(self) -> Mapping[str, Any]:
        """The filter; empty for none."""
        return self.info.get("filter") or {}

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Least and greatest number; None for no range."""
        found = self.filter
        return (found["minimum"], found["maximum"]) if found.get("type") == "range" else None

    @property
    def is_secret(self) -> bool:
        """Whether its value, or a part of it, must not be shown."""
        slots = (Slot(self.name, {"dataType": "", **info}) for info in self.infos)
        return self.data_type.endswith(_HIDDEN) or any(slot.is_secret for slot in slots)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The values of the choice list, with their labels."""
        coded = self.filter.get("list") or () if self.filter.get("type") == "codedValue" else ()
        labels = {str(each["value"]): str(each["name"]) for each in coded}
        values = [str(value) for value in self.info.get("choiceList") or labels]
        return tuple(Choice(value, labels.get(value, value)) for value in values)

    def element(self, name: str, label: str = "") -> Slot:
        """Return the place of an element of a list.

        Args:
            name: Name of the element's field.
            label: Text that tells it from the others.
        """
        data_type = self.data_type.removeprefix(_LIST)
        info = (
            self.infos[0]
            if self.infos
            else {"filter": self.filter, "choiceList": self.info.get("choiceList")}
        )
        return Slot(name, {**info, "dataType": data_type}, label)
