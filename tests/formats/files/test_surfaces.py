"""Surfaces in WKB, made by hand: TINs and polyhedra, alone and in collections, become their footprints."""

from __future__ import annotations

import struct

import numpy as np
import pytest
import shapely

from gpserverless.formats.files.surfaces import read_shapes

Place = tuple[float, float, float]
LOW: tuple[Place, ...] = ((0, 0, 0), (4, 0, 0), (0, 3, 0), (0, 0, 0))
HIGH: tuple[Place, ...] = ((4, 0, 9), (4, 3, 9), (0, 3, 9), (4, 0, 9))
WALL: tuple[Place, ...] = ((0, 0, 0), (4, 0, 0), (4, 0, 9), (0, 0, 0))


def face(kind: int, ring: tuple[Place, ...], order: str = "<") -> bytes:
    head = struct.pack(f"{order}BIII", order == "<", 1000 + kind, 1, len(ring))
    return head + b"".join(struct.pack(f"{order}3d", *place) for place in ring)


def several(kind: int, *parts: bytes, order: str = "<") -> bytes:
    return struct.pack(f"{order}BII", order == "<", 1000 + kind, len(parts)) + b"".join(parts)


TIN = several(16, face(17, LOW), face(17, HIGH), face(17, WALL))
SURFACES = {
    "a TIN": TIN,
    "a TIN of the other byte order": several(16, face(17, LOW, ">"), face(17, HIGH, ">"), order=">"),
    "a polyhedron": several(15, face(3, LOW), face(3, HIGH), face(3, WALL)),
    "a collection of a TIN": several(7, TIN),
    "a collection of a TIN and polygons": several(7, several(16, face(17, LOW)), several(6, face(3, HIGH))),
    "a collection of triangles": several(7, face(17, LOW), face(17, HIGH)),
}


@pytest.mark.parametrize("case", SURFACES)
def test_footprint_is_the_union_of_the_faces(case: str) -> None:
    said: list[str] = []
    plain = shapely.to_wkb(shapely.Point(1, 2))
    point, surface, none = read_shapes(np.array([plain, SURFACES[case], None], object), said.append)
    assert (point.wkt, none, surface.has_z) == ("POINT (1 2)", None, False)
    assert shapely.equals(surface, shapely.box(0, 0, 4, 3))
    assert len(said) == 1


@pytest.mark.parametrize("wkb", [b"", b"\1", TIN[:-1], b"\1\xff\xff\xff\xff", several(16)[:5] + b"\xff" * 4])
def test_what_cannot_be_read_is_null_and_told(wkb: bytes) -> None:
    said: list[str] = []
    assert read_shapes(np.array([wkb], object), said.append).tolist() == [None]
    assert said == ["1 shape cannot be read; null is read instead."]
