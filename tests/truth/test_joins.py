"""Spatial joins and planar neighbours are those of geopandas."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pandas
import pytest

from gpserverless.analysis.matching import Matching
from gpserverless.analysis.near import NeighbourQuery, find_neighbours
from gpserverless.analysis.near_fields import add_near_fields
from gpserverless.analysis.search_radius import SearchRadius
from gpserverless.analysis.spatial_join import JoinStyle, join_attributes
from gpserverless.values.units import LinearUnit
from tests.analysis.quiet import Notes
from tests.truth.layers import (
    read,
    read_american,
    scatter_boxes,
    scatter_lines,
    scatter_points,
    to_frame,
)

LAYERS = {"points": scatter_points, "lines": scatter_lines, "boxes": scatter_boxes}
RELATIONS = {"INTERSECT": "intersects", "CONTAINS": "covers", "WITHIN": "covered_by"}


def find_pairs(features: Any, others: Any, relation: str, radius: LinearUnit | None = None) -> set[Any]:
    found = Matching(relation, "match_option", radius, "search_radius").find(features, others, Notes())
    return set(zip(found.feature.tolist(), found.other.tolist(), strict=True))


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("seed", [1, 2])
def test_pairs(relation: str, kind: str, seed: int) -> None:
    features, others = LAYERS[kind](400, seed), scatter_boxes(150, seed + 10, size=60)
    pairs = (features, others) if relation != "CONTAINS" else (others, features)
    joined = geopandas.sjoin(*map(to_frame, pairs), predicate=RELATIONS[relation])
    assert find_pairs(*pairs, relation) == set(zip(joined.index, joined["index_right"], strict=True))
    assert len(joined) > 5


@pytest.mark.parametrize("kind", LAYERS)
def test_pairs_within_a_distance(kind: str) -> None:
    features, others = LAYERS[kind](300, 3), scatter_lines(100, 13)
    joined = geopandas.sjoin(to_frame(features), to_frame(others), predicate="dwithin", distance=12.0)
    found = find_pairs(features, others, "WITHIN_A_DISTANCE", LinearUnit(12, "esriMeters"))
    assert found == set(zip(joined.index, joined["index_right"], strict=True))


def test_real_airports_in_counties() -> None:
    airports, counties = read("airports"), read("us_counties")
    counties = counties.project(airports.spatial_reference)  # type: ignore[arg-type]
    matches = Matching("INTERSECT", "match_option", None, "search_radius").find(airports, counties, Notes())
    found = join_attributes(airports, counties, matches, JoinStyle(many=False, keep_all=True))
    joined = geopandas.sjoin(to_frame(airports), to_frame(counties)[["FIPS", "geometry"]], how="left")
    joined = joined[~joined.index.duplicated()]
    assert found.column("TARGET_FID").tolist() == airports.object_ids.tolist()
    told = [None if pandas.isna(each) else each for each in joined["FIPS"]]
    assert found.column("FIPS").tolist() == told
    assert sum(each is not None for each in told) > 500


@pytest.mark.parametrize("kind", LAYERS)
def test_nearest_of_random_layers(kind: str) -> None:
    features, others = LAYERS[kind](300, 4), scatter_lines(40, 14)
    joined = geopandas.sjoin_nearest(to_frame(features), to_frame(others), distance_col="far")
    found = find_neighbours(features, [others], NeighbourQuery(SearchRadius(np.inf, False)), Notes())
    near = add_near_fields(features, found, {}, location=False, angle=False)
    expected = joined[~joined.index.duplicated()]["far"]
    assert near.column("NEAR_DIST") == pytest.approx(expected.to_numpy(), rel=1e-9, abs=1e-9)
    pairs = set(zip(joined.index, joined["index_right"], strict=True))
    assert set(zip(range(300), (near.column("NEAR_FID") - 1).tolist(), strict=True)) <= pairs


def test_nearest_real_rivers_of_airports() -> None:
    airports, rivers = read_american("airports"), read_american("ne_rivers_50m")
    joined = geopandas.sjoin_nearest(to_frame(airports)[["geometry"]], to_frame(rivers), distance_col="far")
    found = find_neighbours(airports, [rivers], NeighbourQuery(SearchRadius(np.inf, False)), Notes())
    near = add_near_fields(airports, found, {}, location=False, angle=False)
    expected = joined[~joined.index.duplicated()]["far"].to_numpy()
    assert near.column("NEAR_DIST") == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert len(expected) > 500
