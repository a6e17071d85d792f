"""The layers of hosted services."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gpserverless.app.layer_files import LayerFiles
from gpserverless.caller import Caller
from gpserverless.calls.admission import refuse
from gpserverless.errors import NotFound, RequestError
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.items.find import find_service, find_version
from gpserverless.items.ports import ItemTable
from gpserverless.items.readings import Readings, Step
from gpserverless.outputs.object_store import ObjectReader
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
    objects: ObjectReader
    files: LayerFiles
    now: Callable[[], int]

    def find_service(self, name: str, caller: Caller, step: Step) -> FeatureService:
        """Return a service that a caller may see, in the version of a step; see `LayerSource`."""
        shown = find_service(self.items, self.objects, name, self.now())
        if shown is None:
            raise NotFound(f"Hosted service '{name[:120]}' not found.")
        if not shown.belongs_to(caller):
            raise refuse(caller)
        readings = Readings(self.items, self.now)
        version = readings.choose_version(shown, step)
        found = find_version(self.items, self.objects, shown, version)
        if found is None:
            raise RequestError(
                f"The service '{shown.name}' was overwritten while it was read, and the version that was "
                "read first is gone. Begin again."
            )

        def note_page(has_more: bool) -> None:
            readings.note_page(shown, step, version, has_more=has_more)

        layers = tuple(
            LayerReference(each.number, each.manifest, each.key, found.modified_at, note_page=note_page)
            for each in found.layers
        )
        return FeatureService(found.name, layers, found.description or found.snippet)

    @contextmanager
    def open_layer(self, layer: LayerReference) -> Iterator[LayerFile]:
        """Open a layer for one request; see `LayerSource`."""
        with self.files.open(layer.key, layer.manifest) as file:
            yield file
