"""Names of attributes: a name in another letter case is its field, and two columns of one name both stay.

Field names do not distinguish letter cases, in ArcGIS and here. JSON does, and servers write a field `NAME`
beside attributes `name`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from gpserverless.features.fields import Field, find_free_name
from gpserverless.formats.esri_json.document import to_plain

Warn = Callable[[str], None] | None
NAMED_TWICE = "Attributes hold a name twice: the second has a number behind it, such as A_1."
Columns = dict[str, Sequence[Any]]


class _FreeNames:
    """Gives each name once: the second A is called A_1. Each name is looked at once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._folded: set[str] = set()
        self._numbers: Counter[str] = Counter()

    def find(self, name: str) -> str:
        """Return the name, or one with a number behind it that is free in any letter case.

        Args:
            name: The name to begin with.
        """
        free = name
        while free in self._taken or (free != name and free.upper() in self._folded):
            self._numbers[name] += 1
            free = f"{name}_{self._numbers[name]}"
        return free

    def take(self, name: str) -> None:
        """Have a name not given again."""
        self._taken.add(name)
        self._folded.add(name.upper())


def name_pairs(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of an object that holds a name twice, as plain Python: the second A is called A_1.

    Args:
        pairs: Names and values in order.
    """
    members: dict[str, Any] = {}
    names = _FreeNames()
    for name, value in pairs:
        free = names.find(name)
        names.take(free)
        members[free] = to_plain(value)
    return members


def number_fields(fields: Sequence[Field], found: Iterable[str]) -> list[Field]:
    """Return fields of different names: the second A is called A_1, as `name_pairs` calls its value.

    Args:
        fields: As they were declared; one described twice that has one value is one field.
        found: Names of the values.
    """
    held = set(found)
    named: list[Field] = []
    names = _FreeNames()
    for field in fields:
        name = names.find(field.name)
        if name == field.name or name in held:
            names.take(name)
            named.append(replace(field, name=name))
    return named


def unify_letter_cases(columns: Columns, warn: Warn) -> dict[str, tuple[str, Sequence[Any]]]:
    """Return the columns, of which no two differ by letter case alone, each with the name that it had.

    Columns that never hold a value in the same row are one, under the name that comes first. Of others, the
    later get a number behind their name.

    Args:
        columns: Values by name; the declared fields come first.
        warn: Takes a sentence for every column that is renamed.
    """
    firsts: dict[str, str] = {}
    unified: dict[str, tuple[str, Sequence[Any]]] = {}
    for name, values in columns.items():
        first = firsts.setdefault(name.upper(), name)
        known = unified[first][1] if first in unified else None
        if known is None:
            unified[first] = (name, values)
        elif any(a is not None and b is not None for a, b in zip(known, values, strict=True)):
            free = find_free_name(name, [*columns, *unified])
            unified[free] = (name, values)
            if warn is not None:
                warn(f"The attribute '{name}' is called '{free}' here, since there is a field '{first}'.")
        else:
            unified[first] = (first, [b if a is None else a for a, b in zip(known, values, strict=True)])
    return unified
