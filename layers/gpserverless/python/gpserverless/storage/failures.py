"""Errors of AWS as errors of this package: worth another try, or refused for good.

One table, `REFUSALS`, lists the refusals. Every other error may pass: throttling, a service that is away,
credentials that have just run out, and codes that are new. A call that botocore has sent more than once is in
doubt even if its last answer is a refusal: the first may have been applied, and only its answer lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from gpserverless.errors import StorageError, StorageRefused

_CONDITION = "ConditionalCheckFailedException"

REFUSALS: Mapping[str, str] = {
    # the request is not one that the service takes
    "ValidationException": "not valid, or the row would be over 400 kB",
    "ItemCollectionSizeLimitExceededException": "too much under one key",
    "SerializationException": "not valid",
    "InvalidParameterValue": "not valid",
    "InvalidMessageContents": "characters that a message cannot hold",
    "InvalidArgument": "not valid",
    "InvalidRequest": "not valid",
    "MalformedXML": "not valid",
    "KeyTooLongError": "a key of more than 1,024 bytes",
    "EntityTooLarge": "over the size of an object",
    "EntityTooSmall": "a part of less than 5 MiB",
    "MetadataTooLarge": "not valid",
    "MethodNotAllowed": "not possible here",
    # the function has no right to it
    "AccessDenied": "no right",
    "AccessDeniedException": "no right",
    "AllAccessDisabled": "no right",
    "UnauthorizedOperation": "no right",
    "KMS.AccessDeniedException": "no right to the key",
    "KMS.DisabledException": "the key is disabled",
    "KMS.NotFoundException": "the key is gone",
    "KmsAccessDenied": "no right to the key",
    # what it names is not there
    "NoSuchBucket": "the bucket is gone",
    "ResourceNotFoundException": "the table or the function is gone",
    "AWS.SimpleQueueService.NonExistentQueue": "the queue is gone",
    "QueueDoesNotExist": "the queue is gone",
}
"""Codes of errors that another try would meet again, and their meaning here.

From the lists of errors of DynamoDB (docs.aws.amazon.com/amazondynamodb/latest/developerguide/
Programming.Errors.html), S3 (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), SQS
(docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html) and Lambda
(docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).
"""


@contextmanager
def storage_errors(action: str) -> Iterator[None]:
    """Turn errors of AWS into `StorageError`, except the failure of a condition: that is an answer.

    Args:
        action: Verb and object for the error's text, such as "read a job".

    Raises:
        StorageError: AWS could not be reached, or the call may have failed for now.
        StorageRefused: The call has failed, and would fail again.
        ClientError: A condition failed.
    """
    try:
        yield
    except ClientError as problem:
        if error_code(problem) == _CONDITION:
            raise
        kind = StorageRefused if _is_refused(problem) else StorageError
        raise kind(f"could not {action}: {error_code(problem)}") from problem
    except ParamValidationError as problem:  # it was never sent
        raise StorageRefused(f"could not {action}: {type(problem).__name__}") from problem
    except BotoCoreError as problem:
        raise StorageError(f"could not {action}: {type(problem).__name__}") from problem


def _is_refused(problem: ClientError) -> bool:
    tries = problem.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
    return error_code(problem) in REFUSALS and not tries


def error_code(problem: ClientError) -> str:
    """Return the code of an error of AWS.

    Args:
        problem: An error of botocore.
    """
    return problem.response.get("Error", {}).get("Code", "unknown")


def conflicting_item(problem: ClientError) -> Mapping[str, Mapping[str, Any]] | None:
    """Return the row on which a condition failed, or None if there is no such row.

    Args:
        problem: The error of a conditional write.
    """
    response: Mapping[str, Any] = problem.response
    return response.get("Item")
