"""A form whose fields are those of a request, one by one: a query, a picture, a search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from gpserverless.errors import InvalidParameter
from gpserverless.http.credentials import TOKEN
from gpserverless.http.request import Request
from gpserverless.pages.language import FIELD
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.forms.control import Choice, Control
from gpserverless.protocols.directory.forms.mistakes import tell_error
from gpserverless.protocols.directory.forms.task_form import FormField

MOST_SHOWN = 20_000
"""Characters of a field that a form shows again."""

_ALWAYS = frozenset({"f", FIELD, TOKEN.lower()})
_TRUE = ("true", "1")

Kind = Literal["input", "area", "select", "flag"]


@dataclass(frozen=True)
class RequestField:
    """A field of a request.

    Attributes:
        title: Its label.
        help: A sentence about it.
        kind: How it is filled in.
        choices: The labels of the values that it has, by the value; "" is none.
        example: A value, for a field without one.
    """

    title: Text
    help: Text
    kind: Kind = "input"
    choices: Mapping[str, str] | None = None
    example: str = ""

    def draw(self, name: str, value: str) -> Control:
        """Return its control.

        Args:
            name: Name of the field.
            value: Its value.
        """
        attributes = {"placeholder": self.example, "autocomplete": "off"} if self.kind == "input" else {}
        if self.kind == "flag":
            return Control("check", name, choices=(Choice("true", "", value.lower() in _TRUE),))
        if self.kind == "select":
            labels = {**(self.choices or {})}
            labels.setdefault(value, value)
            choices = tuple(Choice(each, label, each == value) for each, label in labels.items())
            return Control("select", name, choices=choices)
        if self.kind == "area":
            return Control(
                "area", name, value, attributes={"rows": "3", "spellcheck": "false", "class": "code"}
            )
        return Control("input", name, value, attributes=attributes)


@dataclass(frozen=True)
class FieldGroup:
    """Fields under one heading.

    Attributes:
        title: The heading, "" for those that are always seen.
        fields: The fields by their name on the wire.
    """

    title: str
    fields: Mapping[str, RequestField]


@dataclass(frozen=True)
class ShownGroup:
    """Fields of a form under one heading.

    Attributes:
        title: The heading, "" for those that are always seen.
        fields: The fields.
        is_open: Whether one of them has a value or a mistake.
    """

    title: str
    fields: tuple[FormField, ...]
    is_open: bool


@dataclass(frozen=True)
class RequestForm:
    """The form of an operation.

    Attributes:
        action: Path of the operation.
        groups: Its fields.
        mistake: A sentence about a mistake that is in none of them, "" for none.
    """

    action: str
    groups: tuple[ShownGroup, ...]
    mistake: str = ""

    @property
    def has_mistake(self) -> bool:
        """Whether something has to be changed."""
        return bool(self.mistake) or any(each.wrong for group in self.groups for each in group.fields)


def is_blank(request: Request) -> bool:
    """Return whether a request asks for nothing yet, so that its page is the form alone.

    Args:
        request: The request.
    """
    return request.method == "GET" and {*request.query.names, *request.form.names} <= _ALWAYS


def make_form(
    action: str,
    groups: Iterable[FieldGroup],
    find_value: Callable[[str], str],
    error: Exception | None = None,
) -> RequestForm:
    """Return the form of an operation.

    Args:
        action: Path of the operation.
        groups: Its fields.
        find_value: Returns the value of a field.
        error: The error of the values; None for none.
    """
    wrong: dict[str, str] = {}
    if isinstance(error, InvalidParameter):
        told = tell_error(error)
        wrong[told.name.lower()] = told.text
    shown = tuple(_draw_groups(groups, find_value, wrong))
    is_told = any(each.wrong for group in shown for each in group.fields)
    return RequestForm(action, shown, "" if error is None or is_told else str(error))


def read_value(request: Request, name: str) -> str:
    """Return a field as a form shows it again, "" if it is not given or too long.

    Args:
        request: The request.
        name: Name of the field.
    """
    value = next(reversed(request.all(name)), "")
    return value if len(value) <= MOST_SHOWN else ""


def _draw_groups(
    groups: Iterable[FieldGroup], find_value: Callable[[str], str], wrong: Mapping[str, str]
) -> Iterator[ShownGroup]:
    for group in groups:
        values = {name: find_value(name) for name in group.fields}
        fields = tuple(
            FormField(
                name,
                field.title,
                field.help,
                field.draw(name, values[name]),
                wrong=wrong.get(name.lower(), ""),
            )
            for name, field in group.fields.items()
        )
        is_open = any(values.values()) or any(field.wrong for field in fields)
        yield ShownGroup(group.title, fields, is_open or not group.title)
