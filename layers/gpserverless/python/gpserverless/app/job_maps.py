"""The maps of jobs and of their services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import orjson

from gpserverless.app.layer_files import LayerFiles
from gpserverless.caller import Caller
from gpserverless.calls.admission import Need, check_access
from gpserverless.errors import NotFound, UnknownJob
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.jobs.find import check_succeeded, get_job_of_any_task
from gpserverless.jobs.job import Job, StoredResult
from gpserverless.jobs.keys import layer_key, layer_manifest_key
from gpserverless.jobs.ledger import Ledger
from gpserverless.outputs.object_store import ObjectReader
from gpserverless.protocols.mapserver.empty_layers import describe_output
from gpserverless.protocols.mapserver.ports import Map, MapLayer, MapOutput
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.layers import number_outputs
from gpserverless.toolkit.spec import ServiceSpec


@dataclass(frozen=True)
class JobMaps:
    """The maps of jobs and of their services; see `mapserver.ports.ResultSource`.

    Attributes:
        catalogue: The published services.
        ledger: The ledger of jobs.
        objects: The store of descriptions.
        files: The files of the layers.
    """

    catalogue: Catalogue
    ledger: Ledger
    objects: ObjectReader
    files: LayerFiles

    def find_service(self, service: str, caller: Caller) -> Map:
        """Return the map of a service, of which the layers have no rows; see `MapSource`."""
        check_access(self.catalogue, caller, Need.SEE, service)
        spec = self.catalogue.service(service)
        if spec.execution != "async":
            raise NotFound(
                f"The tasks of '{service}' are executed at once, so there is no map of their results."
            )
        outputs = number_outputs(spec, caller)
        layers = tuple(MapLayer(each.number, describe_output(each.parameter)) for each in outputs)
        return Map(service, layers, spec.description)

    def find_job(self, service: str, job: str, caller: Caller) -> Map:
        """Return the map of a job; see `MapSource`."""
        check_access(self.catalogue, caller, Need.SEE, service)
        found = get_job_of_any_task(self.ledger, job, caller)
        if found.service != service:
            raise UnknownJob(f"There is no job '{job}'.")
        check_access(self.catalogue, caller, Need.SEE, service, found.task)
        check_succeeded(found)
        spec = self.catalogue.service(service)
        layers = tuple(self._list_layers(found, spec, caller))
        return Map(service, layers, spec.description, expires=found.expires_at)

    def find_output(self, service: str, task: str, parameter: str, caller: Caller) -> MapOutput | None:
        """Return an output that is a layer; see `ResultSource`."""
        outputs = number_outputs(self.catalogue.service(service), caller)
        asked = task, parameter.lower()
        found = next((each for each in outputs if (each.task, each.parameter.name.lower()) == asked), None)
        return None if found is None else MapOutput(found.parameter.name, found.number)

    def _list_layers(self, job: Job, spec: ServiceSpec, caller: Caller) -> Iterator[MapLayer]:
        for number, task, parameter in number_outputs(spec, caller):
            stored = job.results.get(parameter.name) if task == job.task else None
            if stored is not None and stored.layer_size:
                manifest = replace(self._read_manifest(stored), name=parameter.title)
                yield MapLayer(number, manifest, layer_key(stored.key), job.ended_at or 0)

    def _read_manifest(self, stored: StoredResult) -> LayerManifest:
        return LayerManifest.from_document(orjson.loads(self.objects.get(layer_manifest_key(stored.key))))

    @contextmanager
    def open_layer(self, layer: MapLayer) -> Iterator[LayerFile]:
        """Open a layer for one request; see `MapSource`."""
        with self.files.open(layer.key, layer.manifest) as file:
            yield file
