"""The function that speaks SOAP: catalogue, descriptions, jobs. Another one answers Execute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from gpserverless.app.callers import Callers
from gpserverless.app.job_stores import JobsSettings, JobStores
from gpserverless.app.job_submit import make_job_submit
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.snapstart import load_before_snapshot, renew_after_restore
from gpserverless.app.soap_parts import make_soap_dispatcher, make_upload_keeper
from gpserverless.app.stores import open_remote_function
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.clock import SystemClock
from gpserverless.jobs.rules import JobRules
from gpserverless.protocols.gpserver.urls import TOKENS, help_url
from gpserverless.protocols.soap.dispatch import Forward
from gpserverless.protocols.soap.operations.catalogue import CatalogueOperations
from gpserverless.protocols.soap.operations.discovery import DiscoveryOperations
from gpserverless.protocols.soap.operations.jobs import JobOperations
from gpserverless.protocols.soap.operations.submit import SubmitOperation
from gpserverless.toolkit.catalogue import Catalogue


@dataclass(frozen=True)
class SoapSettings(JobsSettings):
    """Settings of the function that speaks SOAP."""

    execute_function: str
    upload_megabytes: float


class SoapFunction:
    """Answers everything below `services`, for clients of SOAP.

    Args:
        settings: The function's settings.
        catalogue: The published services.
        open_stores: Opens the stores of jobs; the catalogue and descriptions need none.
        forward: Hands an event to the function that executes tools.
        callers: Its callers.
    """

    def __init__(
        self,
        settings: SoapSettings,
        catalogue: Catalogue,
        open_stores: Callable[[], JobStores],
        forward: Forward,
        callers: Callers,
    ) -> None:
        self._dispatcher = make_soap_dispatcher(settings.public_url, catalogue, callers.identify)
        self._forwards = {"Execute": forward}
        self._commit_ms = JobRules().commit_ms

        keeper = make_upload_keeper(settings, catalogue, callers)

        def open_job_submit() -> Any:
            return make_job_submit(settings, catalogue, open_stores(), callers.quotas.charge_job)

        self._submit = SubmitOperation(open_job_submit, keeper.find)
        jobs = JobOperations(catalogue, lambda: open_stores().ledger, lambda: open_stores().objects)
        self._handlers = {
            **CatalogueOperations(catalogue, TOKENS).handlers,
            **DiscoveryOperations(catalogue, help_url).handlers,
            **jobs.handlers,
        }

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> SoapFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = SoapSettings.read(environment)
        renew_after_restore()
        open_stores = cache(partial(JobStores.open, settings))
        open_execute = cache(partial(open_remote_function, settings.execute_function))
        load_before_snapshot(open_stores, open_execute)
        catalogue = load_catalogue(settings.switched_on, settings.secured)

        def forward(event: Mapping[str, Any]) -> dict[str, Any]:
            return open_execute().answer(event)

        return cls(settings, catalogue, open_stores, forward, Callers.of(settings))

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
            remaining_ms: Time that is left to the function.
        """
        deadline = RequestDeadline.of(event, remaining_ms, SystemClock().now)
        submit = partial(self._submit.submit, until=deadline.end - self._commit_ms)
        return self._dispatcher.answer(event, {**self._handlers, "SubmitJob": submit}, self._forwards)
