"""Joined attributes: rows, merge rules and names, against plain Python over the same matches."""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gpserverless.analysis.field_mapping import read_mapping
from gpserverless.analysis.matching import Matching
from gpserverless.analysis.spatial_join import JoinStyle, join_attributes
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import INTEGER, Field
from gpserverless.values.spatial_reference import SpatialReference
from tests.analysis.quiet import Notes

UTM = SpatialReference(32633)
ZONES = FeatureSet.of(
    [shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10), shapely.box(50, 0, 60, 10)],
    UTM,
    {"K": ["p", "q", "r"]},
)
PLACES = FeatureSet.of(
    shapely.points([[1, 1], [2, 2], [10, 5], [25, 5], [40, 5]]),
    UTM,
    {"V": [1.0, 2.0, 4.0, 8.0, 16.0], "N": [3, 3, None, 5, 7], "K": ["a", "b", "b", None, "c"]},
)
PLACES = PLACES.with_columns({"N": np.array([3, 3, None, 5, 7], object)}, [Field("N", INTEGER)])


def join(
    targets: Any = ZONES,
    others: Any = PLACES,
    option: str = "INTERSECT",
    mapping: str | None = None,
    **style: Any,
) -> FeatureSet[Any]:
    matches = Matching(option, "match_option", style.pop("radius", None), "search_radius").find(
        targets, others, Notes()
    )
    options = {"many": False, "keep_all": True} | style
    return join_attributes(
        targets, others, matches, JoinStyle(mapping=read_mapping(mapping, "field_mapping"), **options)
    )


def rows(features: FeatureSet[Any], *names: str) -> list[tuple[Any, ...]]:
    columns = [features.column(name).tolist() for name in names]
    return [
        tuple(None if isinstance(v, float) and np.isnan(v) else v for v in row)
        for row in zip(*columns, strict=True)
    ]


def test_one_row_a_target_with_the_first_match() -> None:
    joined = join()
    assert [f.name for f in joined.fields] == ["Join_Count", "TARGET_FID", "K", "V", "N", "K_1"]
    assert rows(joined, "Join_Count", "TARGET_FID", "K", "V", "K_1") == [
        (3, 1, "p", 1.0, "a"),
        (1, 2, "q", 8.0, None),
        (0, 3, "r", None, None),
    ]
    assert rows(join(keep_all=False), "TARGET_FID") == [(1,), (2,)]


def test_one_row_a_match() -> None:
    joined = join(many=True)
    expected = [(1, 1, 1, 1.0), (1, 1, 2, 2.0), (1, 1, 3, 4.0), (1, 2, 4, 8.0), (0, 3, -1, None)]
    assert rows(joined, "Join_Count", "TARGET_FID", "JOIN_FID", "V") == expected
    assert rows(join(many=True, keep_all=False), "JOIN_FID") == [(1,), (2,), (3,), (4,)]
    assert joined.geometries[1].equals(ZONES.geometries[0])


@pytest.mark.parametrize(
    ("rule", "of_v", "of_n"),
    [
        ("First", [1.0, 8.0, None], [3, 5, None]),
        ("Last", [4.0, 8.0, None], [None, 5, None]),
        ("Sum", [7.0, 8.0, None], [6.0, 5.0, None]),
        ("Mean", [7 / 3, 8.0, None], [3.0, 5.0, None]),
        ("Median", [2.0, 8.0, None], [3.0, 5.0, None]),
        ("Mode", [1.0, 8.0, None], [3, 5, None]),
        ("Min", [1.0, 8.0, None], [3, 5, None]),
        ("Maximum", [4.0, 8.0, None], [3, 5, None]),
        ("Range", [3.0, 0.0, None], [0.0, 0.0, None]),
        ("Standard Deviation", [statistics.stdev([1, 2, 4]), None, None], [0.0, None, None]),
        ("Variance", [statistics.variance([1, 2, 4]), None, None], [0.0, None, None]),
        ("Count", [3, 1, 0], [2, 1, 0]),
    ],
)
def test_merge_rules(rule: str, of_v: list[Any], of_n: list[Any]) -> None:
    joined = join(mapping=f"V {rule.replace(' ', '')};N {rule.replace(' ', '')}")
    assert [f.name for f in joined.fields] == ["Join_Count", "TARGET_FID", "K", "V", "N"]
    for name, expected in (("V", of_v), ("N", of_n)):
        for (got,), wanted in zip(rows(joined, name), expected, strict=True):
            assert got == (wanted if wanted is None else pytest.approx(wanted))


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_sums_and_counts_are_those_of_plain_python(seed: int) -> None:
    random = np.random.default_rng(seed)
    boxes = random.uniform(0, 80, (8, 2))
    zones = FeatureSet.of(shapely.box(*boxes.T, *(boxes + random.uniform(1, 40, (8, 2))).T), UTM)
    at = random.uniform(0, 100, (60, 2))
    places = FeatureSet.of(shapely.points(at), UTM, {"V": random.normal(size=60)})
    joined = join(zones, places, mapping='[["V", "Sum"]]')
    for number, zone in enumerate(zones.geometries):
        inside = [v for p, v in zip(places.geometries, places.column("V"), strict=True) if zone.intersects(p)]
        assert joined.column("Join_Count")[number] == len(inside)
        value = joined.column("V")[number]
        assert np.isnan(value) if not inside else value == pytest.approx(sum(inside))


