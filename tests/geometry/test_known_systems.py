"""What is known of a system without PROJ is what PROJ says of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gpserverless.geometry import map_edges
from gpserverless.geometry.map_edges import MapEdge, find_map_edge
from gpserverless.values import spatial_reference
from gpserverless.values.known_systems import KNOWN_SYSTEMS
from gpserverless.values.resolution import count_decimals
from gpserverless.values.spatial_reference import SpatialReference, find_known, find_size_of_unit

Facts = tuple[MapEdge, bool, float, int | None]
"""The edge of the map, whether it is geographic, the size of its unit, the decimals of coordinates."""

PACKAGE = Path(map_edges.__file__).parents[2]


def ask_proj(reference: SpatialReference, monkeypatch: pytest.MonkeyPatch) -> Facts:
    """Return what is said of a system when nothing is known of any."""
    with monkeypatch.context() as patched:
        patched.setattr(spatial_reference, "KNOWN_SYSTEMS", {})
        return describe(reference)


def describe(reference: SpatialReference) -> Facts:
    edge = find_map_edge.__wrapped__(reference)
    return edge, reference.is_geographic, find_size_of_unit(reference), count_decimals(reference)


@pytest.mark.parametrize("wkid", KNOWN_SYSTEMS)
def test_known_is_what_proj_says(wkid: int, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = SpatialReference(wkid)
    assert find_known(reference) is not None
    edge, *rest = ask_proj(reference, monkeypatch)
    known, *known_rest = describe(reference)
    assert known_rest == rest
    assert (known.degrees.wkid, known.is_cut) == (edge.degrees.wkid, edge.is_cut)
    assert (known.middle, known.period, known.origin, known.latitude) == pytest.approx(
        (edge.middle, edge.period, edge.origin, edge.latitude), rel=1e-15
    )


@pytest.mark.parametrize(
    "reference",
    [
        SpatialReference(4326, 25833),  # PROJ asks for the latest first
        SpatialReference(2056),
        SpatialReference(wkt=SpatialReference(25832).crs.to_wkt()),
    ],
    ids=str,
)
def test_another_system_is_not_taken_for_a_known_one(
    reference: SpatialReference, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert describe(reference)[1:] == ask_proj(reference, monkeypatch)[1:]


def test_a_known_system_does_not_load_proj() -> None:
    program = """
import sys
from gpserverless.geometry.map_edges import find_map_edge
from gpserverless.values.spatial_reference import SpatialReference
for wkid in (4326, 3857, 32633, 25832):
    find_map_edge(SpatialReference(wkid))
print("pyproj" in sys.modules)
find_map_edge(SpatialReference(2056))
print("pyproj" in sys.modules)
"""
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(PACKAGE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["False", "True"]
