"""Inputs, results and files in S3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from gpserverless.errors import NotFound, StorageError
from gpserverless.jobs.rules import PART_BYTES
from gpserverless.storage.failures import code_of, storage_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_THERE_ALREADY = "PreconditionFailed"
# S3 hides that an object is missing from a function that may not list the bucket, as ours may not.
MISSING = ("NoSuchKey", "404", "AccessDenied", "403")


class S3ObjectStore:
    """Objects of one bucket. None is ever overwritten; a key belongs to one writer, who may try twice.

    Args:
        client: Client of S3.
        bucket: Name of the bucket.
    """

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, body: bytes, content_type: str, encoding: str = "") -> None:
        """Write an object unless it is there.

        Args:
            key: Key of the object.
            body: Its bytes.
            content_type: Media type of what they are when they are unpacked.
            encoding: How they are packed, such as "gzip"; who fetches them through a signed URL is told.
        """
        self._once(self._client.put_object, Key=key, Body=body, **_kind(content_type, encoding))

    def put_file(
        self, key: str, path: Path, content_type: str, check_cancelled: Callable[[], None], encoding: str = ""
    ) -> None:
        """Write a file as an object unless it is there, in parts when it is large.

        What was uploaded of a file that is given up is swept by the bucket's lifecycle.

        Args:
            key: Key of the object.
            path: The file.
            content_type: Media type of the file.
            check_cancelled: Called between parts; what it raises ends the upload.
            encoding: How the file is packed, such as "gzip".
        """
        if path.stat().st_size <= PART_BYTES:
            self.put(key, path.read_bytes(), content_type, encoding)
            return
        with storage_errors("begin a file"):
            upload = self._client.create_multipart_upload(
                Bucket=self._bucket, Key=key, **_kind(content_type, encoding)
            )
        place: dict[str, Any] = {"Key": key, "UploadId": upload["UploadId"]}
        parts: list[CompletedPartTypeDef] = []
        with path.open("rb") as file:
            while part := file.read(PART_BYTES):
                check_cancelled()
                number = len(parts) + 1
                with storage_errors("write a part of a file"):
                    answer = self._client.upload_part(
                        Bucket=self._bucket, PartNumber=number, Body=part, **place
                    )
                parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        self._once(self._client.complete_multipart_upload, MultipartUpload={"Parts": parts}, **place)

    def get(self, key: str) -> bytes:
        """Return an object's bytes.

        Raises:
            NotFound: There is no such object.
        """
        with storage_errors("read an object"):
            try:
                return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as problem:
                if code_of(problem) in MISSING:
                    raise NotFound("The object is not there any more.") from problem
                raise

    def signed_url(self, key: str, seconds: int, content_type: str, filename: str = "") -> str:
        """Return a URL under which anybody can read the object for some seconds.

        Args:
            key: Key of the object.
            seconds: How long the URL works.
            content_type: Media type with which the object is served.
            filename: Name under which a browser saves it; empty to let it be shown.
        """
        parameters = {"Bucket": self._bucket, "Key": key, "ResponseContentType": content_type}
        if filename:
            parameters["ResponseContentDisposition"] = attachment(filename)
        return self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds)

    def erase(self, prefix: str) -> None:
        """Remove all objects whose keys begin alike; that there are none is no mistake."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with storage_errors("list objects"):
            for page in pages:
                self.delete([found["Key"] for found in page.get("Contents", ())])

    def delete(self, keys: Sequence[str]) -> None:
        """Remove objects; one that is not there is no mistake."""
        for start in range(0, len(keys), 1_000):  # the most that one request takes
            objects = [{"Key": key} for key in keys[start : start + 1_000]]
            with storage_errors("remove objects"):
                answer = self._client.delete_objects(
                    Bucket=self._bucket,
                    Delete={"Objects": objects, "Quiet": True},  # type: ignore[typeddict-item]
                )
            if kept := answer.get("Errors"):
                raise StorageError(f"could not remove {len(kept)} objects: {kept[0].get('Code', 'unknown')}")

    def _once(self, write: Callable[..., Any], **arguments: Any) -> None:
        with storage_errors("write an object"):
            try:
                write(Bucket=self._bucket, IfNoneMatch="*", **arguments)
            except ClientError as problem:
                if code_of(problem) != _THERE_ALREADY:
                    raise


def attachment(filename: str) -> str:
    """Return the Content-Disposition that saves an answer as `filename`, in any script (RFC 6266)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _kind(content_type: str, encoding: str) -> Any:
    """Return what S3 is told about an object's bytes."""
    return {"ContentType": content_type} | ({"ContentEncoding": encoding} if encoding else {})
