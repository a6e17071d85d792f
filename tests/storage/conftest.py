"""A bucket of S3 as moto plays it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from gpserverless.storage import clients

BUCKET = "storage-test"


@pytest.fixture
def bucket() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        clients.s3_client().create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        yield BUCKET
