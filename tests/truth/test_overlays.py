"""Overlays and clips are those of geopandas: as many pieces, of the same pairs, with the same sizes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import geopandas
import numpy as np
import pandas
import pytest
import shapely

from gpserverless.analysis.clip import Area, clip, erase
from gpserverless.analysis.overlay import Options, differ, identify, intersect_layers, unite_layers
from tests.analysis.quiet import Notes
from tests.truth.layers import measure, read_american, scatter_boxes, scatter_lines, scatter_points, to_frame

OURS = {
    "intersection": intersect_layers,
    "union": unite_layers,
    "identity": identify,
    "symmetric_difference": differ,
}


LEAST = 2e-3
"""Smaller pieces do not count: those within the tolerance of a millimetre vanish in ours."""


def separate(seed: int) -> Any:
    """Boxes that do not overlap each other, since geopandas does not divide a layer by itself."""
    boxes, kept = scatter_boxes(200, seed), []
    for row, shape in enumerate(boxes.geometries):
        if not any(shape.intersects(boxes.geometries[other]) for other in kept):
            kept.append(row)
    return boxes.take(kept)


def add_sizes(ids: list[Any], sizes: Any) -> dict[Any, float]:
    """Return the size of all pieces of each pair; a missing side is -1."""
    found: dict[Any, float] = defaultdict(float)
    for key, size in zip(ids, sizes, strict=True):
        found[tuple(-1 if pandas.isna(each) else str(each) for each in key)] += size
    return {key: size for key, size in found.items() if size > LEAST}


def match(found: Any, expected: Any, names: list[str]) -> None:
    columns = [found.column(name).tolist() for name in names]
    ours = add_sizes(list(zip(*columns, strict=True)), measure(found.geometries))
    theirs = add_sizes(
        list(zip(*(expected[name] for name in names), strict=True)), measure(expected.geometry)
    )
    assert ours.keys() == theirs.keys()
    assert [ours[key] for key in theirs] == pytest.approx(list(theirs.values()), rel=1e-9, abs=1e-6)
    assert len(theirs) > 50


@pytest.mark.parametrize("how", OURS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_polygons_with_polygons(how: str, seed: int) -> None:
    one, two = separate(seed), separate(seed + 10)
    found = OURS[how]([("one", one), ("two", two)], Options(), Notes())
    expected = geopandas.overlay(to_frame(one), to_frame(two), how=how, keep_geom_type=True)
    match(found, expected, [f"GROUP{seed}", f"VALUE{seed}", f"GROUP{seed + 10}", f"VALUE{seed + 10}"])


@pytest.mark.parametrize("seed", [4, 5])
def test_polygons_that_overlap_each_other_intersect_each_one(seed: int) -> None:
    one, two = scatter_boxes(150, seed), scatter_boxes(150, seed + 10)
    found = intersect_layers([("one", one), ("two", two)], Options(), Notes())
    expected = geopandas.overlay(to_frame(one), to_frame(two), how="intersection", keep_geom_type=True)
    assert len(found) == len(expected)
    match(found, expected, [f"VALUE{seed}", f"VALUE{seed + 10}"])


def test_lines_with_polygons() -> None:
    lines, boxes = scatter_lines(200, 6), scatter_boxes(100, 16)
    found = intersect_layers([("lines", lines), ("boxes", boxes)], Options(), Notes())
    expected = geopandas.overlay(to_frame(lines), to_frame(boxes), how="intersection", keep_geom_type=True)
    match(found, expected, ["VALUE6", "VALUE16"])


def test_real_counties_with_zones_about_airports() -> None:
    counties = read_american("us_counties").only("FIPS")
    airports = read_american("airports").only("OBJECTID")
    zones = airports.with_geometries(shapely.buffer(airports.geometries, 20_000, quad_segs=8))
    zones = zones.with_columns({"ZONE": airports.object_ids}).only("ZONE")
    found = intersect_layers([("counties", counties), ("zones", zones)], Options(), Notes())
    expected = geopandas.overlay(to_frame(counties), to_frame(zones), how="intersection", keep_geom_type=True)
    found_sizes = add_sizes(
        list(zip(found.column("FIPS"), found.column("ZONE"), strict=True)), measure(found.geometries)
    )
    sizes = add_sizes(list(zip(expected["FIPS"], expected["ZONE"], strict=True)), measure(expected.geometry))
    whole = {key: size for key, size in sizes.items() if size > 1}
    assert len(whole) > 1_000
    assert {key: found_sizes[key] for key in whole} == pytest.approx(whole, rel=1e-9, abs=0.01)
    assert sum(found_sizes.values()) == pytest.approx(sum(sizes.values()), rel=1e-12)


@pytest.mark.parametrize("layer", [scatter_boxes, scatter_points, scatter_lines])
def test_clip_and_erase(layer: Any) -> None:
    features, window = layer(300, 7), scatter_boxes(12, 17, size=120)
    frame, mask = to_frame(features), shapely.union_all(window.geometries)
    inside = clip(features, Area("clip_features", window), Notes())
    outside = erase(features, Area("erase_features", window), Notes())
    clipped = geopandas.clip(frame, mask, keep_geom_type=True).sort_values("ID7")
    clipped = clipped[~clipped.geometry.is_empty]
    assert inside.column("ID7").tolist() == clipped["ID7"].tolist()
    assert inside.column("GROUP7").tolist() == clipped["GROUP7"].tolist()
    assert measure(inside.geometries) == pytest.approx(measure(clipped.geometry), rel=1e-9, abs=1e-6)
    if layer is not scatter_points:
        erased = geopandas.overlay(frame, to_frame(window), how="difference").sort_values("ID7")
        assert outside.column("ID7").tolist() == erased["ID7"].tolist()
        assert measure(outside.geometries) == pytest.approx(measure(erased.geometry), rel=1e-9, abs=1e-6)
    else:
        within = set(inside.column("ID7").tolist())
        assert outside.column("ID7").tolist() == [n for n in range(300) if n not in within]


def test_real_counties_clipped_by_a_disc() -> None:
    counties = read_american("us_counties")
    disc = shapely.Point(0, 1_800_000).buffer(500_000)
    area = counties.take([0]).with_geometries(np.array([disc], object))
    found = clip(counties, Area("clip_features", area), Notes())
    expected = geopandas.clip(to_frame(counties), disc, keep_geom_type=True).sort_values("OBJECTID")
    assert found.column("FIPS").tolist() == expected["FIPS"].tolist()
    assert measure(found.geometries) == pytest.approx(measure(expected.geometry), rel=1e-9, abs=1e-3)
    assert len(found) > 300
