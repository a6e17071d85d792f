"""DBSCAN against its definition, place by place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpserverless.analysis.clusters import find_clusters, find_core_distance
from gpserverless.analysis.neighbours import Places
from gpserverless.testing.recorded_run import RecordedRun
from gpserverless.values.spatial_reference import SpatialReference


def search(xy: np.ndarray, distance: float, least: int) -> tuple[list[set[int]], set[int]]:
    """Return the cores of each cluster, and noise, by a walk from core to core."""
    near = np.hypot(*(xy[:, None] - xy).transpose(2, 0, 1)) <= distance
    core = near.sum(axis=1) >= least
    clusters: list[set[int]] = []
    for start in np.flatnonzero(core).tolist():
        if any(start in cluster for cluster in clusters):
            continue
        cluster, queue = {start}, [start]
        while queue:
            for each in np.flatnonzero(near[queue.pop()] & core).tolist():
                if each not in cluster:
                    cluster.add(each)
                    queue.append(each)
        clusters.append(cluster)
    return clusters, set(np.flatnonzero(~(near & core).any(axis=1)).tolist())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1, 12), st.integers(2, 6))
def test_clusters_are_those_of_the_definition(seed: int, distance: float, least: int) -> None:
    xy = np.random.default_rng(seed).integers(0, 60, (80, 2)).astype(float)
    found = find_clusters(Places(xy), distance, least, RecordedRun())
    clusters, noise = search(xy, distance, least)
    assert set(np.flatnonzero(found == -1).tolist()) == noise
    labels = [set(found[list(cluster)].tolist()) for cluster in clusters]
    assert all(len(label) == 1 for label in labels)
    assert set().union(*labels, set()) == set(range(1, len(clusters) + 1))
    for border in set(range(80)) - noise - set().union(*clusters, set()):
        far = np.hypot(*(xy - xy[border]).T)
        cores = sorted(set().union(*clusters), key=lambda c: (far[c], *xy[c]))
        assert found[border] == found[cores[0]]


def test_order_does_not_matter_but_for_the_numbers() -> None:
    random = np.random.default_rng(1)
    xy = random.uniform(0, 100, (400, 2))
    order = random.permutation(400)
    a = find_clusters(Places(xy), 4, 5, RecordedRun())[order]
    b = find_clusters(Places(xy[order]), 4, 5, RecordedRun())
    assert len(set(zip(a.tolist(), b.tolist(), strict=True))) == len(set(a.tolist())) == len(set(b.tolist()))
    assert ((a == -1) == (b == -1)).all()


def test_cluster_may_lie_across_180_degrees() -> None:
    lon = np.array([179.98, 179.99, -180, 180.01, 0])
    places = Places(np.column_stack([lon, np.zeros(5)]), SpatialReference(4326))
    assert find_clusters(places, 1200, 2, RecordedRun()).tolist() == [1, 1, 1, 1, -1]


def test_distance_without_one_given_leaves_the_top_percent_out() -> None:
    xy = np.column_stack([np.append(np.arange(199.0), 1000), np.zeros(200)])
    assert find_core_distance(Places(xy), 2, RecordedRun()) == pytest.approx(1)
    assert find_core_distance(Places(xy), 3, RecordedRun()) == pytest.approx(1 + 1)
