"""Members of elements in record sets: each is there at most once."""

from __future__ import annotations

from collections.abc import Collection

from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.values.quotation import quoted

_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0", ""})


def find_member(element: Element, name: str) -> Element | None:
    """Return the child of a name, None if there is none or it is nil.

    Args:
        element: The element around it.
        name: Its local name.

    Raises:
        InvalidValue: There are several.
    """
    found = list(element.find_all(name))
    if len(found) > 1:
        raise InvalidValue(f"its {element.name} has more than one {name}", "one")
    return found[0] if found and not found[0].is_nil else None


def read_member(element: Element, name: str) -> str | None:
    """Return the text of the child of a name, None if there is none or it is nil.

    Args:
        element: The element around it.
        name: Its local name.

    Raises:
        InvalidValue: There are several.
    """
    found = find_member(element, name)
    return None if found is None else found.text


def read_flag(element: Element, name: str) -> bool:
    """Return a boolean, False if it is missing.

    Args:
        element: The element around it.
        name: Its local name.

    Raises:
        InvalidValue: It is neither true nor false, or there several times.
    """
    text = (read_member(element, name) or "").strip().lower()
    if text not in _TRUE | _FALSE:
        raise InvalidValue(f"the {name} of its {element.name} is neither true nor false", "true or false")
    return text in _TRUE


def read_content(element: Element, beside: Collection[str] = ()) -> str | None:
    """Return the text of a value: that of its `Value`, or its own if nothing is in it; None without one.

    Args:
        element: The value.
        beside: Names of the elements that say nothing of it alone.

    Raises:
        InvalidValue: It has other elements instead, which would be lost.
    """
    if not element.children:
        return element.text
    given = (child.name for child in element.children if not child.is_empty)
    lost = next((name for name in given if name not in beside), "")
    if lost and element.find("Value") is None:
        raise InvalidValue(f"it has a member {quoted(lost)}, but no Value", "a Value")
    value = find_member(element, "Value")
    if value is not None and value.children:
        raise InvalidValue(f"its Value has a member {quoted(value.children[0].name)}", "a text in its Value")
    return None if value is None else value.text
