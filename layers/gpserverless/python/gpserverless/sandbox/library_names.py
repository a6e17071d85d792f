"""What stands in a module that is not the tools' own: names that are new there were put there by a run."""

from __future__ import annotations

import types
from collections.abc import Mapping
from itertools import islice
from typing import Any

FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, type)
"""Kinds of members that a library never replaces by itself."""


class LibraryNames:
    """The names of a module that is not the tools' own.

    Args:
        name: Its name.
        names: Its names and what they stand for.
    """

    def __init__(self, name: str, names: Mapping[str, Any]) -> None:
        self._package = name.partition(".")[0]
        self._names = names
        self._count = len(names)

    def has_grown(self) -> bool:
        """Return whether it has names that it has not imported or made late by itself."""
        if len(self._names) == self._count:
            return False
        new = [self._names[name] for name in islice(self._names, self._count, None)]
        if len(self._names) < self._count or not all(map(self._is_lazy, new)):
            return True
        self._count = len(self._names)
        return False

    def _is_lazy(self, value: Any) -> bool:
        return isinstance(value, types.ModuleType) or (
            isinstance(value, FUNCTIONS) and str(value.__module__).partition(".")[0] == self._package
        )
