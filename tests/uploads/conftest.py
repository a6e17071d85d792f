"""Uploads in S3 as moto plays it, with a clock that stands still."""

from __future__ import annotations

import pytest

from gpserverless.storage import clients
from gpserverless.storage.upload_store import S3UploadStore
from gpserverless.testing import VirtualClock
from gpserverless.uploads.item import UploadRules
from gpserverless.uploads.uploads import Uploads
from tests.jobs.conftest import *  # noqa: F403

RULES = UploadRules(most_bytes=20_000_000, most_parts=50)


@pytest.fixture(scope="module")
def store(bucket: str) -> S3UploadStore:
    return S3UploadStore(clients.s3_client(), bucket)


@pytest.fixture
def uploads(store: S3UploadStore, clock: VirtualClock) -> Uploads:
    return Uploads(store, RULES, clock.now)
