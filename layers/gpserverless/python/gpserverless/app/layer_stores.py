"""The stores of result services."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gpserverless.app.stores import open_prompt_tables
from gpserverless.cancellation import CheckCancelled
from gpserverless.featurelayers.cache import MOST_OPEN, LayerCache
from gpserverless.items.ports import ItemTable
from gpserverless.outputs.object_store import FileObjects

if TYPE_CHECKING:
    from gpserverless.jobs.ports import JobTable


@dataclass(frozen=True)
class LayerStores:
    """What the function of result services reads and writes.

    Attributes:
        jobs: The job table.
        items: The table of hosted services.
        objects: The store.
        files: Files of layers on this machine's disk, from one request to the next.
    """

    jobs: JobTable
    items: ItemTable
    objects: FileObjects
    files: LayerCache


def open_layer_stores(
    table: str, items: str, bucket: str, *, most: int = MOST_OPEN, in_parts: bool = True
) -> LayerStores:
    """Open the stores of result services, with short timeouts for a waiting caller.

    Args:
        table: Name of the job table.
        items: Name of the table of hosted services.
        bucket: Name of the bucket.
        most: Files of layers that are kept at a time.
        in_parts: Whether large files are read in parts, and not fetched whole.
    """
    from gpserverless.storage.clients import s3_client
    from gpserverless.storage.upload_store import S3UploadStore

    jobs, _, services = open_prompt_tables(table, items)
    files = S3UploadStore(s3_client(prompt=True), bucket)

    def download(key: str, path: Path, check: CheckCancelled) -> None:
        files.save(files.stat(key), path, check)

    def read_range(key: str, start: int, end: int) -> bytes:
        return files.get_range(key, start, end - start)

    kept = LayerCache(Path(tempfile.gettempdir(), "layers"), download, read_range if in_parts else None, most)
    return LayerStores(jobs, services, files, kept)
