"""Pictures that were stored lately, so that the same request neither draws nor stores one again.

A picture is fetched without a token, under a name that nobody can guess. So names stay random. Who may see
the layers is told the name that another one was told.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from gpserverless.protocols.mapserver.read_export import Export

MOST_PICTURES = 500
"""Pictures of which a function remembers the name."""

_REMEMBERED_MS = 3_600_000  # the store keeps pictures for a day


@dataclass(frozen=True)
class StoredPicture:
    """A picture in the store.

    Attributes:
        href: Its URL.
        messages: Sentences about features that it does not show.
    """

    href: str
    messages: tuple[str, ...]


@dataclass(frozen=True)
class PictureMemory:
    """Remembers the pictures that were stored last.

    Attributes:
        now: The time in milliseconds since 1970-01-01 UTC.
    """

    now: Callable[[], int]
    _known: OrderedDict[Hashable, tuple[int, StoredPicture]] = field(default_factory=OrderedDict, repr=False)

    def find_or_store(self, root: str, asked: Export, store: Callable[[], StoredPicture]) -> StoredPicture:
        """Return the picture that was stored for the same wish within an hour, or store one.

        One of conditions that name the clock is another at each moment.

        Args:
            root: Public URL of the site.
            asked: The picture that is wanted.
            store: Draws and stores it.
        """
        if asked.conditions.names_clock:
            return store()
        key, now = _make_key(root, asked), self.now()
        stored_at, known = self._known.get(key, (0, None))
        if known is None or now - stored_at >= _REMEMBERED_MS:
            known = store()
            self._known[key] = now, known
        self._known.move_to_end(key)
        while len(self._known) > MOST_PICTURES:
            self._known.popitem(last=False)
        return known


def _make_key(root: str, asked: Export) -> Hashable:
    """Return what tells two pictures apart: the key of a layer names its rows and its style for ever."""
    layers = tuple((layer.number, layer.key, layer.manifest.name) for layer in asked.layers)
    definitions = tuple(sorted(asked.conditions.definitions.items()))
    where = (asked.view, repr(asked.reference), asked.is_on_map)
    times = asked.conditions.time, asked.conditions.timeless
    return root, layers, definitions, times, where, asked.format, asked.transparent
