"""The overlay tools as callers meet them: names, forms of inputs, and real data."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely

from gpserverless.errors import InvalidParameter, ToolError
from gpserverless.formats.esri_json import decode_features
from tests.tools.test_summarize_within import box, layer
from tests.tools.tool_run import data, run_tool

LEFT = layer((box(0, 0, 10, 10), {"A": 1}))
RIGHT = layer((box(5, 5, 15, 15), {"B": 7}))
LAYERS = {"in_features": [LEFT, RIGHT]}


def run(task: str, **values: Any) -> Any:
    return decode_features(next(iter(run_tool("Analysis", task, values).values.values())))


@pytest.mark.parametrize(
    ("task", "values", "areas"),
    [
        ("Clip", {"in_features": LEFT, "clip_features": RIGHT}, [25]),
        ("PairwiseClip", {"in_features": LEFT, "clip_features": RIGHT}, [25]),
        ("Erase", {"in_features": LEFT, "erase_features": RIGHT}, [75]),
        ("PairwiseErase", {"in_features": LEFT, "erase_features": RIGHT}, [75]),
        ("Intersect", LAYERS, [25]),
        ("PairwiseIntersect", LAYERS, [25]),
        ("Union", LAYERS, [25, 75, 75]),
        ("Union", {"in_features": LEFT}, [100]),
        ("Union", {**LAYERS, "gaps": "NO_GAPS", "join_attributes": "NO_FID"}, [25, 75, 75]),
        ("Identity", {"in_features": LEFT, "identity_features": RIGHT}, [25, 75]),
        ("SymDiff", {"in_features": LEFT, "update_features": RIGHT}, [75, 75]),
        ("CountOverlappingFeatures", {**LAYERS, "min_overlap_count": 2}, [25]),
        ("Split", {"in_features": LEFT, "split_features": RIGHT, "split_field": "b"}, [25]),
        (
            "Clip",
            {"in_features": LEFT, "clip_features": RIGHT, "cluster_tolerance": {"distance": 2, "units": "m"}},
            [16],
        ),
    ],
)
def test_each_tool_answers_under_its_name(task: str, values: dict[str, Any], areas: list[float]) -> None:
    assert sorted(run(task, **values).areas().tolist()) == areas


def test_rows_of_a_table() -> None:
    values = {"in_zone_features": LEFT, "zone_fields": "A", "in_class_features": RIGHT, "class_fields": ["B"]}
    table = run_tool("Analysis", "TabulateIntersection", values).values["out_table"]
    assert table["features"] == [
        {"attributes": {"OBJECTID": 1, "A": 1, "B": 7, "AREA": 25.0, "PERCENTAGE": 25.0}}
    ]


@pytest.mark.parametrize(
    ("task", "values", "words"),
    [
        ("Intersect", {**LAYERS, "output_type": "LINES"}, "output_type"),
        ("Union", {"in_features": [LEFT, layer(({"x": 1, "y": 1}, {}))]}, "in_features"),
        ("Identity", {"in_features": LEFT, "identity_features": RIGHT, "relationship": True}, "relationship"),
        ("CountOverlappingFeatures", {**LAYERS, "min_overlap_count": 0}, "min_overlap_count"),
        ("Split", {"in_features": LEFT, "split_features": RIGHT, "split_field": "X"}, "split_field"),
        ("Clip", {"in_features": LEFT, "clip_features": layer(({"x": 1, "y": 1}, {}))}, "clip_features"),
        ("Erase", {"in_features": LEFT, "erase_features": RIGHT, "cluster_tolerance": "far"}, "cluster_tol"),
    ],
)
def test_a_wrong_value_is_explained_by_its_name(task: str, values: dict[str, Any], words: str) -> None:
    with pytest.raises((InvalidParameter, ToolError), match=words):
        run(task, **values)


def test_counties_inside_countries_and_outside_add_up() -> None:
    """Cut with real borders, some of which are invalid, no area is lost."""
    counties = decode_features(data("us_counties")).repair()[0]
    inside = run("Clip", in_features=data("us_counties"), clip_features=data("world_countries"))
    outside = run("Erase", in_features=data("us_counties"), erase_features=data("world_countries"))
    planar = [shapely.area(each.geometries).sum() for each in (inside, outside)]
    has_shape = ~shapely.is_missing(counties.geometries)
    assert sum(planar) == pytest.approx(shapely.area(counties.geometries[has_shape]).sum(), rel=1e-9)


def test_counties_by_countries_keep_their_area() -> None:
    both = [json.loads(data(name)) for name in ("us_counties", "world_countries")]
    found = run("Union", in_features=both)
    counties = decode_features(data("us_counties")).repair()[0]
    counties = counties.take(~shapely.is_missing(counties.geometries))
    mine = found.take(found.column("FID_in_features") >= 0)
    assert shapely.area(mine.geometries).sum() == pytest.approx(shapely.area(counties.geometries).sum())
    assert shapely.is_valid(found.geometries).all()
