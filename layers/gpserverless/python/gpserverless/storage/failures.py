"""AWS's errors, as this package names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from gpserverless.errors import StorageError

_REFUSED = "ConditionalCheckFailedException"


@contextmanager
def storage_errors(doing: str) -> Iterator[None]:
    """Turn AWS's errors into `StorageError`, but let the failure of a condition through: it is an answer.

    Args:
        doing: What is being done, for the error's text.

    Raises:
        StorageError: AWS could not be reached or did not do it.
        ClientError: A condition failed.
    """
    try:
        yield
    except ClientError as problem:
        if code_of(problem) == _REFUSED:
            raise
        raise StorageError(f"could not {doing}: {code_of(problem)}") from problem
    except BotoCoreError as problem:
        raise StorageError(f"could not {doing}: {type(problem).__name__}") from problem


def code_of(problem: ClientError) -> str:
    """Return the code of an error that AWS answered."""
    return problem.response.get("Error", {}).get("Code", "unknown")


def refusal(problem: ClientError) -> Mapping[str, Mapping[str, Any]] | None:
    """Return the row that made a condition fail, or None when there is no such row."""
    response: Mapping[str, Any] = problem.response
    return response.get("Item")
