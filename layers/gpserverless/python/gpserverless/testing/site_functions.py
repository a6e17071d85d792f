"""The functions of a site in memory: those of a deployment, in one process."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from gpserverless.access.credentials import Identify
from gpserverless.access.quotas import QuotaCheck, Quotas
from gpserverless.app.callers import Callers
from gpserverless.app.directory import DirectoryFunction, DirectorySettings
from gpserverless.app.downloads import DownloadsFunction, DownloadsSettings
from gpserverless.app.execute import ExecuteFunction, ExecuteSettings
from gpserverless.app.job_stores import JobsSettings
from gpserverless.app.jobs import JobsFunction
from gpserverless.app.layers import LayersFunction, LayersSettings
from gpserverless.app.own_inputs import write_layer
from gpserverless.app.quotas import CallerQuotas
from gpserverless.app.raster_maps import RasterMapsFunction, RasterMapsSettings
from gpserverless.app.result_pictures import ResultPictures
from gpserverless.app.worker import WorkerFunction
from gpserverless.jobs.hosting import Hosting
from gpserverless.jobs.transfer import TransferLimits
from gpserverless.protocols.gpserver.own_resources import OwnResources
from gpserverless.protocols.gpserver.own_urls import OwnUrls
from gpserverless.sandbox.prepared_runner import PreparedRunner
from gpserverless.sandbox.runner import Runner
from gpserverless.settings import QUEUES
from gpserverless.testing.events import function_of, queue_event
from gpserverless.testing.runner import InProcessRunner, NoUploads, OwnFetching
from gpserverless.testing.signed_in_callers import SignedInCallers
from gpserverless.testing.site_stores import SiteStores
from gpserverless.toolkit.catalogue import Catalogue

ORIGIN = "https://site.test"
"""Scheme and host of the site."""

_GATEWAY_FUNCTION_MS = 28_000
_WORKER_MS = 900_000
_ENVIRONMENT = {
    "PUBLIC_URL": f"{ORIGIN}/arcgis",
    "BUCKET": "in-memory",
    "JOBS_TABLE": "in-memory",
    "ITEMS_TABLE": "in-memory",
    "FETCH_FUNCTION": "none",
    "ACCESS_TABLE": "in-memory",
    "FETCH_ALLOWED_HOSTS": ",",  # none
    "PORTAL_USER": "nobody",  # no portal is asked, but its items are named
    **dict.fromkeys(QUEUES.values(), "in-memory"),
}


class SiteFunctions:
    """The functions behind the gateway, and the worker.

    Args:
        catalogue: The services.
        runner: Runs tools.
        stores: The stores of all functions.
        signed_in: The callers who have signed in.
        quotas: Quotas of callers.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        runner: Runner | InProcessRunner,
        stores: SiteStores,
        signed_in: SignedInCallers,
        quotas: Quotas,
    ) -> None:
        check = QuotaCheck(quotas, lambda: stores.use_rows, stores.clock)
        callers = Callers(signed_in.identify, CallerQuotas(check))
        self._directory = DirectoryFunction(
            DirectorySettings.read(_ENVIRONMENT), catalogue, signed_in.identify, signed_in.find_user
        )
        self._build_result_services(catalogue, stores, signed_in.identify)
        self._build_jobs(catalogue, stores, callers)
        self._build_runs(catalogue, cast("Runner", runner), stores, callers)  # both runners are called alike

    def _build_runs(self, catalogue: Catalogue, runner: Runner, stores: SiteStores, callers: Callers) -> None:
        """Build the functions that run tools."""
        own_urls = OwnUrls(lambda: stores.ledger, lambda: catalogue, lambda: stores.items)
        preparation = OwnFetching(OwnResources(own_urls, stores.objects, NoUploads(), write_layer))
        self._execute = ExecuteFunction(
            ExecuteSettings.read(_ENVIRONMENT),
            catalogue,
            runner,
            lambda: stores.objects,
            preparation,
            callers,
            stores.clock.now,
        )
        self._worker = WorkerFunction(
            stores.ledger,
            stores.objects,
            stores.queue,
            PreparedRunner(runner, preparation, dict),
            hosting=Hosting(stores.items, stores.clock),
            transfer=TransferLimits(catalogue),
        )

    def _build_jobs(self, catalogue: Catalogue, stores: SiteStores, callers: Callers) -> None:
        self._jobs = JobsFunction(
            JobsSettings.read(_ENVIRONMENT),
            catalogue,
            stores.of_jobs(),
            callers,
            ResultPictures(
                lambda event: self._layers.handle(event, _GATEWAY_FUNCTION_MS),
                lambda event: self._raster_maps.handle(event, _GATEWAY_FUNCTION_MS),
            ),
        )

    def _build_result_services(self, catalogue: Catalogue, stores: SiteStores, identify: Identify) -> None:
        """Build the functions of layers, of their files, and of images."""
        self._layers = LayersFunction(
            LayersSettings.read(_ENVIRONMENT),
            lambda: catalogue,
            stores.of_layers(),
            identify,
            stores.clock,
        )
        self._downloads = DownloadsFunction(
            DownloadsSettings.read(_ENVIRONMENT),
            catalogue,
            stores.of_layers(),
            identify,
            stores.clock,
        )
        self._raster_maps = RasterMapsFunction(
            RasterMapsSettings.read(_ENVIRONMENT),
            catalogue,
            stores.of_rasters(),
            identify,
            Path(tempfile.gettempdir(), "gpserverless-rasters"),
        )

    def answer(self, path: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer of the function that the gateway gives a request to.

        Args:
            path: Path of the request.
            event: The request, as the gateway hands it over.
        """
        match function_of(path):
            case "execute":
                return self._execute.handle(event, _GATEWAY_FUNCTION_MS)
            case "jobs":
                return self._jobs.handle(event, _GATEWAY_FUNCTION_MS)
            case "downloads":
                return self._downloads.handle(event, _GATEWAY_FUNCTION_MS)
            case "layers":
                return self._layers.handle(event, _GATEWAY_FUNCTION_MS)
            case "raster_maps":
                return self._raster_maps.handle(event, _GATEWAY_FUNCTION_MS)
        return self._directory.handle(event)

    def work(self, job_id: str) -> None:
        """Let the worker make an attempt at a job.

        Args:
            job_id: Id of the job.
        """
        self._worker.handle(queue_event(job_id), _WORKER_MS)
