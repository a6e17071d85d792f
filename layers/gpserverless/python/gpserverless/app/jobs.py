"""The function that takes jobs in, and answers for them until they expire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from gpserverless.app.callers import Callers
from gpserverless.app.dispatcher import make_dispatcher
from gpserverless.app.job_stores import JobsSettings, JobStores
from gpserverless.app.job_submit import make_job_submit
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.result_pictures import ResultPictures
from gpserverless.app.snapstart import renew_after_restore
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.protocols.gpserver.job_routes import JobRoutes
from gpserverless.toolkit.catalogue import Catalogue


@dataclass(frozen=True)
class JobsFunctionSettings(JobsSettings):
    """Settings of the function that takes jobs in and shows them."""

    layers_function: str
    raster_maps_function: str


class JobsFunction:
    """Answers `submitJob`, everything below a job, and requests for files.

    Args:
        settings: The function's settings.
        catalogue: The published services.
        stores: The stores of jobs.
        callers: Its callers.
        pictures: Has results drawn.
    """

    def __init__(
        self,
        settings: JobsSettings,
        catalogue: Catalogue,
        stores: JobStores,
        callers: Callers,
        pictures: ResultPictures,
    ) -> None:
        self._ledger = stores.ledger
        self._pictures = pictures
        job_submit = make_job_submit(settings, catalogue, stores, callers.quotas.charge_job)
        self._routes = JobRoutes(catalogue, stores.ledger, stores.objects, job_submit)
        self._dispatcher = make_dispatcher(settings, catalogue, callers.identify, self._routes.read)

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> JobsFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = JobsFunctionSettings.read(environment)
        renew_after_restore()
        stores = JobStores.open(settings)
        pictures = ResultPictures.open(settings.layers_function, settings.raster_maps_function)
        catalogue = load_catalogue(settings.switched_on, settings.secured)
        return cls(settings, catalogue, stores, Callers.of(settings), pictures)

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
            remaining_ms: Time that is left to the function.
        """
        deadline = RequestDeadline.of(event, remaining_ms, self._ledger.clock.now)
        commit_until = deadline.end - self._ledger.rules.commit_ms
        handlers = self._routes.for_request(commit_until, partial(self._pictures.draw, event))
        return self._dispatcher.answer(event, handlers)
