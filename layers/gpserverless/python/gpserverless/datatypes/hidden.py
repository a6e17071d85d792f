"""Texts that are not shown: passwords, keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import Echoing, Secret, Textual
from gpserverless.datatypes.scalars import MAX_TEXT
from gpserverless.errors import InvalidValue
from gpserverless.values.hidden_text import HiddenText


@dataclass(frozen=True)
class GPStringHidden(DataType, Secret, Echoing, Textual):
    """A text that is never logged nor shown again, in Python a `HiddenText`.

    An output is answered in clear, as ArcGIS does; an input is blank in the inputs resource.
    """

    name = "GPStringHidden"
    accepted = f"a text of at most {MAX_TEXT:,} characters"
    annotation = HiddenText

    def load(self, raw: JSON, options: LoadOptions) -> HiddenText:
        """Read a text as it is."""
        if not isinstance(raw, str):
            self.fail("the hidden value is not a text")
        if len(raw) > MAX_TEXT:
            self.fail(f"the hidden text has {len(raw):,} characters")
        return HiddenText(raw)

    def dump(self, value: Any, options: DumpOptions) -> str | None:
        """Write a JSON string."""
        if value is None:
            return None
        if not isinstance(value, HiddenText):
            raise InvalidValue("the hidden value is not a HiddenText")
        return value.reveal()

    def echo(self, raw: JSON) -> JSON:
        """Return an empty text."""
        return ""
