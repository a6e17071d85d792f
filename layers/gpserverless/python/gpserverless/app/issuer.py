"""The requests to another issuer of OpenID Connect."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from gpserverless.access.ports import FetchJson
from gpserverless.errors import InvalidValue

_MOST_BYTES = 1_000_000
_SECONDS = 8.0


def make_fetch_json(issuer: str) -> FetchJson:
    """Return the function that asks an issuer; it loads nothing until it does.

    The issuer is an operator's choice, and its description names its other hosts. So any public host may be
    asked, and the issuer's own also if its address is private.

    Args:
        issuer: URL of the issuer.
    """
    parts = urlsplit(issuer)
    port = parts.port or {"http": 80}.get(parts.scheme, 443)
    private = frozenset({f"{parts.hostname}:{port}"})

    def fetch_json(url: str, form: Mapping[str, str] | None) -> Any:
        from gpserverless.fetch.http_fetcher import FetchRequest, HttpFetcher
        from gpserverless.fetch.policy import Policy

        body = io.BytesIO()
        policy = Policy(allowed=("*", *private), private=private)
        with HttpFetcher(policy) as fetcher:
            fetcher.fetch(FetchRequest(url, form=form, most_bytes=_MOST_BYTES, seconds=_SECONDS), body)
        try:
            return orjson.loads(body.getvalue())
        except orjson.JSONDecodeError:
            raise InvalidValue("the issuer did not answer with JSON") from None

    return fetch_json
