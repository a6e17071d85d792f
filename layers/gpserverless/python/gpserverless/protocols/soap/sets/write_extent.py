"""Extents written as envelopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.sets.write_reference import make_reference_node

_EXTENT = {
    "XMin": "xmin",
    "YMin": "ymin",
    "XMax": "xmax",
    "YMax": "ymax",
    "ZMin": "zmin",
    "ZMax": "zmax",
    "MMin": "mmin",
    "MMax": "mmax",
}


def make_envelope_node(extent: Mapping[str, Any]) -> Node:
    """Return an extent as a node.

    Args:
        extent: Esri JSON of an envelope; its sides are in the units of its spatial reference.

    Raises:
        InvalidValue: It has not all sides, or no spatial reference is known by the one that it names.
    """
    sides = {name: extent.get(member) for name, member in _EXTENT.items()}
    known = {name: side for name, side in sides.items() if isinstance(side, int | float)}
    if not {"XMin", "YMin", "XMax", "YMax"} <= known.keys():
        raise InvalidValue("the extent has not all sides", "xmin, ymin, xmax and ymax")
    reference = extent.get("spatialReference")
    node = None if reference is None else make_reference_node(reference)
    return Node("EnvelopeN", {**known, "SpatialReference": node})
