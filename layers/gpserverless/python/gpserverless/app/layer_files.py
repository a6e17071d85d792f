"""The files of layers, each open for one request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gpserverless.cancellation import Deadline
from gpserverless.featurelayers.cache import LayerCache
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest

FindDeadline = Callable[[], Deadline]
"""Returns the end of the time of the request that runs."""


@dataclass(frozen=True)
class LayerFiles:
    """The files of layers.

    Attributes:
        cache: The files on this machine's disk.
        find_deadline: Finds the end of the time of a request.
    """

    cache: LayerCache
    find_deadline: FindDeadline

    @contextmanager
    def open(self, key: str, manifest: LayerManifest) -> Iterator[LayerFile]:
        """Open a file for one request.

        Args:
            key: Its key in the store, "" for a layer without rows, of which nothing is stored.
            manifest: Its description.
        """
        if not key:
            from gpserverless.featurelayers.empty import open_empty_layer  # with all that writes

            with open_empty_layer(manifest) as empty:
                yield empty
            return
        deadline = self.find_deadline()
        file = self.cache.open(key, manifest, deadline)
        file.deadline = deadline
        yield file
