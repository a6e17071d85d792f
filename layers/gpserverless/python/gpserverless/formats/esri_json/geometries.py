"""Geometries from Esri JSON, with every leniency towards clients and every check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gpserverless.errors import InvalidValue
from gpserverless.formats.esri_json.document import Document
from gpserverless.formats.esri_json.ordinates import arrange_ordinates, count_ordinates
from gpserverless.formats.esri_json.points import read_points
from gpserverless.formats.esri_json.vertices import (
    detect_geometry_type,
    get_geometry,
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
    POLYLINE,
)
from gpserverless.values.spatial_reference import SpatialReference

LARGEST_ORDINATE = 1e30
"""Ordinates beyond overflow in products of areas; no map is so large."""

_FEWEST = {POLYLINE: 2, POLYGON: 4}


@dataclass(frozen=True)
class LocatedGeometries:
    """Geometries and their spatial reference.

    Attributes:
        flat: The geometries; rings are closed.
        spatial_reference: That of the header or of the geometries, None if there is neither.
    """

    flat: CoordinateArrays
    spatial_reference: SpatialReference | None


def read_geometries(document: Document, accepted: frozenset[str], limit: int) -> LocatedGeometries:
    """Read all geometries of a feature set.

    Args:
        document: The feature set.
        accepted: Accepted Esri geometry types; empty for any.
        limit: Most vertices of all geometries together.

    Raises:
        InvalidValue: A geometry is malformed or of another type, there are too many vertices, or the
            spatial references differ.
    """
    geometry_type = _find_geometry_type(document, accepted)
    if geometry_type == POINT:
        flat, extras = read_points(document.features)
    else:
        flat, extras = _read_parts(document, geometry_type)
    if len(flat.coordinates) > limit:
        raise InvalidValue(f"it holds {len(flat.coordinates)} vertices", f"at most {limit} vertices")
    _check_ordinates(flat)
    reference = _read_spatial_reference(document, [document.features[i] for i in extras])
    return LocatedGeometries(_close_and_check_parts(flat), reference)


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


def _is_third_ordinate_m(document: Document, extras: Sequence[int]) -> bool:
    """Return whether a third ordinate is an m: by the header, else by the first geometry with flags."""
    flags: Mapping[str, Any] = document.header
    if not flags.get("hasZ") and not flags.get("hasM") and extras:
        flags = get_geometry(document.features[extras[0]])
    return bool(flags.get("hasM")) and not flags.get("hasZ")


def _check_ordinates(flat: CoordinateArrays) -> None:
    sizes = np.abs(flat.coordinates[:, :2])
    if not sizes.max(initial=0) < LARGEST_ORDINATE:
        sound = (sizes < LARGEST_ORDINATE).all(axis=1)
        index = _find_feature(flat, int(np.argmin(sound)))
        raise InvalidValue(f"features[{index}]: an ordinate is not finite", "finite numbers")


def _find_feature(flat: CoordinateArrays, vertex: int) -> int:
    part = int(np.searchsorted(flat.parts, vertex, side="right")) - 1
    return int(np.searchsorted(flat.features, part, side="right")) - 1


def _close_and_check_parts(flat: CoordinateArrays) -> CoordinateArrays:
    """Close open rings; raise for paths of one vertex and rings of fewer than four."""
    if flat.geometry_type == POLYGON and len(flat.parts) > 1:
        flat = _close_rings(flat)
    sizes, fewest = np.diff(flat.parts), _FEWEST.get(flat.geometry_type, 1)
    if (sizes < fewest).any():
        index = _find_feature(flat, int(flat.parts[np.argmax(sizes < fewest)]))
        part = {POLYGON: "ring", POLYLINE: "path"}[flat.geometry_type]
        raise InvalidValue(f"features[{index}]: a {part} has too few vertices", f"at least {fewest} vertices")
    return flat


def _close_rings(flat: CoordinateArrays) -> CoordinateArrays:
    firsts, ends = flat.parts[:-1], flat.parts[1:]
    is_open = (flat.coordinates[firsts, :2] != flat.coordinates[ends - 1, :2]).any(axis=1)
    if not is_open.any():
        return flat
    coordinates = np.insert(flat.coordinates, ends[is_open], flat.coordinates[firsts[is_open]], axis=0)
    return replace(flat, coordinates=coordinates, parts=compute_offsets(np.diff(flat.parts) + is_open))


def _read_spatial_reference(document: Document, extras: Sequence[Any]) -> SpatialReference | None:
    """Return the one spatial reference of the header and of the geometries, where some clients write it."""
    documents = {"": document.header.get("spatialReference")}
    for feature in extras:
        reference = (get_geometry(feature) or {}).get("spatialReference")
        if reference:
            documents.setdefault(repr(reference), reference)
    references = [SpatialReference.from_json(d) for d in documents.values() if d]
    if not references:
        return None
    if any(other != references[0] for other in references[1:]):
        raise InvalidValue("its geometries are in different spatial references", "one spatial reference")
    references[0].crs  # noqa: B018 - raises where there is no such system
    return references[0]
