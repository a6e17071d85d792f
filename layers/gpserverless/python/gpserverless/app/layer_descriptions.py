"""Descriptions of layers that are objects of the store, kept from one request to the next."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from gpserverless.outputs.object_store import ObjectReader

MOST_BYTES = 16_000_000
"""Bytes of the descriptions that are kept: those of a thousand layers, or of some with very many fields."""


@dataclass
class Descriptions:
    """Reads objects, and keeps those that were used last; no object is ever changed.

    Attributes:
        objects: The store.
        most: Most bytes that are kept.
    """

    objects: ObjectReader
    most: int = MOST_BYTES
    _kept: OrderedDict[str, bytes] = field(default_factory=OrderedDict, repr=False)
    _size: int = field(default=0, repr=False)

    def get(self, key: str) -> bytes:
        """Return an object's bytes; see `ObjectReader`."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        body = self.objects.get(key)
        self._kept[key] = body
        self._size += len(body)
        while self._size > self.most:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest)
        return body
