"""Uploads in S3 as moto plays it, with a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from moto import mock_aws

from gpserverless.storage import clients
from gpserverless.storage.upload_store import S3UploadStore
from gpserverless.uploads.item import UploadRules
from gpserverless.uploads.uploads import Uploads

BUCKET = "uploads-test"
RULES = UploadRules(most_bytes=20_000_000, most_parts=50)


@dataclass
class Clock:
    """A clock that is set by hand, in milliseconds."""

    time: int = 1_000_000

    def now(self) -> int:
        """Return its time."""
        return self.time


@pytest.fixture(scope="module")
def store() -> Iterator[S3UploadStore]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        with mock_aws():
            client = clients.s3_client()
            client.create_bucket(
                Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
            )
            yield S3UploadStore(client, BUCKET)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def uploads(store: S3UploadStore, clock: Clock) -> Uploads:
    return Uploads(store, RULES, clock.now)
