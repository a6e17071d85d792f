"""Texts that are not shown: passwords, keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.scalars import MAX_TEXT
from gpserverless.errors import InvalidValue
from gpserverless.values.hidden_text import HiddenText


@dataclass(frozen=True)
class GPStringHidden(DataType):
    """A text that is never logged nor shown again, in Python a `HiddenText`.

    It is answered as a tool returns it, as ArcGIS does; an input is blank when it is asked for.
    """

    @property
    def name(self) -> str:
        """GPStringHidden."""
        return "GPStringHidden"

    @property
    def accepted(self) -> str:
        """A text."""
        return f"a text of at most {MAX_TEXT:,} characters"

    @property
    def is_secret(self) -> bool:
        """Always."""
        return True

    def load(self, raw: JSON, reading: LoadOptions) -> HiddenText:
        """Read a text as it is."""
        if not isinstance(raw, str):
            raise InvalidValue("the hidden value is not a text", self.accepted)
        if len(raw) > MAX_TEXT:
            raise InvalidValue("the hidden text is too long", self.accepted)
        return HiddenText(raw)

    def dump(self, value: Any, writing: DumpOptions) -> str | None:
        """Write a JSON string."""
        if value is None:
            return None
        if not isinstance(value, HiddenText):
            raise InvalidValue("the hidden value is not a HiddenText")
        return value.reveal()

    def echo(self, raw: JSON) -> JSON:
        """Return "", whatever was sent."""
        return ""
