"""The four functions of a job, built as they are deployed, on clients with faults."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from dev.faults.lab.aws import BUCKET, QUEUE_URL
from gpserverless.app.callers import Callers
from gpserverless.app.dead_letters import DeadLettersFunction
from gpserverless.app.job_stores import JobStores
from gpserverless.app.jobs import JobsFunction, JobsFunctionSettings
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.reaper import ReaperFunction
from gpserverless.app.result_pictures import ResultPictures
from gpserverless.app.worker import WorkerFunction
from gpserverless.clock import Clock
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.storage.item_table import DynamoItemTable
from gpserverless.storage.job_queue import SqsJobQueue
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.object_store import S3ObjectStore
from gpserverless.storage.submit_keys import DynamoSubmitKeys

API_MS, WORKER_MS, REAPER_MS, DEAD_LETTERS_MS = 28_000, 900_000, 50_000, 30_000
"""The timeouts of the functions in template.yaml."""


@dataclass(frozen=True)
class Clients:
    """The clients of AWS, with faults, and the name of the job table."""

    dynamodb: Any
    s3: Any
    sqs: Any
    table: str


@dataclass(frozen=True)
class Functions:
    """The functions that make up a job's life."""

    jobs: JobsFunction
    worker: WorkerFunction
    reaper: ReaperFunction
    dead_letters: DeadLettersFunction


def build_functions(
    clients: Clients, rules: JobRules, clock: Clock, worker_clock: Clock, tool: Any
) -> Functions:
    """Build the functions.

    Args:
        clients: Their clients of AWS.
        rules: The rules of the jobs.
        clock: The clock of all but the worker.
        worker_clock: The clock of the worker.
        tool: Runs the tools for the worker.
    """
    table, objects = DynamoJobTable(clients.dynamodb, clients.table), S3ObjectStore(clients.s3, BUCKET)
    queue = SqsJobQueue(clients.sqs, QUEUE_URL)
    queues = {"core": queue}
    ledger = Ledger(table, rules, clock)
    items = DynamoItemTable(clients.dynamodb, os.environ["ITEMS_TABLE"])
    settings, keys = JobsFunctionSettings.read(os.environ), DynamoSubmitKeys(clients.dynamodb, clients.table)
    catalogue = load_catalogue(settings.switched_on, settings.secured)
    callers, stores = Callers.of(settings), JobStores(ledger, objects, queues, keys, items)
    pictures = ResultPictures.open(settings.layers_function, settings.raster_maps_function)
    return Functions(
        JobsFunction(settings, catalogue, stores, callers, pictures),
        WorkerFunction(Ledger(table, rules, worker_clock), objects, queue, tool),
        ReaperFunction(ledger, queues, objects),
        DeadLettersFunction(ledger),
    )
