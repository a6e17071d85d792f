"""Errors on the wire: the code, the message and the text of each class of `errors`."""

from __future__ import annotations

import pytest

from gpserverless import errors
from gpserverless.http.error_codes import find_error_code
from gpserverless.http.write import envelope

INCOMPLETE = "Unable to complete operation."

CODES: list[tuple[Exception, int, str]] = [
    (errors.RequestError("Text."), 400, INCOMPLETE),
    (errors.InvalidParameter("n", "'x' is not a number"), 400, "Invalid or missing input parameters."),
    (errors.MissingParameter("n"), 400, "Invalid or missing input parameters."),
    (errors.UnsupportedFormat("Text."), 400, "Output format not supported."),
    (errors.NotFound("Text."), 404, "Not found."),
    (errors.UnknownJob("Text."), 400, INCOMPLETE),
    (errors.TokenRequired(), 499, "Token required."),
    (errors.InvalidToken(), 498, "Invalid token."),
    (errors.Forbidden(), 403, "You have no permission for this resource."),
    (errors.MethodNotAllowed("Text."), 405, "Method not allowed."),
    (errors.TooLarge("Text."), 413, "Too large."),
    (errors.ToolError("Text."), 400, INCOMPLETE),
    (errors.DeadlinePassed("Text."), 400, INCOMPLETE),
    (errors.StorageError("Text."), 500, INCOMPLETE),
    (ValueError("Text."), 500, INCOMPLETE),
]


@pytest.mark.parametrize(
    ("error", "code", "message"), CODES, ids=[type(error).__name__ for error, *_ in CODES]
)
def test_error_has_the_code_of_its_class(error: Exception, code: int, message: str) -> None:
    sent = envelope(error)["error"]
    assert (sent["code"], sent["message"]) == (code, message)


def test_every_error_of_a_request_or_a_run_is_below_500() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    raised = [kind for kind in kinds if issubclass(kind, (errors.RequestError, errors.RunError))]
    assert [kind for kind in raised if find_error_code(kind.__new__(kind)).code >= 500] == []
    assert len(raised) > 10


def test_text_of_a_failure_inside_is_not_sent() -> None:
    assert envelope(ValueError("Text."))["error"]["details"] == ["The service failed; try again."]
    assert envelope(errors.ToolError("Text."))["error"]["details"] == ["Text."]
