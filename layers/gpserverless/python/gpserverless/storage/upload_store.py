"""Uploaded items in S3."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from gpserverless.errors import NotFound
from gpserverless.outputs.limits import LINK_SECONDS
from gpserverless.storage.failures import error_code, storage_errors
from gpserverless.storage.object_store import MISSING, S3ObjectStore
from gpserverless.uploads.ports import StoredObject
from gpserverless.uploads.uploads import FILE_TYPE

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

MIN_PART_BYTES = 5 * 2**20
"""Bytes that S3 asks of every part of an object but the last."""

_BLOCK = 2**20
_CHANGED = "PreconditionFailed"
_OWN_KEY = "AES256"
_MD5 = re.compile('"([0-9a-f]{32})"', re.ASCII)

UNFINISHED = ("state", "unfinished")
"""The tag of objects that the bucket's lifecycle removes after a day."""

_TAGGING = (
    f"<Tagging><TagSet><Tag><Key>{UNFINISHED[0]}</Key><Value>{UNFINISHED[1]}</Value></Tag></TagSet></Tagging>"
)


class S3UploadStore(S3ObjectStore):
    """Objects of uploads, which may be replaced."""

    def replace(self, key: str, body: bytes, unfinished: bool = False) -> StoredObject:
        """Write an object, in place of one that is there; an unfinished one expires after a day."""
        tags: Any = {"Tagging": f"{UNFINISHED[0]}={UNFINISHED[1]}"} if unfinished else {}
        with storage_errors("write an upload"):
            answer = self._client.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType=FILE_TYPE, **tags
            )
        return StoredObject(key, len(body), answer["ETag"])

    def keep(self, key: str) -> None:
        """Keep an object that was written as an unfinished one."""
        with storage_errors("keep an upload"):
            self._client.delete_object_tagging(Bucket=self._bucket, Key=key)

    def find_md5(self, stored: StoredObject) -> str:
        """Return the MD5 of an object in hexadecimal digits; "" if it is not its tag.

        It is the tag of an object that came in one piece and that S3 encrypts with its own key
        (docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html).

        Raises:
            NotFound: There is no such object, or it is not the same any more.
        """
        with _reading():
            answer = self._client.head_object(Bucket=self._bucket, Key=stored.key, IfMatch=stored.etag)
        found = _MD5.fullmatch(answer["ETag"])
        return found[1] if found and answer.get("ServerSideEncryption", _OWN_KEY) == _OWN_KEY else ""

    def stat(self, key: str) -> StoredObject:
        """Return key, size and tag of an object.

        Raises:
            NotFound: There is no such object.
        """
        with _reading():
            answer = self._client.head_object(Bucket=self._bucket, Key=key)
        return StoredObject(key, answer["ContentLength"], answer["ETag"])

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with a prefix, in the order of their keys."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with storage_errors("list uploads"):
            for page in pages:
                for found in page.get("Contents", ()):
                    yield StoredObject(found["Key"], found["Size"], found["ETag"])

    def compose(
        self, key: str, parts: Sequence[StoredObject], observe: Callable[[bytes], None] | None = None
    ) -> StoredObject:
        """Write an object that consists of others, one after the other.

        S3 itself copies large ones. Smaller ones are gathered here until they make a part.

        Args:
            key: Key of the new object.
            parts: Objects in the order of their bytes.
            observe: Called with all bytes, block by block and in order; None to let S3 copy what it can.
        """
        with storage_errors("compose an upload"), _MultipartUpload(self._client, self._bucket, key) as upload:
            gathered = bytearray()
            for part in parts:
                if observe is None and not gathered and part.size >= MIN_PART_BYTES:
                    upload.copy(part)
                    continue
                for block in self.read(part):
                    gathered += block
                    if observe is not None:
                        observe(block)
                if len(gathered) >= MIN_PART_BYTES:
                    upload.add(bytes(gathered))
                    gathered.clear()
            if gathered or not upload.parts:
                upload.add(bytes(gathered))
            etag = upload.complete()
        return StoredObject(key, sum(part.size for part in parts), etag)

    def read(self, stored: StoredObject) -> Iterator[bytes]:
        """Yield an object's bytes, block by block.

        Raises:
            NotFound: There is no such object, or it is not the same any more.
        """
        with _reading():
            answer = self._client.get_object(Bucket=self._bucket, Key=stored.key, IfMatch=stored.etag)
            yield from answer["Body"].iter_chunks(_BLOCK)

    def save(self, stored: StoredObject, path: Path, check_cancelled: Callable[[], None]) -> None:
        """Write an object into a file, in parts when it is large.

        Raises:
            NotFound: There is no such object, or it is not the same any more.
        """
        if stored.size > self._part_bytes:
            with _reading():
                self._transfer.download(stored, path, check_cancelled)
            return
        with path.open("wb") as file:
            for block in self.read(stored):
                check_cancelled()
                file.write(block)

    def presign_post(self, key: str, seconds: int, most_bytes: int) -> Mapping[str, Any]:
        """Return URL and form fields with which anybody can write one object for some seconds.

        Args:
            key: Key of the object.
            seconds: How long the form works, a quarter of an hour at most.
            most_bytes: Size of the largest file that it takes.
        """
        return self._client.generate_presigned_post(
            self._bucket,
            key,
            Fields={"Content-Type": FILE_TYPE, "tagging": _TAGGING},
            Conditions=[
                {"Content-Type": FILE_TYPE},
                {"tagging": _TAGGING},
                ["content-length-range", 1, most_bytes],
            ],
            ExpiresIn=min(seconds, LINK_SECONDS),
        )


class _MultipartUpload:
    """One object while it is composed of parts."""

    def __init__(self, client: S3Client, bucket: str, key: str) -> None:
        self._client, self._bucket = client, bucket
        upload = client.create_multipart_upload(Bucket=bucket, Key=key, ContentType=FILE_TYPE)
        self._upload: dict[str, Any] = {"Bucket": bucket, "Key": key, "UploadId": upload["UploadId"]}
        self.parts: list[CompletedPartTypeDef] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            with suppress(BotoCoreError, ClientError):  # the bucket's lifecycle does it a day later
                self._client.abort_multipart_upload(**self._upload)

    def copy(self, part: StoredObject) -> None:
        answer = self._client.upload_part_copy(
            CopySource={"Bucket": self._bucket, "Key": part.key},
            CopySourceIfMatch=part.etag,
            PartNumber=len(self.parts) + 1,
            **self._upload,
        )
        self._append(answer["CopyPartResult"]["ETag"])

    def add(self, body: bytes) -> None:
        answer = self._client.upload_part(Body=body, PartNumber=len(self.parts) + 1, **self._upload)
        self._append(answer["ETag"])

    def complete(self) -> str:
        answer = self._client.complete_multipart_upload(MultipartUpload={"Parts": self.parts}, **self._upload)
        return str(answer["ETag"])

    def _append(self, etag: str) -> None:
        self.parts.append({"PartNumber": len(self.parts) + 1, "ETag": etag})


@contextmanager
def _reading() -> Iterator[None]:
    """Raise `NotFound` if S3 answers that an object is missing or another."""
    with storage_errors("read an upload"):
        try:
            yield
        except ClientError as problem:
            if error_code(problem) in (*MISSING, _CHANGED):
                raise NotFound("The object is not there any more.") from problem
            raise
