"""Numbers of things in messages, and lists of some of them."""

from __future__ import annotations

from collections.abc import Sequence


def write_count(number: int, one: str, many: str) -> str:
    """Return a number with the words that follow it: "1 row is empty", "2,000 rows are empty".

    Args:
        number: The number.
        one: The words after 1.
        many: The words after any other number.

    Example:
        >>> write_count(1, "row is empty", "rows are empty")
        '1 row is empty'
        >>> write_count(2000, "row is empty", "rows are empty")
        '2,000 rows are empty'
    """
    return f"{number:,} {one if number == 1 else many}"


def list_some(names: Sequence[str], number: int) -> str:
    """Return up to four names as a phrase, and how many there are beside: "a, b, c, d and 7 more".

    Args:
        names: The first names, at least one.
        number: How many there are in all.
    """
    shown = list(names[:4])
    if number > len(shown):
        return f"{', '.join(shown)} and {number - len(shown):,} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
