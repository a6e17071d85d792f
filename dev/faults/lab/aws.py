"""The AWS of the lab: moto in this process, with the bucket and the job table of the template."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto import mock_aws

from gpserverless.app.logs import IDS, make_logger
from gpserverless.storage.clients import dynamodb_client, s3_client
from local.moto_shortcuts import install_shortcuts
from local.options import ROOT
from local.resources import make_table
from local.template import Template

BUCKET = "lab"
QUEUE_URL = "https://queue.test"
_VARIABLES = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "LOG_LEVEL": "CRITICAL",
    "BUCKET": BUCKET,
    "JOBS_TABLE": "lab",
    "ITEMS_TABLE": "lab-items",
    "ACCESS_TABLE": "lab-access",
    "LAYERS_FUNCTION": "lab-layers",
    "RASTER_MAPS_FUNCTION": "lab-raster-maps",
    "PUBLIC_URL": "https://lab.test/arcgis",
    "PUBLISH_CONFORMANCE": "true",
    **{f"{worker}_QUEUE_URL": QUEUE_URL for worker in ("JOBS", "VECTOR", "RASTER")},
}


@contextmanager
def simulate_aws() -> Iterator[None]:
    """Replace AWS by moto, with a bucket, and drop the functions' metrics."""
    install_shortcuts()
    quiet = patch("gpserverless.app.metrics.emit")
    with patch.dict(os.environ, _VARIABLES), quiet, mock_aws():
        region: Any = {"LocationConstraint": _VARIABLES["AWS_DEFAULT_REGION"]}
        s3_client().create_bucket(Bucket=BUCKET, CreateBucketConfiguration=region)
        yield
    # Invocations that take turns, or crash, leave their ids in the one logger of this process.
    make_logger().remove_keys(IDS)


def make_job_table(name: str) -> None:
    """Make a job table as the template has it, without its stream, which has no reader here."""
    properties = dict(Template.read(ROOT / "template.yaml").resources["JobsTable"].properties)
    del properties["StreamSpecification"]
    make_table(dynamodb_client(), name, properties)
