"""Lists of values, and values of one of several types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, Reading, Writing
from gpserverless.datatypes.references import Fetch
from gpserverless.datatypes.scalars import shown
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
    def refers(self) -> bool:
        """Whether its elements may lie elsewhere."""
        return self.element.refers

    def resolve(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch what the elements point to."""
        values = self._split(raw) if isinstance(raw, str) else raw
        if not isinstance(values, list) or len(values) > MAX_VALUES:
            return raw
        return [self.element.resolve(value, fetch) for value in values]

    def load(self, raw: JSON, reading: Reading) -> list[Any]:
        """Read a JSON array, a Python list, `a,b` or `a;b`."""
        values = self._split(raw) if isinstance(raw, str) else raw
        if not isinstance(values, list):
            raise InvalidValue(f"{shown(raw)} is not a list", self.accepted)
        if len(values) > MAX_VALUES:
            raise InvalidValue(f"the list has {len(values):,} values", f"at most {MAX_VALUES:,}")
        return [self._element(i, value, reading) for i, value in enumerate(values)]

    def _split(self, raw: str) -> JSON:
        text = raw.strip()
        if text.startswith(("[", "(")):
            return json_text.parse(text, self.accepted)
        if text.startswith("{"):
            return [text]
        separator = ";" if ";" in text else ","
        return [part.strip().strip("'") for part in text.split(separator)]

    def _element(self, index: int, value: JSON, reading: Reading) -> Any:
        try:
            return self.element.load(value, reading)
        except InvalidValue as error:
            raise InvalidValue(f"element {index}: {error.problem}", error.accepted or self.accepted) from None

    def dump(self, value: Any, writing: Writing) -> list[JSON]:
        """Write a JSON array, never null."""
        return [self.element.dump(v, writing) for v in value or []]

    def describe(self) -> dict[str, JSON]:
        """Return the element's choices or filter, and its description as parameterInfos."""
        inner = self.element.describe()
        info = {"name": "", "dataType": self.element.name, "displayName": "", **inner}
        return {**inner, "parameterInfos": [info]}


@dataclass(frozen=True)
class Alternatives(DataType):
    """A value of the first of several types that accepts it, such as a distance or the name of a field.

    Declared as GPString: the protocol's own type for it (GPComposite, 11.2) is unknown to older clients.

    Args:
        members: The types, in the order in which they are tried.
    """

    members: tuple[DataType, ...]

    @property
    def name(self) -> str:
        """GPString."""
        return "GPString"

    @property
    def accepted(self) -> str:
        """What any member accepts."""
        return " or ".join(member.accepted for member in self.members)

    def load(self, raw: JSON, reading: Reading) -> Any:
        """Read the value as the first type that accepts it."""
        problems = []
        for member in self.members:
            try:
                return member.load(raw, reading)
            except InvalidValue as error:
                problems.append(error.problem)
        raise InvalidValue("; ".join(dict.fromkeys(problems)), self.accepted)

    def dump(self, value: Any, writing: Writing) -> JSON:
        """Write the value as the first type that can."""
        for member in self.members:
            try:
                return member.dump(value, writing)
            except InvalidValue:
                continue
        raise InvalidValue(f"{shown(value)} is of none of the types", self.accepted)
