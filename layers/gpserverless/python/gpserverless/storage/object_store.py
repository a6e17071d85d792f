"""Inputs, results and files in S3."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from gpserverless.errors import NotFound, StorageError
from gpserverless.jobs.rules import PART_BYTES
from gpserverless.outputs.limits import LINK_SECONDS
from gpserverless.storage.failures import error_code, storage_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from gpserverless.storage.transfer import FileTransfer

_EXISTS = "PreconditionFailed"
# S3 hides that an object is missing from a function that may not list the bucket, as ours may not.
MISSING = ("NoSuchKey", "404", "AccessDenied", "403")
_MAX_DELETED = 1_000
"""Keys that one DeleteObjects takes."""


class S3ObjectStore:
    """Objects of one bucket. None is ever overwritten; a key belongs to one writer, who may try twice.

    Args:
        client: Client of S3, from `clients.s3_client`.
        bucket: Name of the bucket.
        part_bytes: Bytes of the largest file that goes in one piece, and of a part of a larger one.
    """

    def __init__(self, client: S3Client, bucket: str, part_bytes: int = PART_BYTES) -> None:
        self._client = client
        self._bucket = bucket
        self._part_bytes = part_bytes

    @cached_property
    def _transfer(self) -> FileTransfer:
        from gpserverless.storage.transfer import FileTransfer  # most objects go in one piece

        return FileTransfer(self._client, self._bucket, self._part_bytes)

    def put(self, key: str, body: bytes, content_type: str, encoding: str = "") -> None:
        """Write an object unless there is one.

        Args:
            key: Key of the object.
            body: Its bytes.
            content_type: Media type of the decoded bytes.
            encoding: Content encoding of the bytes, such as "gzip", or "". A presigned URL answers with it.
        """
        with _ignore_existing():
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=body,
                IfNoneMatch="*",
                **_content_headers(content_type, encoding),
            )

    def put_file(
        self, key: str, path: Path, content_type: str, check_cancelled: Callable[[], None], encoding: str = ""
    ) -> None:
        """Write a file as an object unless there is one, in parts when it is large.

        Args:
            key: Key of the object.
            path: The file.
            content_type: Media type of the decoded file.
            check_cancelled: Called several times a second; it raises to end the upload.
            encoding: Content encoding of the file, such as "gzip", or "".
        """
        if path.stat().st_size <= self._part_bytes:
            self.put(key, path.read_bytes(), content_type, encoding)
            return
        with _ignore_existing():
            self._transfer.upload(path, key, _content_headers(content_type, encoding), check_cancelled)

    def get(self, key: str) -> bytes:
        """Return an object's bytes.

        Raises:
            NotFound: There is no such object.
        """
        return self._read(key)

    def _read(self, key: str, **part: Any) -> bytes:
        with storage_errors("read an object"):
            try:
                return self._client.get_object(Bucket=self._bucket, Key=key, **part)["Body"].read()
            except ClientError as problem:
                if error_code(problem) in MISSING:
                    raise NotFound("The object is not there any more.") from problem
                raise

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """Return some of an object's bytes.

        Args:
            key: Key of the object.
            start: Place of the first one.
            length: How many, 1 or more.

        Raises:
            NotFound: There is no such object.
        """
        return self._read(key, Range=f"bytes={start}-{start + length - 1}")

    def presign_url(self, key: str, seconds: int, content_type: str, filename: str) -> str:
        """Return a URL under which anybody can read the object for some seconds, and a browser saves it.

        The signature covers the headers of the answer too: nobody can have it shown as a page.

        Args:
            key: Key of the object.
            seconds: How long the URL works, a quarter of an hour at most.
            content_type: Media type with which the object is served.
            filename: Name under which a browser saves it.
        """
        parameters = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentType": content_type,
            "ResponseContentDisposition": attachment(filename),
            "ResponseCacheControl": "no-store",
        }
        lifetime = min(seconds, LINK_SECONDS)
        return self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=lifetime)

    def erase(self, prefix: str) -> None:
        """Remove all objects whose keys begin with a prefix, if there are any."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with storage_errors("list objects"):
            for page in pages:
                self.delete([found["Key"] for found in page.get("Contents", ())])

    def delete(self, keys: Sequence[str]) -> None:
        """Remove objects. A missing one is no error."""
        for start in range(0, len(keys), _MAX_DELETED):
            objects = [{"Key": key} for key in keys[start : start + _MAX_DELETED]]
            with storage_errors("remove objects"):
                answer = self._client.delete_objects(
                    Bucket=self._bucket,
                    Delete={"Objects": objects, "Quiet": True},  # type: ignore[typeddict-item]
                )
            if kept := answer.get("Errors"):
                raise StorageError(f"could not remove {len(kept)} objects: {kept[0].get('Code', 'unknown')}")


@contextmanager
def _ignore_existing() -> Iterator[None]:
    """Let a write on the condition `If-None-Match: *` fail: the writer has tried twice."""
    with storage_errors("write an object"):
        try:
            yield
        except ClientError as problem:
            if error_code(problem) != _EXISTS:
                raise


def attachment(filename: str) -> str:
    """Return the Content-Disposition that saves an answer as `filename`, in any script (RFC 6266).

    Args:
        filename: The file name, in any script.
    """
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _content_headers(content_type: str, encoding: str) -> Any:
    return {"ContentType": content_type} | ({"ContentEncoding": encoding} if encoding else {})
