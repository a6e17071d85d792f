"""Matches of features: every relation against each pair alone, by the patterns of DE-9IM."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gpserverless.analysis.matching import Matching
from gpserverless.analysis.relations import RELATIONS, find_matches
from gpserverless.errors import InvalidParameter, MissingParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.units import LinearUnit
from tests.analysis.quiet import Notes

UTM, WGS84 = SpatialReference(32633), SpatialReference(4326)

# The patterns of OGC's Simple Features and of ArcGIS' descriptions, one of which must hold.
PATTERNS = {
    "INTERSECT": ["T********", "*T*******", "***T*****", "****T****"],
    "CONTAINS": ["T*****FF*", "*T****FF*", "***T**FF*", "****T*FF*"],
    "CONTAINS_CLEMENTINI": ["T*****FF*"],
    "COMPLETELY_CONTAINS": ["T**FF*FF*"],
    "WITHIN": ["T*F**F***", "*TF**F***", "**FT*F***", "**F*TF***"],
    "WITHIN_CLEMENTINI": ["T*F**F***"],
    "COMPLETELY_WITHIN": ["TFF*FF***"],
    "ARE_IDENTICAL_TO": ["T*F**FFF*"],
    "BOUNDARY_TOUCHES": ["FT*******", "F**T*****", "F***T****"],
}


def draw_shapes(kind: str, count: int, seed: int) -> Any:
    """Return shapes on a small grid, so that many touch, share edges or are equal."""
    random = np.random.default_rng(seed)
    at = random.integers(0, 5, (count, 2)).astype(float)
    size = random.integers(1, 4, (count, 2)).astype(float)
    if kind == "points":
        return np.asarray(shapely.points(at))
    if kind == "lines":
        return np.asarray(
            shapely.linestrings(np.stack([at, at + size * random.integers(0, 2, (count, 2)) + [0, 1]], 1))
        )
    return np.asarray(shapely.box(*at.T, *(at + size).T))


def pairs(matches: Any) -> list[tuple[int, int]]:
    return list(zip(matches.feature.tolist(), matches.other.tolist(), strict=True))


@pytest.mark.parametrize("relation", sorted(PATTERNS))
@given(kinds=st.tuples(*[st.sampled_from(["points", "lines", "polygons"])] * 2), seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_relation_is_that_of_its_pattern(relation: str, kinds: Any, seed: int) -> None:
    a, b = (draw_shapes(kind, 12, seed + n) for n, kind in enumerate(kinds))
    found = find_matches(FeatureSet.of(a, UTM), FeatureSet.of(b, UTM), relation, "match_option", Notes())
    matrix = shapely.relate(a[:, None], b[None])
    holds = np.zeros(matrix.shape, bool)
    for n, m in np.ndindex(matrix.shape):
        holds[n, m] = any(_fits(matrix[n, m], pattern) for pattern in PATTERNS[relation])
    assert pairs(found) == [(int(n), int(m)) for n, m in np.argwhere(holds)]


def _fits(matrix: str, pattern: str) -> bool:
    wanted = {"T": "012", "F": "F", "*": "012F"}
    return all(cell in wanted[rule] for cell, rule in zip(matrix, pattern, strict=True))


SQUARE, BESIDE = shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2)
CORNER, ACROSS = shapely.box(2, 2, 4, 4), shapely.LineString([(-1, 1), (3, 1)])


@pytest.mark.parametrize(
    ("relation", "a", "b", "expected"),
    [
        ("SHARE_A_LINE_SEGMENT_WITH", SQUARE, BESIDE, True),
        ("SHARE_A_LINE_SEGMENT_WITH", SQUARE, CORNER, False),
        ("SHARE_A_LINE_SEGMENT_WITH", shapely.LineString([(0, 0), (9, 0)]), SQUARE, True),
        ("SHARE_A_LINE_SEGMENT_WITH", ACROSS, SQUARE, False),
        ("CROSSED_BY_THE_OUTLINE_OF", ACROSS, SQUARE, True),
        ("CROSSED_BY_THE_OUTLINE_OF", SQUARE, shapely.box(1, 1, 5, 5), True),
        ("CROSSED_BY_THE_OUTLINE_OF", SQUARE, BESIDE, False),
        ("CROSSED_BY_THE_OUTLINE_OF", SQUARE, shapely.box(0.5, 0.5, 1, 1), False),
        ("HAVE_THEIR_CENTER_IN", shapely.box(1, 1, 3.5, 2), SQUARE, False),
        ("HAVE_THEIR_CENTER_IN", shapely.box(1, 1, 2.5, 2), SQUARE, True),
    ],
)
def test_relations_of_outlines_and_centres(relation: str, a: Any, b: Any, expected: bool) -> None:
    found = find_matches(FeatureSet.of([a], UTM), FeatureSet.of([b], UTM), relation, "x", Notes())
    assert (len(found.feature) == 1) is expected


@pytest.mark.parametrize("relation", ["SHARE_A_LINE_SEGMENT_WITH", "CROSSED_BY_THE_OUTLINE_OF"])
def test_points_have_no_outline(relation: str) -> None:
    point = FeatureSet.of([shapely.Point(0, 0)], UTM)
    with pytest.raises(InvalidParameter, match=r"'overlap_type'.*for lines and polygons only"):
        find_matches(point, point, relation, "overlap_type", Notes())


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_points_are_in_areas_of_several_parts_once(seed: int) -> None:
    random = np.random.default_rng(seed)
    points = shapely.points(random.integers(0, 8, (40, 2)).astype(float))
    areas = [shapely.union_all(draw_shapes("polygons", 3, seed + n)) for n in range(5)]
    a, b = FeatureSet.of(points, UTM), FeatureSet.of(areas, UTM)
    every = shapely.intersects(points[:, None], np.array(areas)[None])
    assert pairs(find_matches(a, b, "INTERSECT", "x", Notes())) == [
        tuple(p) for p in np.argwhere(every).tolist()
    ]
    assert pairs(find_matches(b, a, "INTERSECT", "x", Notes())) == [
        tuple(p) for p in np.argwhere(every.T).tolist()
    ]


@pytest.mark.parametrize("count", [1, 8, 9, 60])
def test_points_are_in_areas_however_many_there_are(count: int) -> None:
    random = np.random.default_rng(count)
    points = shapely.points(random.integers(0, 8, (count, 2)).astype(float))
    areas = draw_shapes("polygons", 6, count)
    every = shapely.intersects(points[:, None], np.array(areas)[None])
    found = find_matches(FeatureSet.of(points, UTM), FeatureSet.of(areas, UTM), "INTERSECT", "x", Notes())
    assert pairs(found) == [tuple(p) for p in np.argwhere(every).tolist()]


def match(relation: str, a: Any, b: Any, radius: LinearUnit | None = None, reference: Any = UTM) -> Any:
    matching = Matching(relation, "match_option", radius, "search_radius")
    return matching.find(FeatureSet.of(a, reference), FeatureSet.of(b, reference), Notes())


@given(seed=st.integers(0, 10_000), reach=st.floats(0.1, 4))
@settings(max_examples=30, deadline=None)
def test_others_within_a_distance(seed: int, reach: float) -> None:
    a, b = draw_shapes("lines", 10, seed), draw_shapes("polygons", 10, seed + 1)
    every = shapely.distance(a[:, None], b[None])
    for relation in ("WITHIN_A_DISTANCE", "INTERSECT"):
        found = match(relation, a, b, LinearUnit(reach))
        assert pairs(found) == [tuple(p) for p in np.argwhere(every <= reach).tolist()]
        assert found.distance == pytest.approx(every[found.feature, found.other], abs=1e-9)


def test_distance_on_longitudes_and_latitudes_is_in_metres() -> None:
    places = [shapely.Point(0, 0)], [shapely.Point(0.001, 0), shapely.Point(0.002, 0)]
    found = match("WITHIN_A_DISTANCE_GEODESIC", *places, LinearUnit(150), WGS84)
    assert pairs(found) == [(0, 0)]
    assert found.distance == pytest.approx([111.319], abs=0.001)


def test_largest_overlap_is_the_largest_area_or_length() -> None:
    areas = [shapely.box(0, 0, 1, 9), shapely.box(1, 0, 4, 9), shapely.box(4, 0, 5, 9)]
    assert pairs(match("LARGEST_OVERLAP", [shapely.box(0, 0, 5, 5)], areas)) == [(0, 1)]
    assert pairs(match("LARGEST_OVERLAP", [shapely.LineString([(0, 1), (5, 1)])], areas)) == [(0, 1)]
    assert pairs(match("LARGEST_OVERLAP", [shapely.box(0, 0, 1, 1), shapely.box(20, 0, 21, 1)], areas)) == [
        (0, 0)
    ]


@pytest.mark.parametrize("relation", sorted([*RELATIONS, "LARGEST_OVERLAP"]))
def test_features_without_a_shape_match_nothing(relation: str) -> None:
    shapes = [None, shapely.box(0, 0, 1, 1), shapely.Polygon()]
    assert set(pairs(match(relation, shapes, shapes))) <= {(1, 1)}
    assert pairs(match(relation, [], shapes)) == []


def test_radius_has_its_relations() -> None:
    with pytest.raises(InvalidParameter, match="'search_radius': it is not for CONTAINS"):
        match("CONTAINS", [SQUARE], [SQUARE], LinearUnit(5))
    with pytest.raises(MissingParameter, match="'search_radius'"):
        match("WITHIN_A_DISTANCE", [SQUARE], [SQUARE])


def test_area_beyond_180_degrees_holds_points_on_the_other_side() -> None:
    area, points = [shapely.box(170, -5, 190, 5)], [shapely.Point(-175, 0), shapely.Point(175, 0)]
    assert pairs(match("CONTAINS", area, points, None, WGS84)) == [(0, 0), (0, 1)]
