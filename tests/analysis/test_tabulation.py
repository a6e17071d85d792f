"""Tables of classes in zones, against sums over all pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.analysis.tabulation import Side, Tabulation, tabulate
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.testing import RecordedRun
from gpserverless.values.spatial_reference import SpatialReference
from tests.analysis.layers import jagged, layer, polygons, scattered, square

ZONES = layer(square(0, 0), square(10, 0), square(20, 0), Z=["a", "b", "a"])


def tabulated(
    classes: FeatureSet[Any], *fields: str, zones: FeatureSet[Any] = ZONES, **choices: Any
) -> Table:
    return tabulate(
        Side("in_zone_features", zones, "zone_fields", ["Z"]),
        Side("in_class_features", classes, "class_fields", fields),
        Tabulation(**choices),
        RecordedRun(),
    )


def rows(table: Table) -> list[tuple[Any, ...]]:
    return list(zip(*(table.columns[f.name].tolist() for f in table.fields), strict=True))


def test_areas_and_their_share_of_the_zone() -> None:
    strip = layer(shapely.box(5, 0, 25, 2), shapely.box(5, 8, 15, 10), K=["x", "y"])
    found = tabulated(strip, "K")
    assert [f.name for f in found.fields] == ["Z", "K", "AREA", "PERCENTAGE"]
    assert rows(found) == [("a", "x", 20, 10), ("a", "y", 10, 5), ("b", "x", 20, 20), ("b", "y", 10, 10)]
    assert rows(tabulated(strip)) == [("a", 30, 15), ("b", 30, 30)]


def test_lengths_and_their_share_of_all_lines_in_the_zone() -> None:
    roads = layer("LINESTRING (5 5, 15 5)", "LINESTRING (12 1, 12 4)", K=["x", "y"])
    assert rows(tabulated(roads, "K")) == [("a", "x", 5, 100), ("b", "x", 5, 62.5), ("b", "y", 3, 37.5)]
    found = tabulated(roads, "K", unit="CENTIMETERS")
    assert found.column("LENGTH").tolist() == pytest.approx([500, 500, 300])


def test_points_are_counted() -> None:
    wells = layer("POINT (1 1)", "POINT (2 2)", "POINT (3 3)", "POINT (50 50)", K=["x", "x", "y", "y"])
    found = tabulated(wells, "K")
    assert rows(found) == [("a", "x", 2, pytest.approx(200 / 3)), ("a", "y", 1, pytest.approx(100 / 3))]
    assert found.field("PNT_COUNT").is_number


def test_sums_count_the_share_inside() -> None:
    field = layer(shapely.box(5, 0, 15, 10), POP=[100])
    assert rows(tabulated(field, sums=["pop"])) == [("a", 50, 50, 25), ("b", 50, 50, 50)]


@pytest.mark.parametrize(
    ("unit", "area"),
    [
        ("UNKNOWN", 20.0),
        ("", 20.0),
        ("SQUARE_METERS", 20.0),
        ("Square Kilometers", 20e-6),
        ("HECTARES", 0.002),
        ("ACRES", 20 / (43_560 * 0.3048**2)),
    ],
)
def test_areas_are_in_the_unit_asked_for(unit: str, area: float) -> None:
    strip = layer(shapely.box(10, 0, 20, 2))
    assert tabulated(strip, unit=unit).column("AREA").tolist() == [pytest.approx(area)]


def test_without_a_unit_areas_are_in_that_of_the_zones() -> None:
    feet = SpatialReference(2263)
    zone = layer(square(0, 0), reference=feet, Z=["a"])
    assert rows(tabulated(layer(square(5, 5), reference=feet), zones=zone)) == [
        ("a", pytest.approx(25), pytest.approx(25))
    ]


@pytest.mark.parametrize("seed", range(2))
def test_the_table_adds_up_as_all_pairs_do(seed: int) -> None:
    zones, classes = jagged(6, 0, seed), scattered(seed, 40, 60)
    zones = zones.with_columns({"Z": zones.column("N") % 5})
    classes = classes.with_columns({"K": classes.column("N") % 3})
    plain = shapely.area(shapely.intersection(zones.geometries[:, None], classes.geometries[None]))
    expected = np.zeros((5, 3))
    np.add.at(expected, np.ix_(zones.column("Z"), classes.column("K")), plain)
    whole = np.bincount(zones.column("Z"), weights=zones.areas())
    found = tabulated(classes, "K", zones=zones)
    z, k = found.column("Z"), found.column("K")
    assert len(found) == (expected > 0).sum()
    assert found.column("AREA") == pytest.approx(expected[z, k], abs=1e-5)
    assert found.column("PERCENTAGE") == pytest.approx(100 * expected[z, k] / whole[z], abs=1e-5)


def test_nothing_in_is_nothing_out_with_its_fields() -> None:
    found = tabulated(polygons(K=np.empty(0, int)), "K")
    assert ([f.name for f in found.fields], len(found)) == (["Z", "K", "AREA", "PERCENTAGE"], 0)


@pytest.mark.parametrize(
    ("classes", "fields", "choices", "words"),
    [
        (ZONES, ["X"], {}, "'class_fields': there is no field 'X'. Accepted: Z"),
        (ZONES, [], {"sums": ["Z"]}, "'sum_fields': field 'Z' holds no numbers"),
        (ZONES, [], {"unit": "METERS"}, "'out_units': "),
        (layer("LINESTRING (0 0, 1 1)"), [], {"unit": "HECTARES"}, "'out_units': "),
        (layer("LINESTRING (0 0, 1 1)"), [], {"unit": "DEGREES"}, "'out_units': DEGREES is an angle"),
    ],
)
def test_what_cannot_be_tabulated_is_explained(classes: Any, fields: Any, choices: Any, words: str) -> None:
    with pytest.raises(InvalidParameter, match=words):
        tabulated(classes, *fields, **choices)


def test_classes_of_a_higher_dimension_are_refused() -> None:
    with pytest.raises(InvalidParameter, match="'in_class_features': its shapes are of a higher dimension"):
        tabulated(ZONES, zones=layer("POINT (0 0)", Z=["a"]))
