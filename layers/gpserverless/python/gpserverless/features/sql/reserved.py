"""Names of fields that are words of SQL too: without quotation marks a condition means the word."""

from __future__ import annotations

from collections.abc import Iterable

from gpserverless.errors import InvalidValue
from gpserverless.features.sql.scan import list_words, scan_tokens

_VALUES = frozenset({"NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIMESTAMP"})
_BEHIND_VALUES = frozenset({*"+-*/%=<>", "<>", "<=", ">=", "!=", "||", "IS"})


def require_quotes(text: str, names: Iterable[str]) -> None:
    """Raise if a word of a condition may mean a field, and be read as something else.

    Args:
        text: The condition.
        names: Names of the fields.

    Raises:
        InvalidValue: It may; the field is named.
    """
    fields = {name.upper(): name for name in names if name.upper() in {*_VALUES, "NOT"}}
    if not fields:
        return
    words = ["", "", *scan_tokens(text), ""]
    for place, word in enumerate(words[2:-1], 2):
        before = words[place - 2 : place]
        is_value = word in _VALUES and before[1] != "IS" and before != ["IS", "NOT"]
        if word in fields and (is_value or (word == "NOT" and words[place + 1] in _BEHIND_VALUES)):
            name = fields[word]
            raise InvalidValue(f"'{name}' is a word of SQL and a field", describe_quotes(name))


def find_reserved(text: str, names: Iterable[str]) -> str:
    """Return the first field whose name a condition has without quotation marks, and is a word of SQL.

    Args:
        text: The condition.
        names: Names of the fields.
    """
    words = set(list_words(text))
    return next((name for name in names if name.upper() in words and _is_reserved(name)), "")


def describe_quotes(name: str) -> str:
    """Return how the field is written.

    Args:
        name: Name of the field.
    """
    return f'"{name}" in double quotation marks for the field'


def _is_reserved(name: str) -> bool:
    from gpserverless.features.sql.parse import list_field_names, parse

    try:
        return list_field_names(parse(f"{name} = 1")) != (name,)
    except InvalidValue:
        return True
