"""The table, store and queues of a function, opened by name; botocore is loaded here and no sooner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gpserverless.storage.item_table import DynamoItemTable
    from gpserverless.storage.job_queue import SqsJobQueue
    from gpserverless.storage.job_table import DynamoJobTable
    from gpserverless.storage.object_store import S3ObjectStore
    from gpserverless.storage.remote_function import RemoteFunction
    from gpserverless.storage.submit_keys import DynamoSubmitKeys


def open_table(name: str) -> DynamoJobTable:
    """Open the job table.

    Args:
        name: Name of the table.
    """
    from gpserverless.storage.clients import dynamodb_client
    from gpserverless.storage.job_table import DynamoJobTable

    return DynamoJobTable(dynamodb_client(), name)


def open_table_and_items(name: str, items: str) -> tuple[DynamoJobTable, DynamoItemTable]:
    """Open the job table, and that of hosted services.

    Args:
        name: Name of the job table.
        items: Name of the table of hosted services.
    """
    from gpserverless.storage.clients import dynamodb_client
    from gpserverless.storage.item_table import DynamoItemTable
    from gpserverless.storage.job_table import DynamoJobTable

    client = dynamodb_client()
    return DynamoJobTable(client, name, items), DynamoItemTable(client, items)


def open_items(name: str) -> DynamoItemTable:
    """Open the table of hosted services.

    Args:
        name: Name of the table.
    """
    from gpserverless.storage.clients import dynamodb_client
    from gpserverless.storage.item_table import DynamoItemTable

    return DynamoItemTable(dynamodb_client(), name)


def open_prompt_tables(name: str, items: str) -> tuple[DynamoJobTable, DynamoSubmitKeys, DynamoItemTable]:
    """Open the job table, the keys of submits in it, and hosted services: with short timeouts for a caller.

    Args:
        name: Name of the job table.
        items: Name of the table of hosted services.
    """
    from gpserverless.storage.clients import dynamodb_client
    from gpserverless.storage.item_table import DynamoItemTable
    from gpserverless.storage.job_table import DynamoJobTable
    from gpserverless.storage.submit_keys import DynamoSubmitKeys

    client = dynamodb_client(prompt=True)
    return DynamoJobTable(client, name, items), DynamoSubmitKeys(client, name), DynamoItemTable(client, items)


def open_objects(bucket: str, *, prompt: bool = False) -> S3ObjectStore:
    """Open the object store.

    Args:
        bucket: Name of the bucket.
        prompt: Whether timeouts are short, for a caller that waits.
    """
    from gpserverless.storage.clients import s3_client
    from gpserverless.storage.object_store import S3ObjectStore

    return S3ObjectStore(s3_client(prompt=prompt), bucket)


def open_queue(url: str) -> SqsJobQueue:
    """Open the queue of one worker.

    Args:
        url: URL of the queue.
    """
    return open_queues({"": url})[""]


def open_queues(urls: Mapping[str, str]) -> dict[str, SqsJobQueue]:
    """Open the queues of workers.

    Args:
        urls: URLs of the queues by name of the worker.
    """
    from gpserverless.storage.clients import sqs_client
    from gpserverless.storage.job_queue import SqsJobQueue

    client = sqs_client()
    return {worker: SqsJobQueue(client, url) for worker, url in urls.items()}


def open_remote_function(name: str) -> RemoteFunction:
    """Open another function behind the gateway.

    Args:
        name: Name of the function.
    """
    from gpserverless.storage.clients import lambda_client
    from gpserverless.storage.remote_function import RemoteFunction

    return RemoteFunction(lambda_client(), name)
