"""The picture of an image that a request wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gpserverless.drawing.raster_picture import FORMATS, PNG, STANDARD_QUALITY
from gpserverless.drawing.view import View, fit_view
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.formats.raster_views import list_colors
from gpserverless.geometry.boxes import project_box
from gpserverless.http.fields import parse_json, read_flag, read_reference, read_text
from gpserverless.http.picture_fields import read_box, read_dpi, read_size
from gpserverless.http.request import Request
from gpserverless.protocols.imageserver.documents import name_pixel_type
from gpserverless.protocols.imageserver.raster import OpenImage
from gpserverless.values.numbers import read_float, read_whole
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import SpatialReference

_RESAMPLING = {
    "rsp_nearestneighbor": "nearest",
    "rsp_bilinearinterpolation": "bilinear",
    "rsp_cubicconvolution": "cubic",
    "rsp_majority": "mode",
}
_INTERPOLATIONS = "RSP_NearestNeighbor, RSP_BilinearInterpolation, RSP_CubicConvolution, RSP_Majority"
_NO_RULES: tuple[Any, ...] = ({}, {"rasterFunction": "None"})
_MAX_QUALITY = 100
_RGB = 3


@dataclass(frozen=True)
class ImageExport:
    """A picture of an image.

    Attributes:
        view: The part of the image.
        reference: Spatial reference of the picture; None for that of an image without one.
        format: One of `FORMATS`.
        bands: Numbers of its bands, from 1.
        resampling: How the value of a pixel is found, one of `RESAMPLING`.
        nodata: Value of cells without data, in place of the raster's own; None for that one.
        quality: Quality of a JPEG.
        is_on_map: Whether the part has a place in the picture's reference; if not, it shows nothing.
        transparent: Whether cells without data stay open; if not, they are white.
    """

    view: View
    reference: SpatialReference | None
    format: str
    bands: tuple[int, ...]
    resampling: str
    nodata: float | None
    quality: int
    is_on_map: bool
    transparent: bool = True


def read_image_export(request: Request, opened: OpenImage, *, as_map: bool = False) -> ImageExport:
    """Read the picture that a request wants.

    Args:
        request: The request.
        opened: The image.
        as_map: Whether what the request leaves open is as in maps: PNG on a white ground. If not, the format
            follows the cells, and those without data stay open.

    Raises:
        InvalidParameter: An option is wrong.
    """
    _refuse_rules(request)
    _check_pixel_type(request, opened)
    reference = _read_own(request, "imageSR", opened) or opened.reference
    box, own = read_box(request, "bbox") if read_text(request, "bbox") else (opened.bounds, opened.reference)
    source = own or _read_own(request, "bboxSR", opened) or reference
    placed = box
    if source is not None and reference is not None:
        try:
            moved = project_box(box, source, reference)
        except InvalidValue as error:
            raise InvalidParameter("imageSR", error.problem, error.accepted) from None
        placed = box if moved is None else moved
        is_on_map = moved is not None
    else:
        is_on_map = True
    name = _read_format(request, PNG[0] if as_map else FORMATS[0])
    return ImageExport(
        fit_view(placed, read_size(request, "size"), read_dpi(request)),
        reference,
        name,
        _read_bands(request, opened, name),
        _read_resampling(request, opened),
        _read_nodata(request, opened),
        _read_quality(request),
        is_on_map,
        read_flag(request, "transparent", default=not as_map),
    )


def read_own_reference(request: Request, name: str, opened: OpenImage) -> SpatialReference | None:
    """Return a field that is a spatial reference into which an image can be projected.

    Args:
        request: The request.
        name: Name of the field.
        opened: The image.

    Raises:
        InvalidParameter: It is unknown, or the image has none itself.
    """
    return _read_own(request, name, opened)


def _read_own(request: Request, name: str, opened: OpenImage) -> SpatialReference | None:
    asked = read_reference(request, name)
    if asked is not None and opened.reference is None:
        raise InvalidParameter(name, "the raster names no spatial reference to project from", "no value")
    return asked


def _refuse_rules(request: Request) -> None:
    for name in ("mosaicRule", "renderingRule"):
        text = read_text(request, name)
        accepted = '{} or {"rasterFunction": "None"}' if name == "renderingRule" else "{}"
        if text and parse_json(name, text, accepted) not in _NO_RULES[: 1 + (name == "renderingRule")]:
            raise InvalidParameter(name, "images are drawn as they are", accepted)


def _check_pixel_type(request: Request, opened: OpenImage) -> None:
    asked, own = read_text(request, "pixelType").upper(), name_pixel_type(opened)
    if asked not in ("", "UNKNOWN", own):
        raise InvalidParameter("pixelType", f"{quoted(asked)} is another type than the raster's", own)


def _read_format(request: Request, default: str) -> str:
    name = read_text(request, "format").lower() or default
    name = {"jpeg": "jpg", "tif": "tiff"}.get(name, name)
    if name not in FORMATS:
        raise InvalidParameter("format", f"{quoted(name)} is not supported", ", ".join(FORMATS))
    return name


def _read_bands(request: Request, opened: OpenImage, name: str) -> tuple[int, ...]:
    """Return the bands that are wanted; of a picture those of red, green and blue, or one."""
    colors = list_colors(opened.dataset)
    text = read_text(request, "bandIds")
    if not text:
        keeps = name == "tiff"
        return tuple(colors if keeps else colors[:_RGB] if len(colors) >= _RGB else colors[:1])
    accepted = f"numbers from 0 to {len(colors) - 1}; one, or three for red, green and blue"
    numbers = [read_whole(part.strip()) for part in text.split(",")[: len(colors) + _RGB]]
    asked = [-1 if number is None else number for number in numbers]
    if not all(0 <= number < len(colors) for number in asked) or (
        name != "tiff" and len(asked) not in (1, _RGB)
    ):
        raise InvalidParameter("bandIds", f"{quoted(text)} is no choice of bands", accepted)
    return tuple(colors[number] for number in asked)


def _read_resampling(request: Request, opened: OpenImage) -> str:
    text = read_text(request, "interpolation")
    if text and text.lower() not in _RESAMPLING:
        raise InvalidParameter("interpolation", f"{quoted(text)} is not supported", _INTERPOLATIONS)
    has_colors = opened.dataset.colorinterp[0].name == "palette"
    if has_colors and _RESAMPLING.get(text.lower()) != "mode":
        return "nearest"  # values between two numbers of colours would have another colour
    return _RESAMPLING.get(text.lower(), "bilinear")


def _read_nodata(request: Request, opened: OpenImage) -> float | None:
    text = read_text(request, "noData")
    if not text:
        return None
    value = read_float(text)
    kind = np.dtype(opened.dataset.dtypes[0])
    if value is not None and (kind.kind == "f" or _holds(kind, value)):
        return value
    raise InvalidParameter("noData", f"{quoted(text)} is no value of a cell", f"one number of type {kind}")


def _holds(kind: np.dtype[Any], value: float) -> bool:
    limits = np.iinfo(kind)
    return value.is_integer() and limits.min <= value <= limits.max


def _read_quality(request: Request) -> int:
    text = read_text(request, "compressionQuality")
    value = read_float(text) if text else STANDARD_QUALITY
    if value is None or not 1 <= value <= _MAX_QUALITY:
        raise InvalidParameter("compressionQuality", f"{quoted(text)} is none", "a number from 1 to 100")
    return round(value)
