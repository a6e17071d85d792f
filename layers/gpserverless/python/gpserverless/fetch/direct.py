"""Fetching one input in this process: the whole of a layer, a file, or the raster of an image service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from gpserverless.cancellation import CheckCancelled
from gpserverless.datatypes.files import file_name
from gpserverless.datatypes.references import LocalFile, Reference
from gpserverless.errors import InvalidValue
from gpserverless.fetch import image_service
from gpserverless.fetch.feature_service import LayerReader
from gpserverless.fetch.http_fetcher import FetchRequest, HttpFetcher
from gpserverless.fetch.layer_client import read_error
from gpserverless.fetch.layer_url import parse_layer
from gpserverless.fetch.policy import Policy
from gpserverless.fetch.ports import InputRequest
from gpserverless.values.quotation import quoted

LEAST_SECONDS = 20.0
LEAST_BYTES_PER_SECOND = 2_500_000
"""The slowest server of a large file that is not given up."""

_SMALL = 65_536


@dataclass(frozen=True)
class DirectFetcher:
    """Fetches inputs in this process.

    Attributes:
        policy: The servers that inputs may come from.
    """

    policy: Policy

    def fetch(self, request: InputRequest, folder: Path, check_cancelled: CheckCancelled) -> LocalFile:
        """Fetch an input into a folder; see `InputFetcher`.

        Args:
            request: The input.
            folder: Where to write it.
            check_cancelled: Called several times a second; it raises to end the fetching.

        Raises:
            InvalidValue: It may not be fetched, or could not be.
        """
        policy = replace(self.policy, own=self.policy.own | request.own)
        with HttpFetcher(policy, check_cancelled) as fetcher:
            return _fetch(fetcher, request, folder)


def _fetch(fetcher: HttpFetcher, request: InputRequest, folder: Path) -> LocalFile:
    reference = request.reference
    if reference.kind in ("features", "table"):
        return _fetch_features(fetcher, request, folder)
    service = image_service.parse_image_service(reference) if reference.kind == "raster" else None
    if service is None:
        return _fetch_file(fetcher, request, folder)
    path = folder / "image.tif"
    with path.open("w+b") as file:
        image_service.export_raster(fetcher, service, file, request.max_bytes)
    return LocalFile(path)


def _fetch_features(fetcher: HttpFetcher, request: InputRequest, folder: Path) -> LocalFile:
    layer = parse_layer(request.reference)
    if layer is None:
        return _fetch_file(fetcher, request, folder)
    path = folder / "features.json"
    reader = LayerReader(fetcher, layer, request.max_features, request.max_bytes)
    with path.open("wb") as file:
        reader.write(file)
    return LocalFile(path)


def _fetch_file(fetcher: HttpFetcher, request: InputRequest, folder: Path) -> LocalFile:
    reference, most_bytes = request.reference, request.max_bytes
    seconds = max(LEAST_SECONDS, most_bytes / LEAST_BYTES_PER_SECOND)
    unnamed = folder / "unnamed"
    with unnamed.open("w+b") as file:
        answer = fetcher.fetch(
            FetchRequest(reference.url, reference.token, most_bytes=most_bytes, seconds=seconds), file
        )
    _raise_if_error(unnamed, reference)
    return LocalFile(unnamed.rename(folder / file_name(answer.name, reference.format)))


def _raise_if_error(path: Path, reference: Reference) -> None:
    """Raise the error that a server has answered with status 200."""
    if path.stat().st_size > _SMALL:
        return
    try:
        answer = orjson.loads(path.read_bytes())
    except ValueError:
        return
    is_text = reference.kind in ("features", "table")
    if not isinstance(answer, dict) or not (is_text or answer.keys() == {"error"}):
        return  # a file may have a member of this name among others
    problem = read_error(answer, [reference.token])
    if problem is not None:
        host = quoted(urlsplit(reference.url).hostname or "")
        raise InvalidValue(f"the server at {host} answered: {problem[1]}")
