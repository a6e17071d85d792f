"""Lists of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, LIGHT_VALUE, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.references import Fetch
from gpserverless.datatypes.scalars import quoted
from gpserverless.errors import InvalidValue

MAX_VALUES = 10_000
"""Values that one list may have."""


@dataclass(frozen=True)
class GPMultiValue(DataType):
    """A list whose elements all have one type.

    Args:
        element: The type of the elements.
    """

    element: DataType

    @property
    def name(self) -> str:
        """GPMultiValue with the element's type after a colon."""
        return f"GPMultiValue:{self.element.name}"

    @property
    def accepted(self) -> str:
        """A JSON array of what the element accepts."""
        return f"a JSON array, each element {self.element.accepted}"

    @property
    def empty(self) -> JSON:
        """An empty list: clients index multivalues without looking."""
        return []

    @property
    def may_be_reference(self) -> bool:
        """Whether its elements may lie elsewhere."""
        return self.element.may_be_reference

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch what the elements point to."""
        values = self._split(raw) if isinstance(raw, str) else raw
        if not isinstance(values, list) or len(values) > MAX_VALUES:
            return raw
        return [self.element.fetch_references(value, fetch) for value in values]

    @property
    def is_secret(self) -> bool:
        """Whether its elements are."""
        return self.element.is_secret

    def load(self, raw: JSON, reading: LoadOptions) -> list[Any]:
        """Read a JSON array, a Python list, `a,b` or `a;b`."""
        return [self._element(i, value, reading) for i, value in enumerate(self._values(raw))]

    def check(self, raw: JSON, reading: LoadOptions) -> Any:
        """Read a light list; of another see only that it is a list."""
        if not isinstance(raw, str) or (len(raw) <= LIGHT_VALUE and '"curve' not in raw):
            return self.load(raw, reading)
        self._values(raw)
        return None

    def _values(self, raw: JSON) -> list[JSON]:
        values = self._split(raw) if isinstance(raw, str) else raw
        if not isinstance(values, list):
            raise InvalidValue(f"{quoted(raw)} is not a list", self.accepted)
        if len(values) > MAX_VALUES:
            raise InvalidValue(f"the list has {len(values):,} values", f"at most {MAX_VALUES:,}")
        return values

    def _split(self, raw: str) -> JSON:
        text = raw.strip()
        if text.startswith("[") or (text.startswith("(") and self.element.is_separable):
            return json_text.parse(text, self.accepted)
        if text.startswith("{") or not self.element.is_separable:
            return [text]
        separator = ";" if ";" in text else ","
        return [part.strip().strip("'") for part in text.split(separator)]

    def _element(self, index: int, value: JSON, reading: LoadOptions) -> Any:
        try:
            return self.element.load(value, reading)
        except InvalidValue as error:
            raise InvalidValue(f"element {index}: {error.problem}", error.accepted or self.accepted) from None

    def holds(self, value: Any) -> bool:
        """Return whether it is a list of such elements."""
        return isinstance(value, list) and all(map(self.element.holds, value))

    def dump(self, value: Any, writing: DumpOptions) -> list[JSON]:
        """Write a JSON array, never null."""
        if isinstance(value, str):
            raise InvalidValue("a text is not a list")
        return [self.element.dump_element(v, writing) for v in value or []]

    def echo(self, raw: JSON) -> JSON:
        """Return the elements as their type shows them."""
        return [self.element.echo(value) for value in self._values(raw)]

    def describe(self) -> dict[str, JSON]:
        """Return the element's choices or filter, and its description as parameterInfos."""
        inner = self.element.describe()
        info = {"name": "", "dataType": self.element.name, "displayName": "", **inner}
        return {**inner, "parameterInfos": [info]}
