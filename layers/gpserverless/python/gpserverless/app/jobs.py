"""The function that takes jobs in, and answers for them until they expire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from gpserverless.app.callers import Callers, QuotaSettings
from gpserverless.app.dispatcher import make_dispatcher
from gpserverless.app.job_ends import make_end_recorder
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.snapstart import renew_after_restore
from gpserverless.app.stores import open_objects, open_queues, open_table_and_keys
from gpserverless.caller import Caller
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.calls.submit import JobSubmit
from gpserverless.clock import SystemClock
from gpserverless.jobs.idempotency import IdempotentSubmit, SubmitKeys
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobQueue
from gpserverless.jobs.rules import JobRules
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.gpserver.job_routes import JobRoutes
from gpserverless.toolkit.catalogue import Catalogue


@dataclass(frozen=True)
class JobsSettings(QuotaSettings):
    """Settings of the function that takes jobs in and answers for them."""

    bucket: str
    queue_urls: Mapping[str, str]
    run_seconds: float
    retention_hours: float
    lease_seconds: float
    fetch_hosts: tuple[str, ...]
    private_hosts: tuple[str, ...]
    portal_url: str


class JobsFunction:
    """Answers `submitJob`, everything below a job, and requests for files.

    Args:
        settings: The function's settings.
        catalogue: The published services.
        ledger: The ledger of jobs.
        objects: The store of inputs, results and files.
        queues: The queues of the workers, by name of the worker.
        keys: The keys of idempotent submits.
        callers: Its callers.
    """

    def __init__(
        self,
        settings: JobsSettings,
        catalogue: Catalogue,
        ledger: Ledger,
        objects: ObjectStore,
        queues: Mapping[str, JobQueue],
        keys: SubmitKeys,
        callers: Callers,
    ) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._ledger = ledger
        self._objects = objects
        self._queues = queues
        self._keys = keys
        self._quotas = callers.quotas
        job_submit = JobSubmit(catalogue, ledger, self._make_submit, self._make_reference_check)
        self._routes = JobRoutes(catalogue, ledger, objects, job_submit)
        self._dispatcher = make_dispatcher(settings, catalogue, callers.identify, self._routes.read)

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> JobsFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = JobsSettings.read(environment)
        renew_after_restore()
        rules = JobRules.of(settings.run_seconds, settings.retention_hours, settings.lease_seconds)
        table, keys = open_table_and_keys(settings.table)
        ledger = Ledger(table, rules, SystemClock(), make_end_recorder(settings.table))
        objects = open_objects(settings.bucket, prompt=True)
        queues = open_queues(settings.queue_urls)
        catalogue = load_catalogue(settings.switched_on, settings.secured)
        return cls(settings, catalogue, ledger, objects, queues, keys, Callers.of(settings))

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
            remaining_ms: Time that is left to the function.
        """
        deadline = RequestDeadline.of(event, remaining_ms, self._ledger.clock.now)
        handlers = self._routes.until(deadline.end - self._ledger.rules.commit_ms)
        return self._dispatcher.answer(event, handlers)

    def _make_submit(self, worker: str) -> IdempotentSubmit:
        charge = self._quotas.charge_job
        return IdempotentSubmit(self._ledger, self._objects, self._queues[worker], self._keys, charge)

    def _make_reference_check(self, root: str, caller: Caller) -> Callable[[Any], None]:
        from gpserverless.app.fetching import policy_of  # a poll needs none of it
        from gpserverless.fetch.check import check_reference
        from gpserverless.protocols.gpserver.own_urls import OwnUrls

        policy = policy_of(self._settings, root)
        own = OwnUrls(lambda: self._ledger, lambda: self._catalogue)
        is_own = partial(own.check, root=root, caller=caller)
        return partial(check_reference, policy=policy, portal=self._settings.portal_url, is_own=is_own)
