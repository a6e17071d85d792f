"""Answers to a request for a picture of a place: its document, and how long it may be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gpserverless.drawing.view import Extent, View, measure_scale
from gpserverless.values.spatial_reference import SpatialReference

_LONGEST_LIFE = 86_400

WriteDocument = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes the document of a picture, with its `href`; returns that of the answer."""


def describe_picture(
    href: str, view: View, reference: SpatialReference | None, messages: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the document of a picture.

    Args:
        href: Its URL.
        view: The part of the map that it shows.
        reference: Spatial reference of the view, None if it is not known.
        messages: Sentences about features that it does not show.
    """
    document = {
        "href": href,
        "width": view.width,
        "height": view.height,
        "extent": write_extent(view.extent, reference),
        "scale": 0 if reference is None else measure_scale(view, reference),
    }
    return {**document, "messages": list(messages)} if messages else document


def write_extent(extent: Extent, reference: SpatialReference | None) -> dict[str, Any]:
    """Return a box as JSON.

    Args:
        extent: Its sides.
        reference: Its spatial reference, None if it is not known.
    """
    sides = dict(zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True))
    return sides if reference is None else {**sides, "spatialReference": reference.to_json()}


def limit_life(expires: int | None, now: int) -> dict[str, str]:
    """Return the headers by which a picture is kept for a day, but no longer than its job.

    Args:
        expires: When the job expires, in milliseconds since 1970-01-01 UTC; None for a picture of no job,
            which is not kept.
        now: The time, in the same milliseconds.
    """
    if expires is None:
        return {}
    rest = min(_LONGEST_LIFE, max(0, (expires - now) // 1000))
    return {"cache-control": f"private, max-age={rest}"}
