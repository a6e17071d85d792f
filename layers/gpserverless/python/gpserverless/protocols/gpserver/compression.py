"""Answers compressed with gzip for clients that ask for it, as browsers and most libraries do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gpserverless.outputs.compression import GZIP, gzipped
from gpserverless.protocols.gpserver.formats import Response

LEAST_BYTES = 1_400
"""Bytes from which on it is worth it: what is smaller fits into one packet anyway."""


def accepts_gzip(headers: Mapping[str, str]) -> bool:
    """Return whether a request's `Accept-Encoding` takes gzip (RFC 9110, 12.5.3).

    Args:
        headers: Headers by name in lower case.
    """
    weights: dict[str, float] = {}
    for item in headers.get("accept-encoding", "").lower().split(","):
        coding, _, parameter = item.partition(";")
        weights[coding.strip()] = _weight(parameter)
    return weights.get(GZIP, weights.get("x-gzip", weights.get("*", 0.0))) > 0


def gzip_response(response: Response) -> Response:
    """Return an answer in gzip, or as it is when that is not worth it or it is so already."""
    if len(response.body) < LEAST_BYTES or "content-encoding" in response.headers or response.is_binary:
        return response
    headers = {**response.headers, "content-encoding": GZIP, "vary": "accept-encoding"}
    return replace(response, body=gzipped(response.body), headers=headers)


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
