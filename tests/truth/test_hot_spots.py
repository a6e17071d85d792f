"""Gi* is that of esda, over neighbours of libpysal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from esda.getisord import G_Local
from libpysal.weights import KNN, DistanceBand, Queen, Rook, W, fill_diagonal
from numpy.typing import NDArray

from gpserverless.analysis.hot_spots import HotSpots, score_features
from gpserverless.analysis.spatial_weights import Relationship, Weighting, sum_weights
from gpserverless.features.feature_set import FeatureSet
from tests.analysis.quiet import Notes
from tests.truth.layers import read_american, scatter_points, to_frame

Values = NDArray[np.float64]


def score(features: FeatureSet[Any], values: Values, weighting: Weighting) -> HotSpots:
    sums, _ = sum_weights(features, values, np.ones(len(features)), weighting, Notes())
    return score_features(values, sums)


def score_by_esda(values: Values, weights: W) -> G_Local:
    """Each feature is its own neighbour with weight 1."""
    return G_Local(values, fill_diagonal(weights, 1.0), transform="B", star=True, permutations=0)


@pytest.mark.parametrize("band", [45.0, 90.0, 180.0])
def test_fixed_band(band: float) -> None:
    points = scatter_points(300, 1)
    values = points.numbers("VALUE1")
    found = score(points, values, Weighting(band=band))
    places = shapely.get_coordinates(points.geometries)
    weights = DistanceBand(places, band, binary=True, silence_warnings=True)
    expected = score_by_esda(values, weights)
    assert found.score == pytest.approx(expected.Zs, abs=1e-9)
    assert found.probability / 2 == pytest.approx(expected.p_norm, abs=1e-9)


def test_nearest_neighbours() -> None:
    points = scatter_points(300, 2)
    values = points.numbers("VALUE2")
    found = score(points, values, Weighting("K_NEAREST_NEIGHBORS", count=8))
    weights = KNN.from_array(shapely.get_coordinates(points.geometries), 8)
    assert found.score == pytest.approx(score_by_esda(values, weights).Zs, abs=1e-9)


@pytest.mark.parametrize(
    ("relationship", "maker"), [("CONTIGUITY_EDGES_ONLY", Rook), ("CONTIGUITY_EDGES_CORNERS", Queen)]
)
def test_real_counties_that_touch(relationship: Relationship, maker: type[W]) -> None:
    counties = read_american("us_counties")
    counties = counties.take(counties.column("STATE_NAME") == "Texas")
    values = shapely.area(counties.geometries) ** 0.5 + np.random.default_rng(5).normal(0, 1e4, len(counties))
    found = score(counties, values, Weighting(relationship))
    weights = maker.from_dataframe(to_frame(counties), use_index=False, silence_warnings=True)
    assert found.score == pytest.approx(score_by_esda(values, weights).Zs, abs=1e-9)
    assert len(counties) > 200
