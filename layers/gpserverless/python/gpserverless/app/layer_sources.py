"""The layers of hosted services."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gpserverless.app.layer_files import LayerFiles
from gpserverless.caller import Caller
from gpserverless.calls.admission import refuse
from gpserverless.errors import NotFound
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.items.find import find_service
from gpserverless.items.ports import ItemTable
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.featureserver.ports import FeatureService, LayerReference


@dataclass(frozen=True)
class HostedLayers:
    """The layers of hosted services; see `featureserver.ports.LayerSource`.

    Attributes:
        items: The table of hosted services.
        objects: The store, for long descriptions of layers.
        files: The files of the layers.
        now: The time in milliseconds since 1970-01-01 UTC.
    """

    items: ItemTable
    objects: ObjectStore
    files: LayerFiles
    now: Callable[[], int]

    def find_service(self, name: str, caller: Caller) -> FeatureService:
        """Return a service that a caller may see; see `LayerSource`."""
        found = find_service(self.items, self.objects, name, self.now())
        if found is None:
            raise NotFound(f"Hosted service '{name[:120]}' not found.")
        if not found.belongs_to(caller):
            raise refuse(caller)
        layers = tuple(
            LayerReference(each.number, each.manifest, each.key, found.modified_at) for each in found.layers
        )
        return FeatureService(found.name, layers, found.description or found.snippet)

    @contextmanager
    def open_layer(self, layer: LayerReference) -> Iterator[LayerFile]:
        """Open a layer for one request; see `LayerSource`."""
        with self.files.open(layer.key, layer.manifest) as file:
            yield file
