"""Passwords and tokens travel in bodies alone: a query stands in logs, histories and the header `Referer`."""

from __future__ import annotations

from gpserverless.errors import InvalidParameter, MethodNotAllowed
from gpserverless.http.request import Request

SECRETS = (
    *("username", "password", "token", "code", "code_verifier"),
    *("refresh_token", "client_secret", "auth_token", "oauth_state"),
)
"""Fields that count in a body alone."""


def check_post(request: Request) -> None:
    """Raise unless a request is a POST with its secrets in its body.

    Args:
        request: The request.

    Raises:
        MethodNotAllowed: It is no POST.
        InvalidParameter: A secret is in the query.
    """
    if request.method != "POST":
        raise MethodNotAllowed("Use POST, with all fields in the body.")
    for name in SECRETS:
        if name in request.query:
            raise InvalidParameter(name, "it is in the query of the URL", "the body of a POST")
