"""The stores of the function that draws rasters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gpserverless.app.raster_files import Download, FetchPart
from gpserverless.cancellation import CheckCancelled
from gpserverless.clock import SystemClock
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.outputs.object_store import ObjectStore


@dataclass(frozen=True)
class RasterStores:
    """What the function reads and writes.

    Attributes:
        ledger: The ledger of jobs.
        objects: The store.
        download: Downloads an object into a file.
        fetch: Fetches a part of an object.
    """

    ledger: Ledger
    objects: ObjectStore
    download: Download
    fetch: FetchPart


def open_raster_stores(table: str, bucket: str) -> RasterStores:
    """Open the stores, with short timeouts for a waiting caller.

    Args:
        table: Name of the job table.
        bucket: Name of the bucket.
    """
    from gpserverless.storage.clients import dynamodb_client, s3_client
    from gpserverless.storage.job_table import DynamoJobTable
    from gpserverless.storage.upload_store import S3UploadStore

    files = S3UploadStore(s3_client(prompt=True), bucket)

    def download(key: str, path: Path, check: CheckCancelled) -> None:
        files.save(files.stat(key), path, check)

    ledger = Ledger(DynamoJobTable(dynamodb_client(prompt=True), table), JobRules(), SystemClock())
    return RasterStores(ledger, files, download, files.get_range)
