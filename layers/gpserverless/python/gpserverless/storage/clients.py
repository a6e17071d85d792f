"""Low-level clients of AWS, with short patience. Region, credentials and endpoint are the environment's."""

from __future__ import annotations

import gzip
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import botocore.session
import orjson
from botocore.config import Config
from botocore.loaders import JSONFileLoader, Loader

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

# A worker's supervisor waits for the table between two looks at its tool, so it must not wait for long.
_QUICK = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3})
_TWICE = Config(retries={"mode": "standard", "total_max_attempts": 2})
# Somebody waits for the functions that take jobs in and look after them, and they live for seconds.
_PROMPT = Config(connect_timeout=1, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 2})
_PATIENT = Config(connect_timeout=2, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3})
_AT_AWS = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
_AT_STAND_IN = Config(signature_version="s3v4", s3={"addressing_style": "path"})


def dynamodb_client(*, prompt: bool = False) -> DynamoDBClient:
    """Return a client of DynamoDB.

    Args:
        prompt: Whether a caller waits, who can ask again: it tries twice, and gives up within seven seconds.
    """
    config = _QUICK.merge(_TWICE) if prompt else _QUICK
    return cast("DynamoDBClient", _session().create_client("dynamodb", config=config))


def sqs_client() -> SQSClient:
    """Return a client of SQS."""
    return cast("SQSClient", _session().create_client("sqs", config=_PROMPT))


def events_client() -> EventBridgeClient:
    """Return a client of EventBridge."""
    return cast("EventBridgeClient", _session().create_client("events", config=_PATIENT))


def s3_client(*, prompt: bool = False) -> S3Client:
    """Return a client of S3, which signs URLs of the bucket's own host, or of a stand-in's only one.

    Args:
        prompt: Whether somebody waits for what is small: it gives up within ten seconds.
    """
    at = _AT_STAND_IN if os.environ.get("AWS_ENDPOINT_URL") else _AT_AWS
    config = (_PROMPT if prompt else _PATIENT).merge(at)
    return cast("S3Client", _session().create_client("s3", config=config))


@cache
def _session() -> botocore.session.Session:
    """Return the session that the clients of this process share, so that its data files are read once."""
    session = botocore.session.get_session()
    session.register_component("data_loader", Loader(file_loader=_Descriptions()))
    return session


class _Descriptions(JSONFileLoader):
    """Reads descriptions of services with orjson: read botocore's way they are a sixth of a cold start."""

    def load_file(self, file_path: str) -> Any:
        """Return what a file holds, packed or not, or None if there is none; its path has no ending."""
        plain, gzipped = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            return orjson.loads(plain.read_bytes())
        return orjson.loads(gzip.decompress(gzipped.read_bytes())) if gzipped.is_file() else None
