"""The stores of jobs, as the functions that callers ask open them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from gpserverless.app.callers import QuotaSettings
from gpserverless.app.job_ends import make_end_recorder
from gpserverless.app.stores import open_objects, open_prompt_tables, open_queues
from gpserverless.clock import SystemClock
from gpserverless.items.ports import ItemTable
from gpserverless.jobs.idempotency import SubmitKeys
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobQueue
from gpserverless.jobs.rules import JobRules
from gpserverless.outputs.object_store import ObjectStore


@dataclass(frozen=True)
class JobsSettings(QuotaSettings):
    """Settings of a function that takes jobs in and answers for them."""

    bucket: str
    items_table: str
    queue_urls: Mapping[str, str]
    run_seconds: float
    retention_hours: float
    lease_seconds: float
    fetch_hosts: tuple[str, ...]
    private_hosts: tuple[str, ...]
    portal_url: str


@dataclass(frozen=True)
class JobStores:
    """The stores of jobs.

    Attributes:
        ledger: The ledger of jobs.
        objects: The store of inputs, results and files.
        queues: The queues of the workers, by name of the worker.
        keys: The keys of idempotent submits.
        items: The table of hosted services.
    """

    ledger: Ledger
    objects: ObjectStore
    queues: Mapping[str, JobQueue]
    keys: SubmitKeys
    items: ItemTable

    @classmethod
    def open(cls, settings: JobsSettings) -> Self:
        """Open the stores, with short timeouts for a waiting caller.

        Args:
            settings: The settings of the function.
        """
        rules = JobRules.of(settings.run_seconds, settings.retention_hours, settings.lease_seconds)
        table, keys, items = open_prompt_tables(settings.table, settings.items_table)
        ledger = Ledger(table, rules, SystemClock(), make_end_recorder(settings.table))
        objects = open_objects(settings.bucket, prompt=True)
        return cls(ledger, objects, open_queues(settings.queue_urls), keys, items)
