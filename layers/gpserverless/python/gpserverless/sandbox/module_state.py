"""What the modules of tools hold, so that it shows when a run has left something in them.

A child process serves the next call only if nothing of the last one can be seen there. So the zygote walks,
once, over everything that can be reached from the modules of the tools: globals, classes, defaults and
closures of functions, containers, instances, arrays. After each run what was found is compared with what is
there. Names are compared by identity, which takes microseconds; only what hides its state, such as an array,
is compared by its content. What cannot be looked into counts as changed: every run then has a new process.

Libraries are taken as they are: their caches are theirs, and they are asked only for names that are new or
functions that are not the same. A module that a tool shares with others belongs to the toolboxes package.
"""

from __future__ import annotations

import collections
import contextvars
import functools
import logging
import pickle
import random
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, count
from operator import attrgetter, is_
from typing import Any, Final

import numpy as np

from gpserverless.sandbox.library_names import FUNCTIONS, LibraryNames
from gpserverless.toolkit.tool import Tool

_PLAIN: Final = (
    "builtins",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "gpserverless",
    "pathlib",
    "re",
    "shapely",
    "types",
    "typing",
    "uuid",
)
"""Packages whose instances do not change; what of theirs does is told apart before."""

_LOCKS = (type(threading.Lock()), type(threading.RLock()))
_PARTS_OF_FUNCTION = attrgetter("__code__", "__defaults__", "__kwdefaults__")


@dataclass(frozen=True)
class _Place:
    """A place whose members are compared by identity.

    Attributes:
        where: What to call it.
        look: Returns the members of `thing`.
        thing: A container or an owner of names.
        members: What it held; kept, so that no identity is given away again.
    """

    where: str
    look: Callable[[Any], Iterable[Any]]
    thing: Any
    members: tuple[Any, ...]


@dataclass(frozen=True)
class _Content:
    """A place that is compared by what `look` returns."""

    where: str
    look: Callable[[], Any]
    before: Any


class ModuleState:
    """What the modules of some tools held when this was made.

    Args:
        modules: Names of the modules; others of the same packages that they reach are theirs, too.

    Attributes:
        packages: Names of these packages.
    """

    def __init__(self, modules: Iterable[str]) -> None:
        names = sorted(set(modules))
        self.packages = frozenset(name.partition(".")[0] for name in names)
        self._places: list[_Place] = []
        self._contents: list[_Content] = []
        self._libraries: dict[str, LibraryNames] = {}
        self._caches: list[Any] = []
        self._seen: dict[int, Any] = {}
        self._waiting = collections.deque((name, sys.modules[name]) for name in ("builtins", "os", *names))
        self._hidden: list[str] = []
        while self._waiting:
            self._visit(*self._waiting.popleft())
        self._before = [member for place in self._places for member in place.members]

    def left(self) -> str | None:
        """Return where a run has left something, or None if everything is as it was found."""
        for cache in self._caches:
            cache.cache_clear()
        if not _are_same([*chain.from_iterable([p.look(p.thing) for p in self._places])], self._before):
            changed = (p.where for p in self._places if not _are_same([*p.look(p.thing)], p.members))
            return next(changed, "a module")
        for content in self._contents:
            if content.look() != content.before:
                return content.where
        grown = (name for name, library in self._libraries.items() if library.has_grown())
        return next(grown, self._hidden[0] if self._hidden else None)

    def _visit(self, where: str, thing: Any) -> None:
        if id(thing) in self._seen:
            return
        self._seen[id(thing)] = thing
        if isinstance(thing, types.ModuleType):
            self._module(where, thing)
        elif isinstance(thing, type):
            self._class(thing)
        elif isinstance(thing, types.FunctionType):
            self._function(where, thing)
        elif isinstance(thing, functools._lru_cache_wrapper):
            self._cached(where, thing)
        elif (way := _way_to_look(thing)) is not None:
            way(self, where, thing)
            names = getattr(thing, "__dict__", None)
            if isinstance(names, dict) and not isinstance(thing, (Tool, logging.Logger)):
                self._names(where, names)
        elif type(thing).__module__.partition(".")[0] not in _PLAIN:
            self._instance(where, thing)

    def _is_own(self, module: str | None) -> bool:
        return module is not None and module.partition(".")[0] in self.packages

    def _module(self, where: str, module: types.ModuleType) -> None:
        name = module.__name__
        if self._is_own(name):
            self._names(name, vars(module))
        else:
            there = vars(module)
            self._libraries[name] = LibraryNames(name, there)
            self._place(
                name, partial(map, there.get), [n for n, v in there.items() if isinstance(v, FUNCTIONS)]
            )

    def _class(self, kind: type) -> None:
        if self._is_own(kind.__module__):
            self._owner(kind.__module__)
            self._names(f"{kind.__module__}.{kind.__qualname__}", vars(kind))

    def _function(self, where: str, function: types.FunctionType) -> None:
        if not self._is_own(function.__module__):
            return
        self._owner(function.__module__)
        where = f"{function.__module__}.{function.__qualname__}"
        self._place(where, _PARTS_OF_FUNCTION, function)
        self._names(where, function.__dict__)
        self._parts(f"a default of {where}", function.__defaults__ or ())
        self._parts(f"a default of {where}", (function.__kwdefaults__ or {}).values())
        for cell in function.__closure__ or ():
            self._members(f"a variable around {where}", _content_of, cell)

    def _cached(self, where: str, cached: Any) -> None:
        if self._is_own(getattr(cached, "__module__", None)):
            self._caches.append(cached)
            self._later(where, cached.__wrapped__)

    def _instance(self, where: str, thing: Any) -> None:
        slots = [s for kind in type(thing).__mro__ for s in _slots_of(kind)]
        names = getattr(thing, "__dict__", None)
        if isinstance(names, dict):
            self._names(where, names)
        if slots:
            self._members(where, lambda it: [getattr(it, slot, None) for slot in slots], thing)
        if not slots and not isinstance(names, dict):
            self._opaque(where, thing)

    def _opaque(self, where: str, thing: Any) -> None:
        try:
            self._content(where, lambda: _pickled(thing))
        except Exception:  # whatever its class raises, it cannot be looked into
            self._hidden.append(where)

    def _owner(self, module: str) -> None:
        if module in sys.modules:
            self._later(module, sys.modules[module])

    def _names(self, where: str, names: Mapping[str, Any]) -> None:
        self._place(where, type(names).keys, names)
        self._place(where, type(names).values, names)
        for name, value in list(names.items()):
            if not name.startswith("__"):
                self._later(f"{where}.{name}", value)

    def _mapping(self, where: str, mapping: Mapping[Any, Any]) -> None:
        self._members(f"a key of {where}", type(mapping).keys, mapping)
        self._members(f"a value of {where}", type(mapping).values, mapping)

    def _members(self, where: str, look: Callable[[Any], Iterable[Any]], thing: Any) -> None:
        self._place(where, look, thing)
        self._parts(where, self._places[-1].members)

    def _parts(self, where: str, parts: Iterable[Any]) -> None:
        for part in parts:
            self._later(where, part)

    def _place(self, where: str, look: Callable[[Any], Iterable[Any]], thing: Any) -> None:
        self._places.append(_Place(where, look, thing, tuple(look(thing))))

    def _content(self, where: str, look: Callable[[], Any]) -> None:
        self._contents.append(_Content(where, look, look()))

    def _later(self, where: str, thing: Any) -> None:
        if type(thing) not in (str, int, float, bool, bytes, type(None)):
            self._waiting.append((where, thing))


