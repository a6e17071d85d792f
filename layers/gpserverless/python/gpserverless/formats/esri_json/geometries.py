"""Geometries from Esri JSON, with every leniency towards clients and every check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gpserverless.errors import InvalidValue
from gpserverless.formats.esri_json.document import Document, check_unique_names
from gpserverless.formats.esri_json.ordinates import arrange_ordinates, count_ordinates
from gpserverless.formats.esri_json.parts import close_rings, drop_degenerate_parts
from gpserverless.formats.esri_json.points import read_points
from gpserverless.formats.esri_json.quantization import apply_grid, read_grid
from gpserverless.formats.esri_json.vertices import (
    detect_geometry_type,
    get_geometry,
    get_member,
    read_vertices,
)
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, compute_offsets
from gpserverless.geometry.geometry_types import (
    ENVELOPE,
    GEOMETRY_TYPES,
    MEMBERS,
    PLURALS,
    POINT,
    POLYGON,
)
from gpserverless.values.json_members import count_members
from gpserverless.values.spatial_reference import SpatialReference

MOST_REFERENCES = 20
"""Most ways in which the geometries of one feature set may name their spatial reference; PROJ reads each."""

LARGEST_ORDINATE = 1e30
"""Ordinates beyond overflow in products of areas; no map is so large."""


@dataclass(frozen=True)
class LocatedGeometries:
    """Geometries and their spatial reference.

    Attributes:
        flat: The geometries; rings are closed.
        spatial_reference: That of the header or of the geometries, None if there is neither.
    """

    flat: CoordinateArrays
    spatial_reference: SpatialReference | None


def read_geometries(
    document: Document, accepted: frozenset[str], limit: int, warn: Callable[[str], None] | None = None
) -> LocatedGeometries:
    """Read all geometries of a feature set.

    Args:
        document: The feature set.
        accepted: Accepted Esri geometry types; empty for any.
        limit: Most vertices of all geometries together.
        warn: Takes a sentence if paths or rings without extent were dropped.

    Raises:
        InvalidValue: A geometry is malformed or of another type, there are too many vertices, or the
            spatial references differ.
    """
    geometry_type = _find_geometry_type(document, accepted)
    grid = read_grid(document.header)
    if grid is not None:
        _refuse_envelopes(document.features)
    if geometry_type == POINT:
        flat, extras = read_points(document.features)
    else:
        flat, extras = _read_parts(document, geometry_type)
    if len(flat.coordinates) > limit:
        raise InvalidValue(f"it holds {len(flat.coordinates)} vertices", f"at most {limit} vertices")
    if grid is not None:
        flat = apply_grid(flat, grid)
    _check_ordinates(flat)
    _check_names(document.features, extras)
    reference = _read_spatial_reference(document, extras)
    return LocatedGeometries(drop_degenerate_parts(close_rings(flat), warn), reference)


def _find_geometry_type(document: Document, accepted: frozenset[str]) -> str:
    named = document.header.get("geometryType")
    found = named if named is not None else _find_first_type(document.features)
    if found is None:
        return min(accepted, default=POINT)
    if not isinstance(found, str) or found not in MEMBERS:
        raise InvalidValue(f"there is no geometry type {str(named)[:40]!r}", ", ".join(GEOMETRY_TYPES))
    kind = POLYGON if found == ENVELOPE else found
    if accepted and kind not in accepted:
        raise InvalidValue(f"it holds {PLURALS[kind]}", "features of type " + " or ".join(sorted(accepted)))
    return kind


def _find_first_type(features: Sequence[Any]) -> str | None:
    for index, feature in enumerate(features):
        try:
            kind = detect_geometry_type(get_geometry(feature))
        except InvalidValue as problem:
            raise InvalidValue(f"features[{index}]: {problem.problem}", problem.accepted) from problem
        if kind is not None:
            return kind
    return None


def _read_parts(document: Document, geometry_type: str) -> tuple[CoordinateArrays, list[int]]:
    vertices = read_vertices(document.features, geometry_type)
    dimensions = count_ordinates(document.features, geometry_type, vertices, document.text)
    owner = np.repeat(np.arange(len(vertices.counts)), vertices.counts)
    full = vertices.lengths > 0
    lengths, owner = vertices.lengths[full], owner[full]
    values = np.frombuffer(b"".join(vertices.buffers))
    measured = _is_third_ordinate_m(document, vertices.extras)
    coordinates, has_z, has_m = arrange_ordinates(values, dimensions[owner], lengths, measured)
    features = compute_offsets(np.bincount(owner, minlength=len(vertices.counts)))
    flat = CoordinateArrays(geometry_type, coordinates, compute_offsets(lengths), features, has_z, has_m)
    return flat, vertices.extras


def _refuse_envelopes(features: Sequence[Any]) -> None:
    for index, feature in enumerate(features):
        if get_member(feature, MEMBERS[ENVELOPE]) is not None:
            raise InvalidValue(f"features[{index}]: an envelope is not quantized", "points, paths or rings")


def _is_third_ordinate_m(document: Document, extras: Sequence[int]) -> bool:
    """Return whether a third ordinate is an m: by the header, else by the first geometry with flags."""
    header = document.header
    flags = header.get("hasZ"), header.get("hasM")
    if not any(flags):
        others = (document.features[index] for index in extras)
        each = ((get_member(other, "hasZ"), get_member(other, "hasM")) for other in others)
        flags = next((given for given in each if any(given)), flags)
    return bool(flags[1]) and not flags[0]


def _check_ordinates(flat: CoordinateArrays) -> None:
    sizes = np.abs(flat.coordinates[:, :2])
    if not sizes.max(initial=0) < LARGEST_ORDINATE:
        sound = (sizes < LARGEST_ORDINATE).all(axis=1)
        index = _find_feature(flat, int(np.argmin(sound)))
        raise InvalidValue(f"features[{index}]: an ordinate is not finite", "finite numbers")


def _find_feature(flat: CoordinateArrays, vertex: int) -> int:
    part = int(np.searchsorted(flat.parts, vertex, side="right")) - 1
    return int(np.searchsorted(flat.features, part, side="right")) - 1


def _read_spatial_reference(document: Document, extras: Sequence[int]) -> SpatialReference | None:
    """Return the one spatial reference of the header and of the geometries, where some clients write it."""
    documents = {"": document.header.get("spatialReference")}
    for index in extras:
        reference = get_member(document.features[index], "spatialReference")
        if reference:
            count_members(reference)
            documents.setdefault(repr(reference), reference)
    if len(documents) > MOST_REFERENCES:
        raise InvalidValue(f"its geometries name {len(documents):,} spatial references", "one of them")
    read = (SpatialReference.from_optional_json(d) for d in documents.values())
    references = (reference.resolve() for reference in read if reference is not None)
    first = next(references, None)
    if any(other != first for other in references):
        raise InvalidValue("its geometries are in different spatial references", "one spatial reference")
    return first


def _check_names(features: Sequence[Any], extras: Sequence[int]) -> None:
    """Raise if a geometry holds a name twice; one without other members than its vertices does not."""
    for index in extras:
        check_unique_names(features[index]["geometry"], f"features[{index}]: its geometry")