def test_mapping_as_arcgis_writes_it_names_all_fields() -> None:
    text = (
        'ZONE "Zone; name" true true false 50 Text 0 0,First,#,target_features,K,0,50;'
        'KINDS "KINDS" true true false 99 Text 0 0,Join,"/",join_features,K,0,50;'
        'TOTAL "All of V" true true false 8 Double 0 0,Sum,#,places,V,-1,-1;'
        'TEXT "TEXT" true true false 8 Text 0 0,First,#,places,N,-1,-1'
    )
    joined = join(mapping=text)
    names = ["Join_Count", "TARGET_FID", "ZONE", "KINDS", "TOTAL", "TEXT"]
    assert [f.name for f in joined.fields] == names
    assert rows(joined, "ZONE", "KINDS", "TOTAL", "TEXT")[:2] == [
        ("p", "a/b/b", 7.0, "3"),
        ("q", None, 8.0, "5"),
    ]
    assert joined.field("TOTAL").alias == "All of V"
    assert joined.field("TEXT").type == "esriFieldTypeString"


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("X Sum", "no field 'X'. Accepted: K, V, N"),
        ("V Total", "no merge rule 'Total'. Accepted: FIRST, LAST"),
        ("K Sum", "SUM needs numbers and 'K' holds none"),
        ("V", "a row is not a field and a rule"),
        ("[1]", "a row is not a field and a rule"),
        ("[", "it is not JSON"),
        ('A "A" true,First', "is no mapped field"),
        ('A "A" true true false 8 Text 0 0,First,#,layer,K,-1,-1', "both inputs have a field 'K'"),
        ('A "A" true true false 8 Text 0 0,First,#,l,K,-1,-1,m,V,-1,-1', "merges several fields"),
    ],
)
def test_mapping_that_cannot_be_is_explained(mapping: str, words: str) -> None:
    with pytest.raises(InvalidParameter, match="'field_mapping'") as error:
        join(mapping=mapping)
    assert words in str(error.value)


def test_closest_has_a_distance() -> None:
    joined = join(PLACES, ZONES, "CLOSEST", distance_field="FAR")
    assert rows(joined, "TARGET_FID", "K_1", "FAR") == [
        (1, "p", 0.0), (2, "p", 0.0), (3, "p", 0.0), (4, "q", 0.0), (5, "q", 10.0),
    ]  # fmt: skip


@pytest.mark.parametrize(("targets", "others"), [(0, 5), (3, 0), (0, 0)])
@pytest.mark.parametrize("option", ["INTERSECT", "CLOSEST", "LARGEST_OVERLAP"])
@pytest.mark.parametrize("many", [False, True])
def test_nothing_joined_keeps_the_fields(targets: int, others: int, option: str, many: bool) -> None:
    joined = join(ZONES.take(range(targets)), PLACES.take(range(others)), option, many=many)
    assert len(joined) == targets
    assert {"Join_Count", "TARGET_FID", "K", "V", "N", "K_1"} <= {f.name for f in joined.fields}
