"""Parts of geometries made sound: open rings are closed, and parts without extent are dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gpserverless.geometry.coordinate_arrays import CoordinateArrays, compute_offsets, find_owners
from gpserverless.geometry.geometry_types import POLYGON, POLYLINE
from gpserverless.values.counts import list_some, write_count

_FEWEST = {POLYLINE: (2, "path"), POLYGON: (4, "ring")}


def close_rings(flat: CoordinateArrays) -> CoordinateArrays:
    """Close open rings.

    Args:
        flat: Geometries of any type; others than polygons stay as they are.
    """
    if flat.geometry_type != POLYGON or len(flat.parts) < 2:
        return flat
    firsts, ends = flat.parts[:-1], flat.parts[1:]
    is_open = (flat.coordinates[firsts, :2] != flat.coordinates[ends - 1, :2]).any(axis=1)
    if not is_open.any():
        return flat
    coordinates = np.insert(flat.coordinates, ends[is_open], flat.coordinates[firsts[is_open]], axis=0)
    return replace(flat, coordinates=coordinates, parts=compute_offsets(np.diff(flat.parts) + is_open))


def drop_degenerate_parts(flat: CoordinateArrays, warn: Callable[[str], None] | None) -> CoordinateArrays:
    """Drop paths of one vertex, and closed rings of fewer than four: servers that generalize leave such.

    Args:
        flat: Geometries of any type, with closed rings.
        warn: Takes a sentence that counts the parts and names their features.
    """
    fewest, noun = _FEWEST.get(flat.geometry_type, (1, "part"))
    sizes = np.diff(flat.parts)
    kept = sizes >= fewest
    if kept.all():
        return flat
    owners = find_owners(flat.features)
    counts = np.bincount(owners[kept], minlength=len(flat.features) - 1)
    if warn is not None:
        warn(_tell_loss(noun, fewest, owners[~kept], counts))
    coordinates = flat.coordinates[np.repeat(kept, sizes)]
    return replace(
        flat, coordinates=coordinates, parts=compute_offsets(sizes[kept]), features=compute_offsets(counts)
    )


def _tell_loss(noun: str, fewest: int, owners: NDArray[np.int64], counts: NDArray[np.int64]) -> str:
    concerned = np.unique(owners)
    empty = int((counts[concerned] == 0).sum())
    places = list_some([f"features[{index}]" for index in concerned[:4].tolist()], len(concerned))
    parts = write_count(len(owners), noun, f"{noun}s")
    dropped = f"Dropped {parts} of fewer than {fewest} vertices, of {places}"
    if not empty:
        return f"{dropped}."
    have = write_count(empty, f"feature without another {noun} has", f"features without another {noun} have")
    return f"{dropped}; {have} no shape now."
