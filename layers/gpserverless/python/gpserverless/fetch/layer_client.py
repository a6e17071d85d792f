"""Requests to the server of one layer: its description, pages of its features, their number and ids."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
import simdjson

from gpserverless.errors import InvalidValue
from gpserverless.fetch.http_fetcher import FetchRequest, HttpFetcher
from gpserverless.fetch.layer_url import Layer
from gpserverless.values.quotation import quoted
from gpserverless.values.secrets import blank_secrets, blank_values

MAX_PAGE_BYTES = 50_000_000

_THROTTLED = (429, 503)
_TRIES = 4
_TOLD = ("count", "objectIds", "exceededTransferLimit")
_RETRY_SECONDS = 2.0
_LONGEST_ERROR = 2_000
"""Characters of an error among which secrets are looked for; fewer are shown."""

_LONGEST_EXACT = 2**53
"""The first whole number that a float may not hold exactly (IEEE 754)."""


class ServerError(InvalidValue):
    """The server answered with an error."""


class LayerClient:
    """Asks the server of one layer.

    Args:
        fetcher: Sends the requests.
        layer: The layer.
        most_bytes: Most bytes that all answers together may have.
    """

    def __init__(self, fetcher: HttpFetcher, layer: Layer, most_bytes: int) -> None:
        self._fetcher = fetcher
        self._layer = layer
        self._bytes_left = most_bytes
        self._host = quoted(urlsplit(layer.url).hostname or "")

    def describe(self) -> dict[str, Any]:
        """Return the layer resource."""
        answer: dict[str, Any] = orjson.loads(self._request(self._layer.url, {}).mini)
        return answer

    def query(self, fields: Mapping[str, str]) -> Any:
        """Return the parsed answer of a query, which has a list of features.

        Args:
            fields: Fields of the query: name and value.

        Raises:
            ServerError: The server answered with an error.
            InvalidValue: It did not answer with features.
        """
        page = self._request(f"{self._layer.url}/query", fields)
        if not isinstance(page.get("features"), simdjson.Array):
            raise InvalidValue("the layer's server answered without features")
        return page

    def count(self, fields: Mapping[str, str]) -> int | None:
        """Return how many features satisfy a query; None if the server does not tell.

        Args:
            fields: Fields of the query: name and value.
        """
        answer = self._try({**fields, "returnCountOnly": "true"})
        return _read_whole(answer.get("count")) if answer else None

    def object_ids(self, fields: Mapping[str, str]) -> list[int] | None:
        """Return the object ids of the features that satisfy a query; None if the server does not tell all.

        Args:
            fields: Fields of the query: name and value.

        Raises:
            InvalidValue: They are not whole numbers.
        """
        answer = self._try({**fields, "returnIdsOnly": "true"}) or {}
        found = answer.get("objectIds")
        if not isinstance(found, list) or answer.get("exceededTransferLimit") in (True, "true", 1):
            return None
        ids = [_read_whole(value) for value in found]
        whole = [number for number in ids if number is not None]
        if len(whole) != len(ids):
            raise InvalidValue("the layer's object ids are not whole numbers")
        return whole

    def _try(self, fields: Mapping[str, str]) -> dict[str, Any] | None:
        """Return the answer of a query that not every server understands; None if this one does not."""
        try:
            answer = self._request(f"{self._layer.url}/query", fields)
        except InvalidValue:
            return None
        return {name: orjson.loads(minify(answer[name])) for name in _TOLD if name in answer}

    def _request(self, url: str, fields: Mapping[str, str]) -> Any:
        """Return the parsed answer. A busy server may say so in an answer of status 200."""
        for tries_left in range(_TRIES - 1, -1, -1):
            answer = self._parse(self._fetch(url, {**fields, "f": "json"}))
            problem = read_error(answer, [self._layer.token])
            if problem is None:
                return answer
            code, text = problem
            if code not in _THROTTLED or not tries_left:
                raise ServerError(f"the server at {self._host} answered: {text}")
            self._fetcher.pause(_RETRY_SECONDS)
        raise AssertionError("the last try returns or raises")

    def _fetch(self, url: str, fields: Mapping[str, str]) -> bytes:
        encoded = urlencode(fields)
        most = min(MAX_PAGE_BYTES, self._bytes_left)
        short = len(url) + len(encoded) < 1_800
        ask = FetchRequest(f"{url}?{encoded}", self._layer.token, None, most) if short else None
        body = io.BytesIO()
        answer = self._fetcher.fetch(ask or FetchRequest(url, self._layer.token, fields, most), body)
        self._bytes_left -= answer.size
        return body.getvalue()

    def _parse(self, body: bytes) -> Any:
        try:
            answer = simdjson.Parser().parse(body)  # pages live side by side for a moment; a parser has one
        except (ValueError, RuntimeError):
            answer = None
        if not isinstance(answer, simdjson.Object):
            raise InvalidValue(f"the server at {self._host} did not answer in JSON")
        return answer


def minify(value: Any) -> bytes:
    """Return the JSON text of a value that simdjson has parsed.

    Args:
        value: An element of simdjson, or a plain value.
    """
    text: Any = value.mini if isinstance(value, simdjson.Object | simdjson.Array) else orjson.dumps(value)
    return bytes(text)


def read_error(answer: Any, secrets: Iterable[str] = ()) -> tuple[int, str] | None:
    """Return code and text of the error in an answer, or None. The text is plain and short.

    Args:
        answer: The answer.
        secrets: Texts that the server was told, and that must not be shown.
    """
    if "error" not in answer:
        return None
    error = orjson.loads(minify(answer["error"]))
    if not isinstance(error, dict):
        return 400, "an error"
    details = error.get("details")
    said = [error.get("message"), *(details if isinstance(details, list) else [details])]
    text = " ".join(dict.fromkeys(s.strip() for s in said if isinstance(s, str) and s.strip()))
    shown = blank_values(blank_secrets(text[:_LONGEST_ERROR]), secrets)
    plain = "".join(c if c.isprintable() else " " for c in shown)[:300]
    code = error.get("code")
    return code if isinstance(code, int) else 400, f"{code} {plain}".strip()


def _read_whole(value: Any) -> int | None:
    """Return a whole number, which some servers write as 6.4579816E7; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not (value.is_integer() and abs(value) < _LONGEST_EXACT):
        return None
    return int(value)
