"""Codes and messages with which the protocol sends errors: one table from the classes of `errors`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gpserverless.errors import (
    Forbidden,
    InvalidParameter,
    InvalidSignIn,
    InvalidToken,
    MethodNotAllowed,
    NotFound,
    QuotaReached,
    RequestError,
    RunError,
    TokenRequired,
    TooLarge,
    UnknownJob,
    UnsupportedFormat,
)


class ErrorCode(NamedTuple):
    """The start of an error envelope.

    Attributes:
        code: The code, one of HTTP.
        message: The sentence for all errors of a kind.
    """

    code: int
    message: str


INCOMPLETE = "Unable to complete operation."

ERROR_CODES: Mapping[type[Exception], ErrorCode] = {
    RequestError: ErrorCode(400, INCOMPLETE),
    InvalidParameter: ErrorCode(400, "Invalid or missing input parameters."),
    UnsupportedFormat: ErrorCode(400, "Output format not supported."),
    UnknownJob: ErrorCode(400, INCOMPLETE),  # not 404: as ArcGIS Server does it
    NotFound: ErrorCode(404, "Not found."),
    TokenRequired: ErrorCode(499, "Token required."),
    InvalidToken: ErrorCode(498, "Invalid token."),  # clients look for these two words
    InvalidSignIn: ErrorCode(400, "Unable to generate token."),
    Forbidden: ErrorCode(403, "You have no permission for this resource."),
    MethodNotAllowed: ErrorCode(405, "Method not allowed."),
    TooLarge: ErrorCode(413, "Too large."),
    QuotaReached: ErrorCode(429, "Quota reached."),
    RunError: ErrorCode(400, INCOMPLETE),
    Exception: ErrorCode(500, INCOMPLETE),
}
"""Code of each class of errors; a class that is not listed has the code of its nearest base."""


def find_error_code(error: Exception) -> ErrorCode:
    """Return the code and the message of an error.

    Args:
        error: Any exception.
    """
    return next(ERROR_CODES[kind] for kind in type(error).__mro__ if kind in ERROR_CODES)
