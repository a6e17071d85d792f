"""Several values of one type: boxes to check, or a row for each."""

from __future__ import annotations

from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.separated import split_separated
from gpserverless.errors import InvalidValue
from gpserverless.protocols.directory.forms.control import ROW, Control
from gpserverless.protocols.directory.forms.parts import MAX_ROWS, Parts
from gpserverless.protocols.directory.forms.slot import Slot
from gpserverless.protocols.directory.forms.texts import is_choice, mark_choices
from gpserverless.protocols.directory.forms.value_form import FindForm, Texts, ValueForm, write_text
from gpserverless.values.quotation import quoted

EACH = "each"
"""Part that says that each field of the name is one value; without it, a text may hold several."""

SPARE = 2
"""Empty rows below those that are filled in."""


class ListForm(ValueForm):
    """Several values.

    Args:
        find_form: Returns the form of the elements' type.
    """

    is_flat = False

    def __init__(self, find_form: FindForm) -> None:
        self._find_form = find_form

    def spread(self, slot: Slot, value: Any) -> Texts:
        """Return the texts of the elements."""
        values = read_array(value)
        marker = {f"{slot.name}.{EACH}": ["1"]}
        if not isinstance(values, list) or len(values) > MAX_ROWS:
            raise InvalidValue(f"{quoted(value)} is not a list that has rows")
        if not self._form(slot).is_flat:
            rows = (
                self._form(slot).spread(slot.element(f"{slot.name}.{i}"), v) for i, v in enumerate(values)
            )
            return {name: texts for row in rows for name, texts in row.items()} | marker
        if slot.choices and not all(is_choice(write_text(each), slot.choices) for each in values):
            raise InvalidValue(f"{quoted(value)} has other values than the choices")
        return {slot.name: [self._spread_flat(slot, each) for each in values]} | marker

    def _spread_flat(self, slot: Slot, value: Any) -> str:
        """Return the only text of an element."""
        texts = self._form(slot).spread(slot.element(slot.name), value)
        if list(texts) != [slot.name] or not any(texts[slot.name]):
            raise InvalidValue(f"{quoted(value)} has no row")
        return str(texts[slot.name][0])

    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return boxes to check, or a row for each element and some to spare."""
        if not self._form(slot).is_flat:
            return self._draw_rows(slot, parts)
        texts = [text for text in parts.all(slot.name) if text]
        if (
            slot.choices
            and all(is_choice(text, slot.choices) for text in texts)
            and not _takes_features(slot)
        ):
            return Control("checks", slot.name, choices=mark_choices(slot.choices, *texts))
        rows = tuple((self._draw_flat(slot, text, i + 1),) for i, text in enumerate([*texts, *[""] * SPARE]))
        return Control("rows", slot.name, rows=rows, template=(self._draw_flat(slot, "", ROW),))

    def _draw_flat(self, slot: Slot, text: str, number: int | str) -> Control:
        return self._form(slot).draw(slot.element(slot.name, str(number)), Parts.of({slot.name: [text]}))

    def _draw_rows(self, slot: Slot, parts: Parts) -> Control:
        numbers = [number for number in parts.rows(slot.name) if not self._is_blank(slot, number, parts)]
        first = max(numbers, default=-1) + 1
        drawn = [self._draw_row(slot, parts, number) for number in [*numbers, *range(first, first + SPARE)]]
        return Control("rows", slot.name, rows=tuple(drawn), template=self._draw_row(slot, Parts.of({}), ROW))

    def _draw_row(self, slot: Slot, parts: Parts, number: int | str) -> tuple[Control]:
        label = number + 1 if isinstance(number, int) else number
        return (self._form(slot).draw(slot.element(f"{slot.name}.{number}", str(label)), parts),)

    def _is_blank(self, slot: Slot, number: int, parts: Parts) -> bool:
        try:
            return self._form(slot).join(slot.element(f"{slot.name}.{number}"), parts) is None
        except InvalidValue:
            return False

    def join(self, slot: Slot, parts: Parts) -> Any:
        """Return the list; an empty one if there are no elements and the default has some."""
        if self._form(slot).is_flat:
            places = [
                (slot.element(slot.name), Parts.of({slot.name: [text]})) for text in parts.all(slot.name)
            ]
        else:
            places = [(slot.element(f"{slot.name}.{number}"), parts) for number in parts.rows(slot.name)]
        values = [self._join_element(i, *place) for i, place in enumerate(places)]
        given = [value for value in values if value is not None]
        return given or ([] if slot.default else None)

    def _join_element(self, index: int, slot: Slot, parts: Parts) -> Any:
        try:
            return self._form_of(slot).join(slot, parts)
        except InvalidValue as error:
            raise InvalidValue(f"row {index + 1}: {error.problem}", error.accepted) from None

    def _form(self, slot: Slot) -> ValueForm:
        return self._form_of(slot.element(""))

    def _form_of(self, element: Slot) -> ValueForm:
        return self._find_form(element.data_type)


def _takes_features(slot: Slot) -> bool:
    """Return whether the elements are features, of which choices are layers beside others."""
    return slot.element("").data_type in ("GPFeatureRecordSetLayer", "GPRecordSet")


def read_array(value: Any) -> Any:
    """Return the elements of a list as it comes from callers: JSON, or a text with separators.

    Args:
        value: A list, or a text.
    """
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.startswith("["):
        return json_text.parse(text, "")
    return [text] if text.startswith("{") else split_separated(text, ";,")
