"""The request header `Accept-Encoding`."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.outputs.compression import GZIP


def accepts_gzip(headers: Mapping[str, str]) -> bool:
    """Return whether a client accepts gzip (RFC 9110, 12.5.3).

    Args:
        headers: Headers of the request by name in lower case.
    """
    weights: dict[str, float] = {}
    for item in headers.get("accept-encoding", "").lower().split(","):
        coding, _, parameter = item.partition(";")
        weights[coding.strip()] = _weight(parameter)
    return weights.get(GZIP, weights.get("x-gzip", weights.get("*", 0.0))) > 0


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
