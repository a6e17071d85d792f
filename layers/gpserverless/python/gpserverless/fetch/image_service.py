"""Image services: the whole raster of one, exported as a GeoTIFF in its own pixels."""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson

from gpserverless.datatypes.references import Reference
from gpserverless.errors import InvalidValue
from gpserverless.fetch.http_fetcher import FetchRequest, HttpFetcher
from gpserverless.values.quotation import quoted

_SERVICE = re.compile(r"/ImageServer/?$", re.IGNORECASE)
_DEFAULT_SIDE = 4_100
"""Pixels on a side that an image service exports unless it says otherwise (maxImageWidth, maxImageHeight)."""


@dataclass(frozen=True)
class ImageService:
    """An image service.

    Attributes:
        url: Its URL, without a query.
        token: Token for its server.
    """

    url: str
    token: str = ""


def parse_image_service(reference: Reference) -> ImageService | None:
    """Return the image service of a reference, or None if its URL is not that of one.

    Args:
        reference: The reference.
    """
    parts = urlsplit(reference.url)
    if not _SERVICE.search(parts.path):
        return None
    folded = {name.lower(): value for name, value in parse_qsl(parts.query)}
    bare = urlunsplit(parts._replace(path=parts.path.rstrip("/"), query="", fragment=""))
    return ImageService(bare, reference.token or folded.get("token", ""))


def export_raster(fetcher: HttpFetcher, service: ImageService, file: BinaryIO, most_bytes: int) -> None:
    """Write the raster of an image service as a GeoTIFF.

    Args:
        fetcher: Asks the server.
        service: The image service.
        file: Receives the GeoTIFF.
        most_bytes: Most bytes that it may have.

    Raises:
        InvalidValue: It is no image service, or does not export so many pixels at once.
    """
    body = io.BytesIO()
    fetcher.fetch(FetchRequest(f"{service.url}?f=json", service.token, most_bytes=1_000_000), body)
    fields = _export_fields(body.getvalue(), quoted(urlsplit(service.url).hostname or ""))
    url = f"{service.url}/exportImage?{urlencode(fields)}"
    answer = fetcher.fetch(FetchRequest(url, service.token, most_bytes=most_bytes), file)
    if not answer.media_type.startswith("image/"):
        raise InvalidValue("the image service answered without an image")


def _export_fields(description: bytes, host: str) -> dict[str, str]:
    try:
        about = orjson.loads(description)
        extent = about["extent"]
        left, bottom, right, top = (_finite(extent[side]) for side in ("xmin", "ymin", "xmax", "ymax"))
        width = round((right - left) / _finite(about["pixelSizeX"]))
        height = round((top - bottom) / _finite(about["pixelSizeY"]))
        most = [int(about.get(f"maxImage{side}") or _DEFAULT_SIDE) for side in ("Width", "Height")]
        reference = orjson.dumps(extent.get("spatialReference") or {}).decode()
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        raise InvalidValue(f"the server at {host} does not describe an image service") from None
    if not (0 < width <= most[0] and 0 < height <= most[1]):
        raise InvalidValue(
            f"the image service has {width:,} by {height:,} pixels, more than it exports at once",
            f"{most[0]:,} by {most[1]:,}",
        )
    return {
        "bbox": f"{left!r},{bottom!r},{right!r},{top!r}",
        "bboxSR": reference,
        "imageSR": reference,
        "size": f"{width},{height}",
        "format": "tiff",
        "interpolation": "RSP_NearestNeighbor",
        "f": "image",
    }


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number
