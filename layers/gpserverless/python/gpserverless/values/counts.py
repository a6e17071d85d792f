"""Numbers of things in messages."""

from __future__ import annotations


def write_count(number: int, one: str, many: str) -> str:
    """Return a number with the words that follow it: "1 row is empty", "2,000 rows are empty".

    Args:
        number: The number.
        one: The words after 1.
        many: The words after any other number.
    """
    return f"{number:,} {one if number == 1 else many}"
