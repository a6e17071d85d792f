"""Submitting calls as jobs, put together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from gpserverless.calls.submit import JobSubmit
from gpserverless.jobs.idempotency import IdempotentSubmit

if TYPE_CHECKING:
    from gpserverless.app.job_stores import JobsSettings, JobStores
    from gpserverless.caller import Caller
    from gpserverless.jobs.job import NewJob
    from gpserverless.toolkit.catalogue import Catalogue


def make_job_submit(
    settings: JobsSettings, catalogue: Catalogue, stores: JobStores, charge: Callable[[NewJob], NewJob]
) -> JobSubmit:
    """Return what submits calls as jobs.

    Args:
        settings: The settings of the function.
        catalogue: The published services.
        stores: The stores of jobs.
        charge: Counts a job before it is stored.
    """

    def make_submit(worker: str) -> IdempotentSubmit:
        return IdempotentSubmit(stores.ledger, stores.objects, stores.queues[worker], stores.keys, charge)

    def make_reference_check(root: str, caller: Caller) -> Callable[[Any], None]:
        from gpserverless.app.fetching import policy_of  # a poll needs none of it
        from gpserverless.fetch.check import check_reference
        from gpserverless.protocols.gpserver.own_urls import OwnUrls

        policy = policy_of(settings, root)
        own = OwnUrls(lambda: stores.ledger, lambda: catalogue, lambda: stores.items)
        is_own = partial(own.check, root=root, caller=caller)
        return partial(check_reference, policy=policy, portal=settings.portal_url, is_own=is_own)

    return JobSubmit(catalogue, stores.ledger, make_submit, make_reference_check, stores.items)
