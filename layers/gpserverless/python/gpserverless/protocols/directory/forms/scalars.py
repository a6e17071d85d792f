"""Numbers, truth values, dates and spatial references."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.forms.control import Choice, Control
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.slot import Slot
from gpserverless.protocols.directory.forms.texts import LineForm
from gpserverless.protocols.directory.forms.value_form import Texts, write_text
from gpserverless.values.moments import EPOCH, to_milliseconds
from gpserverless.values.numbers import read_whole

_TRUTH = (Choice("true", Text("True")), Choice("false", Text("False")))
SYSTEM_ATTRIBUTES = {"data-spatial-reference": "", "list": "systems", "autocomplete": "off"}
"""Attributes of an input for a spatial reference."""

_LOCAL = 24  # characters of the longest "2026-11-21T08:30:00.000"


class NumberForm(LineForm):
    """A number. An input of the type "number" would send nothing for what it cannot read, so it is a text."""

    def attributes(self, slot: Slot) -> Mapping[str, str]:
        """Return the keyboard of the input, and its bounds."""
        mode = {"inputmode": "numeric" if slot.data_type == "GPLong" else "decimal"}
        if slot.bounds is None:
            return mode
        least, greatest = map(write_text, slot.bounds)
        return {**mode, "data-min": least, "data-max": greatest}


class TruthForm(LineForm):
    """True or false."""

    def choices(self, slot: Slot) -> tuple[Choice, ...]:
        """Return both truth values."""
        return _TRUTH


class MomentForm(LineForm):
    """A moment in UTC, with the browser's own calendar."""

    def spread(self, slot: Slot, value: Any) -> Texts:
        """Return a moment as such an input has it; another text as it is."""
        whole = read_whole(value)
        with suppress(OverflowError):
            if whole is not None:
                return {slot.name: [_write_local(EPOCH + timedelta(milliseconds=whole))]}
        return super().spread(slot, value)

    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return an input for dates, or one of text for what that cannot show."""
        text = parts.get(slot.name)
        if text.strip() and not _is_local(text):
            return Control("input", slot.name, text, slot.label)
        attributes = {"type": "datetime-local", "step": "any"}
        return Control("input", slot.name, text, slot.label, attributes=attributes)

    def join(self, slot: Slot, parts: Parts) -> Any:
        """Return the milliseconds since 1970 UTC; of a text of another form, the text."""
        text = parts.get(slot.name).strip()
        return to_milliseconds(_read_local(text)) if _is_local(text) else text or None


def _write_local(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds").removesuffix(".000")


def _is_local(text: str) -> bool:
    """Return whether a text is one that an input for dates sends: 2026-11-21T08:30, and perhaps seconds."""
    if (
        not 16 <= len(text) <= _LOCAL
        or text[10] != "T"
        or not text.isascii()
        or text[-1] == "Z"
        or "+" in text
    ):
        return False
    try:
        return _read_local(text).tzinfo is None
    except ValueError:
        return False


def _read_local(text: str) -> datetime:
    return datetime.fromisoformat(text)


class SpatialReferenceForm(LineForm):
    """A spatial reference, by its number, as WKT or as JSON."""

    def spread(self, slot: Slot, value: Any) -> Texts:
        """Return the number of a reference that is no more than a number, else the object."""
        is_number = isinstance(value, dict) and "wkid" in value and set(value) <= {"wkid", "latestWkid"}
        return super().spread(slot, value["wkid"] if is_number else value)
