"""Barriers of simple and smooth lines, which are not read."""

from __future__ import annotations

from collections.abc import Sized

from gpserverless.errors import InvalidParameter


def refuse_barriers(barriers: Sized | None) -> None:
    """Raise if barriers are given: the result would cross them without a word.

    Args:
        barriers: The layers of barriers; None or an empty list for none.

    Raises:
        InvalidParameter: There are some.
    """
    if barriers:
        raise InvalidParameter("in_barriers", "barriers are not kept", "no value")
