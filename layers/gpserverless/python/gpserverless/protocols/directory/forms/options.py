"""The options that every task takes beside the values of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.forms.control import Choice, Control
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.scalars import SYSTEM_ATTRIBUTES

_TRUE = ("true", "1")


@dataclass(frozen=True)
class Option:
    """An option.

    Attributes:
        title: Its label.
        help: A sentence about it.
        is_flag: Whether it is true or false.
        is_reference: Whether it is a spatial reference.
    """

    title: Text
    help: Text
    is_flag: bool = False
    is_reference: bool = False


OPTIONS: Mapping[str, Option] = {
    "env:outSR": Option(
        Text("Output spatial reference"),
        Text("Number, WKT or JSON. Features are answered in it; otherwise in their own."),
        is_reference=True,
    ),
    "env:processSR": Option(
        Text("Process spatial reference"),
        Text("Number, WKT or JSON. Features are projected into it before the task runs."),
        is_reference=True,
    ),
    "context": Option(
        Text("Context"),
        Text('JSON with "outSR", "processSR" and "extent". It wins over the two references above.'),
    ),
    "returnZ": Option(Text("Return z"), Text("Features are answered with their heights."), is_flag=True),
    "returnM": Option(Text("Return m"), Text("Features are answered with their measures."), is_flag=True),
    "returnFeatureCollection": Option(
        Text("Return feature collections"), Text("Features are answered as layer objects."), is_flag=True
    ),
    "returnColumnName": Option(
        Text("Return column names"),
        Text("Rows of value tables are answered as objects by the names of their columns."),
        is_flag=True,
    ),
}
"""The options by their names on the wire."""


def find_option(name: str) -> str:
    """Return the option of which an error names a member, "" if it names none.

    Args:
        name: The name in the error, such as "context.outSR".
    """
    names = {each.lower(): each for each in OPTIONS}
    return names.get(name.partition(".")[0].lower(), "")


def draw_option(name: str, parts: Parts) -> Control:
    """Return the control of an option.

    Args:
        name: Name of the option.
        parts: The texts that were sent.
    """
    text = parts.get(name)
    if OPTIONS[name].is_flag:
        return Control("check", name, choices=(Choice("true", "", text.strip().lower() in _TRUE),))
    if OPTIONS[name].is_reference:
        return Control("input", name, text, attributes=SYSTEM_ATTRIBUTES)
    return Control("area", name, text, attributes={"rows": "2", "spellcheck": "false"})