def _way_to_look(thing: Any) -> Callable[[ModuleState, str, Any], None] | None:
    """Return how to watch a thing of a kind that is known here."""
    return next((way for kinds, way in _WAYS if isinstance(thing, kinds)), None)


def _wrapped(thing: Any) -> Iterator[Any]:
    for name in ("__func__", "__self__", "fget", "fset", "fdel", "func", "args", "keywords"):
        yield getattr(thing, name, None)


def _logger(logger: logging.Logger) -> tuple[Any, ...]:
    return (*logger.handlers, *logger.filters, logger.level, logger.disabled, logger.propagate)


def _context(variable: contextvars.ContextVar[Any]) -> tuple[Any]:
    return (variable.get(None),)


def _pickled(thing: Any) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some kinds of iterators soon cannot be pickled any more
        return pickle.dumps(thing)


def _content_of(cell: types.CellType) -> tuple[Any, ...]:
    try:
        return (cell.cell_contents,)
    except ValueError:  # it is empty
        return ()


def _are_same(things: Sequence[Any], before: Sequence[Any]) -> bool:
    return len(things) == len(before) and all(map(is_, things, before))


def _slots_of(kind: type) -> list[str]:
    slots = kind.__dict__.get("__slots__", ())
    names = [slots] if isinstance(slots, str) else list(slots)
    return [n for n in names if n not in ("__dict__", "__weakref__") and not n.startswith("__")]


_WAYS: Final[tuple[tuple[tuple[type, ...], Callable[[ModuleState, str, Any], None]], ...]] = (
    ((dict, types.MappingProxyType), ModuleState._mapping),
    ((list, set, collections.deque), lambda state, where, thing: state._members(where, iter, thing)),
    ((tuple, frozenset), ModuleState._parts),
    (
        (staticmethod, classmethod, property, functools.partial, types.MethodType, functools.cached_property),
        lambda state, where, thing: state._parts(where, _wrapped(thing)),
    ),
    ((Tool,), lambda state, where, thing: state._later(where, thing.function)),
    ((np.ndarray,), lambda state, where, thing: state._content(where, thing.tobytes)),
    ((bytearray,), lambda state, where, thing: state._content(where, lambda: bytes(thing))),
    ((random.Random,), lambda state, where, thing: state._content(where, thing.getstate)),
    ((count, *_LOCKS), lambda state, where, thing: state._content(where, lambda: repr(thing))),
    ((logging.Logger,), lambda state, where, thing: state._content(where, lambda: _logger(thing))),
    ((contextvars.ContextVar,), lambda state, where, thing: state._members(where, _context, thing)),
)
