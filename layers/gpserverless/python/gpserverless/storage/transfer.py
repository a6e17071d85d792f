"""Large files to and from S3: in parts, several at a time, with boto3's transfer manager.

Parts are sent from the file and written into it. A transfer holds about a megabyte for each thread, and a
download at most `_QUEUED_BLOCKS` blocks that wait to be written. All threads have ended when a call returns.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boto3.s3.transfer import TransferConfig, create_transfer_manager
from s3transfer.exceptions import RetriesExceededError, S3DownloadFailedError
from s3transfer.subscribers import BaseSubscriber

from gpserverless.cancellation import CHECK_SECONDS, CheckCancelled
from gpserverless.errors import NotFound, StorageError
from gpserverless.uploads.ports import StoredObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from s3transfer.futures import TransferFuture
    from s3transfer.manager import TransferManager

THREADS = 4
"""Parts of one file that are under way at the same time; the clients keep ten connections."""

_BLOCK_BYTES = 256 * 2**10
_QUEUED_BLOCKS = 32


class _Subscriber(BaseSubscriber):
    """Is told of the beginning and the end of a transfer.

    Args:
        stored: The object that is downloaded. S3 is not asked for its size and tag then, and refuses to send
            parts of another.
    """

    def __init__(self, stored: StoredObject | None = None) -> None:
        self.ended = threading.Event()
        self._stored = stored

    def on_queued(self, future: TransferFuture, **_: Any) -> None:
        if self._stored is not None:
            future.meta.provide_transfer_size(self._stored.size)
            future.meta.provide_object_etag(self._stored.etag)

    def on_done(self, future: TransferFuture, **_: Any) -> None:
        self.ended.set()


@dataclass(frozen=True)
class FileTransfer:
    """Moves large files between the disk and a bucket.

    Attributes:
        client: Client of S3.
        bucket: Name of the bucket.
        part_bytes: Bytes of a part, at least 5 MiB. A smaller file goes in one piece.
    """

    client: S3Client
    bucket: str
    part_bytes: int

    def upload(
        self, path: Path, key: str, headers: Mapping[str, str], check_cancelled: CheckCancelled
    ) -> None:
        """Write a file as an object. The parts of an upload that fails are removed.

        Args:
            path: The file.
            key: Key of the object.
            headers: Arguments of CreateMultipartUpload, such as `ContentType`.
            check_cancelled: Called several times a second; it raises to end the upload.

        Raises:
            ClientError: S3 refused the object, for instance because there is one of this key.
        """
        subscriber = _Subscriber()
        self._transfer(
            lambda manager: manager.upload(str(path), self.bucket, key, dict(headers), [subscriber]),
            subscriber,
            check_cancelled,
        )

    def download(self, stored: StoredObject, path: Path, check_cancelled: CheckCancelled) -> None:
        """Write an object into a file. A part whose connection breaks is asked for again.

        Args:
            stored: The object.
            path: The file.
            check_cancelled: Called several times a second; it raises to end the download.

        Raises:
            NotFound: The object is not the same any more.
            StorageError: A part could not be read.
            ClientError: S3 refused to send it, for instance because it is gone.
        """
        subscriber = _Subscriber(stored)
        try:
            self._transfer(
                lambda manager: manager.download(self.bucket, stored.key, str(path), None, [subscriber]),
                subscriber,
                check_cancelled,
            )
        except S3DownloadFailedError as problem:
            raise NotFound("The object is not there any more.") from problem
        except RetriesExceededError as problem:
            raise StorageError(
                f"could not read an object: {type(problem.last_exception).__name__}"
            ) from problem

    def _transfer(
        self,
        start: Callable[[TransferManager], TransferFuture],
        subscriber: _Subscriber,
        check_cancelled: CheckCancelled,
    ) -> None:
        check_cancelled()
        config = TransferConfig(
            multipart_threshold=self.part_bytes,
            multipart_chunksize=self.part_bytes,
            max_concurrency=THREADS,
            max_io_queue=_QUEUED_BLOCKS,
            io_chunksize=_BLOCK_BYTES,
            preferred_transfer_client="classic",
        )
        with create_transfer_manager(self.client, config) as manager:  # an error in the block cancels all
            future = start(manager)
            while not subscriber.ended.wait(CHECK_SECONDS):
                check_cancelled()
            future.result()
