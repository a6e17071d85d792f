"""Esri JSON for tests, written as briefly as it can be."""

from __future__ import annotations

import json
from typing import Any

SQUARE = [[0, 0], [0, 10], [10, 10], [10, 0], [0, 0]]
"""An outer ring: clockwise."""


def feature_set(*geometries: Any, **header: Any) -> dict[str, Any]:
    """Return a feature set of geometries, with only those members of the header that are given."""
    return {**header, "features": [{"attributes": {}, "geometry": geometry} for geometry in geometries]}


def rows(*attributes: Any, fields: list[dict[str, Any]] | None = None, **header: Any) -> dict[str, Any]:
    """Return a record set of attributes."""
    described = {} if fields is None else {"fields": fields}
    return {**header, **described, "features": [{"attributes": a} for a in attributes]}


def text(document: Any) -> str:
    """Return a document as JSON; NaN and Infinity as Python writes them."""
    return json.dumps(document)
