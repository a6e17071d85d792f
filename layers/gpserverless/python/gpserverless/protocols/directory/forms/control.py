"""The controls of a form, as its templates draw them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ControlKind = Literal[
    "input", "area", "secret", "select", "radios", "checks", "check", "group", "composite", "rows", "table",
    "features", "file",
]  # fmt: skip
"""The macros of `fields.html`."""

ROW = "__row__"
"""Stands for the number of a row in the names of the template that new rows are made of."""


@dataclass(frozen=True)
class Choice:
    """One of the values that a control offers.

    Attributes:
        value: The value on the wire.
        label: The text that stands for it.
        is_chosen: Whether it is the value of the control.
    """

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Control:
    """A control, or a group of them.

    Attributes:
        kind: The macro that draws it.
        name: Name of its field in the form.
        value: Its text.
        label: Text that tells it from the other controls of its group, "" for one that is alone.
        choices: The values that it offers.
        parts: The controls of a group, of a row or of a template.
        rows: The rows of a list or table, the last ones spare.
        template: The row that a new one is made of; None if there are no rows.
        attributes: Attributes of the element by name; an empty text is an attribute without a value.
    """

    kind: ControlKind
    name: str
    value: str = ""
    label: str = ""
    choices: tuple[Choice, ...] = ()
    parts: tuple[Control, ...] = ()
    rows: tuple[tuple[Control, ...], ...] = ()
    template: tuple[Control, ...] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        """Whether it has several elements, so that a legend names it and no label."""
        return self.kind in ("radios", "checks", "group", "composite", "rows", "table")
