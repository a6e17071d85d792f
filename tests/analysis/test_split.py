"""Split: the parts of features in zones, each with the zone's value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.analysis.split import Zones, split
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.testing import RecordedRun
from tests.analysis.layers import layer, polygons, square

ZONES = layer(square(0, 0), square(10, 0), Z=["left", "right"])


def divided(features: FeatureSet[Any], field: str = "Z", zones: FeatureSet[Any] = ZONES) -> FeatureSet[Any]:
    return split(features, Zones("split_features", zones, "split_field", field), RecordedRun())


@pytest.mark.parametrize(
    ("feature", "parts"),
    [
        (shapely.box(5, 0, 30, 2), [("left", "POLYGON ((5 0, 5 2, 10 2, 10 0, 5 0))"), ("right", None)]),
        (
            "LINESTRING (-5 5, 15 5)",
            [("left", "LINESTRING (0 5, 10 5)"), ("right", "LINESTRING (10 5, 15 5)")],
        ),
        ("MULTIPOINT (1 1, 12 1, 90 1)", [("left", "MULTIPOINT (1 1)"), ("right", "MULTIPOINT (12 1)")]),
        ("POINT (10 5)", [("left", "POINT (10 5)"), ("right", "POINT (10 5)")]),
        ("POINT (40 5)", []),
    ],
)
def test_each_part_has_the_value_of_its_zone(feature: Any, parts: list[tuple[str, str | None]]) -> None:
    given = layer(feature, NAME=["f"], Z=[1])
    found = divided(given)
    assert found.geometry_type == given.geometry_type
    assert [f.name for f in found.fields] == ["NAME", "Z", "Z_1"]
    assert found.column("Z_1").tolist() == [zone for zone, _ in parts]
    for shape, (_, wkt) in zip(found.geometries, parts, strict=True):
        assert wkt is None or shapely.equals(shape, shapely.from_wkt(wkt))


def test_nothing_in_is_nothing_out_with_its_fields() -> None:
    found = divided(polygons(N=np.empty(0, int)))
    assert (len(found), [f.name for f in found.fields]) == (0, ["N", "Z"])


def test_what_cannot_be_split_is_explained() -> None:
    with pytest.raises(InvalidParameter, match="'split_field': there is no field 'X'"):
        divided(ZONES, "X")
    with pytest.raises(InvalidParameter, match="'split_features': it holds lines"):
        divided(ZONES, zones=layer("LINESTRING (0 0, 1 1)", Z=["a"]))
