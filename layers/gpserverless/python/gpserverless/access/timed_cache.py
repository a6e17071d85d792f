"""Values that are kept for some seconds by one process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from gpserverless.clock import Clock

Value = TypeVar("Value")

MOST_VALUES = 1000
"""Values that are kept at most: strangers decide how many keys there are."""


class TimedCache(Generic[Value]):
    """Keeps what was loaded, also that there was nothing.

    Args:
        load: Loads the value of a key.
        keep_ms: Milliseconds for which a value is kept.
        clock: The time.
    """

    def __init__(self, load: Callable[[str], Value], keep_ms: int, clock: Clock) -> None:
        self._load = load
        self._keep_ms = keep_ms
        self._clock = clock
        self._kept: dict[str, tuple[int, Value]] = {}

    def __call__(self, key: str) -> Value:
        """Return the value of a key, at most as old as it may be.

        Args:
            key: The key.
        """
        now = self._clock.now()
        found = self._kept.get(key)
        if found is not None and now < found[0]:
            return found[1]
        if len(self._kept) >= MOST_VALUES:
            self._kept.clear()
        value = self._load(key)
        self._kept[key] = (now + self._keep_ms, value)
        return value
