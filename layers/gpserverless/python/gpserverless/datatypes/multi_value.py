"""Lists of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import (
    MANY_COSTLY,
    Costly,
    Deferrable,
    Echoing,
    Inseparable,
    Recognizing,
    Secret,
    dump_element,
    echo,
    holds,
    is_costly,
    is_heavy,
    is_secret,
)
from gpserverless.datatypes.referable import (
    Fetch,
    Referable,
    fetch_references,
    is_blank_reference,
    is_given,
    may_be_reference,
    parse_short,
)
from gpserverless.datatypes.separated import split_separated
from gpserverless.errors import InvalidValue
from gpserverless.values.quotation import quoted

MAX_VALUES = 10_000
"""Values that one list may have."""


@dataclass(frozen=True)
class GPMultiValue(DataType, Referable, Secret, Costly, Deferrable, Recognizing, Echoing):
    """A list whose elements all have one type.

    Args:
        element: The type of the elements.
    """

    element: DataType

    @property
    def name(self) -> str:
        """The name with the element's type after a colon."""
        return f"GPMultiValue:{self.element.name}"

    @property
    def accepted(self) -> str:
        """A JSON array, and the forms of its elements."""
        return f"a JSON array, each element {self.element.accepted}"

    @property
    def empty(self) -> JSON:
        """An empty list: clients index multivalues without looking."""
        return []

    @property
    def may_be_reference(self) -> bool:
        """Whether its elements may lie elsewhere."""
        return may_be_reference(self.element)

    def is_blank(self, raw: JSON) -> bool:
        """Return whether a list of references is empty, or all its elements stand for no value."""
        values = parse_short(raw)
        if isinstance(values, list):
            return not any(is_given(self.element, value) for value in values)
        return is_blank_reference(values)

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch the references among the elements."""
        values = self._split_text(raw) if isinstance(raw, str) else raw
        if not isinstance(values, list) or len(values) > MAX_VALUES:
            return raw
        return [fetch_references(self.element, value, fetch) for value in values]

    @property
    def is_secret(self) -> bool:
        """Whether its elements are."""
        return is_secret(self.element)

    @property
    def is_costly(self) -> bool:
        """Whether its elements are."""
        return is_costly(self.element)

    def load(self, raw: JSON, options: LoadOptions) -> list[Any]:
        """Read a JSON array, a Python list, `a,b`, `a;b` or `'a;b';c`."""
        return [self._load_element(i, value, options) for i, value in enumerate(self._split_list(raw))]

    def check_at_submit(self, raw: JSON, options: LoadOptions) -> Any:
        """Read a light list; of another check only that it is a list."""
        values = self._split_list(raw)
        return None if is_heavy(raw) or self._has_many(values) else self.load(values, options)

    def _has_many(self, values: list[JSON]) -> bool:
        """Return whether the values take too long for a small function."""
        return is_costly(self.element) and len(values) > MANY_COSTLY

    def _split_list(self, raw: JSON) -> list[JSON]:
        values = self._split_text(raw) if isinstance(raw, str) else raw
        if not isinstance(values, list):
            self.fail(f"{quoted(raw)} is not a list")
        if len(values) > MAX_VALUES:
            raise InvalidValue(f"the list has {len(values):,} values", f"at most {MAX_VALUES:,}")
        return values

    def _split_text(self, raw: str) -> JSON:
        text = raw.strip()
        is_separable = not isinstance(self.element, Inseparable)
        if text.startswith("[") or (text.startswith("(") and is_separable):
            return json_text.parse(text, self.accepted)
        if text.startswith("{") or not is_separable:
            return [text]
        return list(split_separated(text, ";,"))

    def _load_element(self, index: int, value: JSON, options: LoadOptions) -> Any:
        try:
            return self.element.load(value, options)
        except InvalidValue as error:
            raise InvalidValue(f"element {index}: {error.problem}", error.accepted or self.accepted) from None

    def holds(self, value: Any) -> bool:
        """Return whether it is a list of such elements."""
        return isinstance(value, list) and all(holds(self.element, v) for v in value)

    def dump(self, value: Any, options: DumpOptions) -> list[JSON]:
        """Write a JSON array, never null."""
        if isinstance(value, str):
            raise InvalidValue("a text is not a list")
        return [dump_element(self.element, v, options) for v in value or []]

    def echo(self, raw: JSON) -> JSON:
        """Return the elements as the inputs resource shows their type; many costly ones as they were sent."""
        values = self._split_list(raw)
        return values if self._has_many(values) else [echo(self.element, value) for value in values]

    def describe(self) -> dict[str, JSON]:
        """Return the element's choices or filter, and its description as parameterInfos."""
        inner = self.element.describe()
        info = {"name": "", "dataType": self.element.name, "displayName": "", **inner}
        return {**inner, "parameterInfos": [info]}
