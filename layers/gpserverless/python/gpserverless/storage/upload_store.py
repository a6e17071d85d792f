"""Uploaded items in S3."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from gpserverless.errors import NotFound
from gpserverless.storage.failures import code_of, storage_errors
from gpserverless.storage.object_store import MISSING, S3ObjectStore
from gpserverless.uploads.ports import Stored
from gpserverless.uploads.uploads import FILE_TYPE

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

LEAST_PART = 5 * 2**20
"""Bytes that S3 asks of every part of an object but the last."""

_BLOCK = 2**20
_CHANGED = "PreconditionFailed"


class S3UploadStore(S3ObjectStore):
    """Objects below one prefix of the bucket, where parts may be replaced and items removed."""

    def replace(self, key: str, body: bytes) -> Stored:
        """Write an object, in place of the one that is there."""
        with storage_errors("write an upload"):
            answer = self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=FILE_TYPE)
        return Stored(key, len(body), answer["ETag"])

    def stat(self, key: str) -> Stored:
        """Return what is known of an object.

        Raises:
            NotFound: There is no such object.
        """
        with storage_errors("look at an upload"):
            try:
                answer = self._client.head_object(Bucket=self._bucket, Key=key)
            except ClientError as problem:
                if code_of(problem) in MISSING:
                    raise NotFound("The object is not there.") from problem
                raise
        return Stored(key, answer["ContentLength"], answer["ETag"])

    def list(self, prefix: str) -> Iterator[Stored]:
        """Yield the objects whose keys begin alike, in the order of their keys."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with storage_errors("list uploads"):
            for page in pages:
                for found in page.get("Contents", ()):
                    yield Stored(found["Key"], found["Size"], found["ETag"])

    def compose(
        self, key: str, parts: Sequence[Stored], seen: Callable[[bytes], None] | None = None
    ) -> Stored:
        """Write an object that is made of others, one after the other.

        S3 copies what is large enough by itself; smaller parts are gathered here until they are.

        Args:
            key: Key of the new object.
            parts: What it is made of.
            seen: Takes all its bytes, block by block and in order, if anybody wants to see them.
        """
        with storage_errors("compose an upload"):
            upload = self._client.create_multipart_upload(Bucket=self._bucket, Key=key, ContentType=FILE_TYPE)
            composition = _Composition(self, key, upload["UploadId"], [])
            gathered = bytearray()
            for part in parts:
                if seen is None and not gathered and part.size >= LEAST_PART:
                    composition.copy(part)
                    continue
                for block in self.read(part):
                    gathered += block
                    if seen is not None:
                        seen(block)
                if len(gathered) >= LEAST_PART:
                    composition.add(bytes(gathered))
                    gathered.clear()
            if gathered or not composition.parts:
                composition.add(bytes(gathered))
            etag = composition.complete()
        return Stored(key, sum(part.size for part in parts), etag)

    def read(self, stored: Stored) -> Iterator[bytes]:
        """Yield an object's bytes, block by block.

        Raises:
            NotFound: There is no such object, or it is not the same any more.
        """
        with storage_errors("read an upload"):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=stored.key, IfMatch=stored.etag)
            except ClientError as problem:
                if code_of(problem) in (*MISSING, _CHANGED):
                    raise NotFound("The object is not there any more.") from problem
                raise
            yield from answer["Body"].iter_chunks(_BLOCK)

    def save(self, stored: Stored, path: Path, check_cancelled: Callable[[], None]) -> None:
        """Write an object into a file.

        Raises:
            NotFound: There is no such object, or it is not the same any more.
        """
        with path.open("wb") as file:
            for block in self.read(stored):
                check_cancelled()
                file.write(block)

    def signed_post(self, key: str, seconds: int, most_bytes: int) -> Mapping[str, Any]:
        """Return URL and form fields with which anybody can write this one object for some seconds."""
        return self._client.generate_presigned_post(
            self._bucket,
            key,
            Fields={"Content-Type": FILE_TYPE},
            Conditions=[{"Content-Type": FILE_TYPE}, ["content-length-range", 1, most_bytes]],
            ExpiresIn=seconds,
        )


class _Composition:
    """One object while it is put together."""

    def __init__(
        self, store: S3UploadStore, key: str, upload: str, parts: list[CompletedPartTypeDef]
    ) -> None:
        self._client, self._bucket = store._client, store._bucket
        self._place: dict[str, Any] = {"Bucket": self._bucket, "Key": key, "UploadId": upload}
        self.parts = parts

    def copy(self, part: Stored) -> None:
        answer = self._client.upload_part_copy(
            CopySource={"Bucket": self._bucket, "Key": part.key},
            CopySourceIfMatch=part.etag,
            PartNumber=len(self.parts) + 1,
            **self._place,
        )
        self._done(answer["CopyPartResult"]["ETag"])

    def add(self, body: bytes) -> None:
        answer = self._client.upload_part(Body=body, PartNumber=len(self.parts) + 1, **self._place)
        self._done(answer["ETag"])

    def complete(self) -> str:
        answer = self._client.complete_multipart_upload(MultipartUpload={"Parts": self.parts}, **self._place)
        return str(answer["ETag"])

    def _done(self, etag: str) -> None:
        self.parts.append({"PartNumber": len(self.parts) + 1, "ETag": etag})
