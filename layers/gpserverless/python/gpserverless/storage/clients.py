"""Clients of AWS that give up soon. Region, credentials and endpoint come from the environment."""

from __future__ import annotations

import gzip
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.session
import orjson
from botocore.config import Config
from botocore.loaders import JSONFileLoader, Loader

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

# A worker's supervisor waits for the table between two looks at its tool, so it must not wait for long.
_QUICK = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3})
_TWICE = Config(retries={"mode": "standard", "total_max_attempts": 2})
# A caller waits for the functions that take jobs in, and those that look after jobs live for seconds.
_PROMPT = Config(connect_timeout=1, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 2})
_PATIENT = Config(connect_timeout=2, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3})
# To fetch an input may take as long as a function may; a connection without traffic must be kept.
_FETCHING = Config(
    connect_timeout=2,
    read_timeout=910,
    tcp_keepalive=True,
    retries={"mode": "standard", "total_max_attempts": 4},
)
_AT_AWS = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
_AT_STAND_IN = Config(signature_version="s3v4", s3={"addressing_style": "path"})


def dynamodb_client(*, prompt: bool = False) -> DynamoDBClient:
    """Return a client of DynamoDB.

    Args:
        prompt: Whether a caller waits who can ask again. The client then tries twice, and gives up within
            seven seconds.
    """
    client: DynamoDBClient = _create("dynamodb", _QUICK.merge(_TWICE) if prompt else _QUICK)
    return client


def sqs_client() -> SQSClient:
    """Return a client of SQS."""
    client: SQSClient = _create("sqs", _PROMPT)
    return client


def lambda_client() -> Any:
    """Return a client of Lambda that waits for a function as long as it may run."""
    return _create("lambda", _FETCHING)


def cognito_client() -> CognitoIdentityProviderClient:
    """Return a client of Cognito's user pools."""
    client: CognitoIdentityProviderClient = _create("cognito-idp", _PROMPT)
    return client


def events_client() -> EventBridgeClient:
    """Return a client of EventBridge."""
    client: EventBridgeClient = _create("events", _PATIENT)
    return client


def s3_client(*, prompt: bool = False) -> S3Client:
    """Return a client of S3. Its multipart uploads never replace an object.

    URLs that it presigns are of the bucket's own host, or of the endpoint that stands in for AWS.

    Args:
        prompt: Whether a caller waits for small objects. The client then gives up within ten seconds.
    """
    address = _AT_STAND_IN if os.environ.get("AWS_ENDPOINT_URL") else _AT_AWS
    client: S3Client = _create("s3", (_PROMPT if prompt else _PATIENT).merge(address))
    # The transfer manager has no argument for it.
    client.meta.events.register("before-parameter-build.s3.CompleteMultipartUpload", _refuse_existing)
    return client


def _create(service: str, config: Config) -> Any:
    """Return a client of a service; only its caller knows of which type it is."""
    return session().create_client(service, config=config)


@cache
def session() -> botocore.session.Session:
    """Return the session of all clients of this process, which reads each data file once.

    It is botocore's: that of boto3 would load the transfer of files too, which few processes need.
    """
    shared = botocore.session.get_session()
    shared.register_component("data_loader", Loader(file_loader=_DescriptionLoader()))
    return shared


def _refuse_existing(params: dict[str, Any], **_: object) -> None:
    params["IfNoneMatch"] = "*"


class _DescriptionLoader(JSONFileLoader):
    """Reads descriptions of services with orjson: botocore's own reader takes a sixth of a cold start."""

    def load_file(self, file_path: str) -> Any:
        """Return the content of a file, gzipped or not, or None if there is none; the path has no ending."""
        plain, gzipped = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            return orjson.loads(plain.read_bytes())
        return orjson.loads(gzip.decompress(gzipped.read_bytes())) if gzipped.is_file() else None
