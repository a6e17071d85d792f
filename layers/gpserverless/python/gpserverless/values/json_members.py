"""The shape of JSON values from callers: their depth, and the number of their members.

Parsers accept texts that the code behind them cannot handle. One has a thousand levels, where a function
that calls itself ends at a few hundred. Another has an object that holds one name twice, of which one value
is lost.
"""

from __future__ import annotations

from typing import Any

from gpserverless.errors import InvalidValue

MAX_DEPTH = 40
"""Most levels of lists and objects inside each other; feature sets have about ten."""

MAX_MEMBERS = 1_000
"""Most members of one object."""


def count_members(value: Any) -> int:
    """Return the number of members of all objects in a JSON value.

    Args:
        value: What JSON can hold.

    Raises:
        InvalidValue: It is nested too deeply, or an object has too many members.
    """
    number = depth = 0
    level = [value] if isinstance(value, list | dict) else []
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise InvalidValue("it is nested too deeply", f"at most {MAX_DEPTH} levels of lists and objects")
        below: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                _check_size(len(each))
                number += len(each)
                below += each.values()
            else:
                below += each
        level = [each for each in below if isinstance(each, list | dict)]
    return number


def check_unique(text: str, members: int) -> None:
    """Raise if an object in a JSON text holds a name twice.

    Args:
        text: The text, which a parser has read.
        members: The number of members that the parser has kept.

    Raises:
        InvalidValue: The text has more members.
    """
    if not members:
        return
    bare = text.replace("\\\\", "").replace('\\"', "")
    if sum(part.count(":") for part in bare.split('"')[::2]) > members:
        raise InvalidValue("an object in it holds a name twice", "each name once")


def _check_size(members: int) -> None:
    if members > MAX_MEMBERS:
        raise InvalidValue(f"an object in it has {members:,} members", f"at most {MAX_MEMBERS:,}")
