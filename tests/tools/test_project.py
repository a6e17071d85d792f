"""Project beyond the reference cases: preserved shapes, unknown references, what has no place."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from gpserverless.errors import InvalidParameter, ToolError
from gpserverless.formats.esri_json import decode_features
from gpserverless.toolkit.call import CallOptions
from tests.tools.tool_run import ToolRun, run_tool

LINE = {"paths": [[[0, 60], [40, 60]]]}
POINT = {"x": 10, "y": 50}


def project(geometry: Any, target: Any, *, wkid: int | None = 4326, **options: Any) -> ToolRun:
    reference = {} if wkid is None else {"spatialReference": {"wkid": wkid}}
    features = {**reference, "features": [{"attributes": {"A": 1}, "geometry": geometry}]}
    return run_tool("Analysis", "Project", {"in_dataset": features, "out_coor_system": target, **options})


def shape(run: ToolRun) -> Any:
    return decode_features(run.values["out_dataset"]).geometries[0]


@pytest.mark.parametrize("target", ["3857", 3857, {"wkid": 102100}, '{"wkid": 102100, "latestWkid": 3857}'])
def test_reference_may_come_in_any_form(target: Any) -> None:
    assert shape(project(POINT, target)).x == pytest.approx(1113194.9079)


def test_edges_are_straight_unless_they_shall_stay() -> None:
    straight = shape(project(LINE, 3035))
    kept = shape(project(LINE, 3035, preserve_shape="PRESERVE_SHAPE"))
    coarse = shape(
        project(LINE, 3035, preserve_shape=True, max_deviation={"distance": 1, "units": "esriKilometers"})
    )
    counts = [len(s.coords) for s in (straight, coarse, kept)]
    assert counts[0] == 2
    assert counts == sorted(set(counts))
    true = decode_features(
        project({"paths": [[[x / 100, 60] for x in range(4001)]]}, 3035).values["out_dataset"]
    )
    assert shapely.hausdorff_distance(kept, true.geometries[0]) < 1000
    assert max(kept.distance(shapely.Point(p)) for p in true.geometries[0].coords[::50]) < 0.15
    assert max(coarse.distance(shapely.Point(p)) for p in true.geometries[0].coords[::50]) < 1500


def test_features_without_a_reference_need_one() -> None:
    with pytest.raises(ToolError, match="give in_coor_system"):
        project(POINT, 3857, wkid=None)
    assert shape(project(POINT, 3857, wkid=None, in_coor_system="4326")).x == pytest.approx(1113194.9079)
    with pytest.raises(ToolError, match="in 4326, not in 4269"):
        project(POINT, 3857, in_coor_system=4269)


def test_what_has_no_place_is_null_and_said() -> None:
    run = project({"x": 0, "y": 90}, 3857)
    assert run.values["out_dataset"]["features"][0]["geometry"] is None
    assert run.texts == ["1 feature has no place in the spatial reference 3857; its shape is null."]


def test_what_is_not_done_is_said() -> None:
    assert (
        project(POINT, 4269, transform_method=["WGS_1984_To_NAD_1983"])
        .texts[0]
        .startswith("transform_method")
    )
    with pytest.raises(ToolError, match="vertical"):
        project(POINT, 4269, vertical="VERTICAL")
    with pytest.raises(InvalidParameter, match="99999"):
        project(POINT, 99999)


def test_operation_is_that_of_the_middle_of_the_features() -> None:
    # Between DHDN and ETRS89 PROJ has several operations, and names none before it knows a place.
    texts = [m.text for m in project(POINT, 25832, wkid=4314).messages]
    assert any("DHDN to ETRS89" in text for text in texts)
    assert not any("proj_trans" in m.text for m in project(None, 25832, wkid=4314).messages)


def test_operation_is_told() -> None:
    assert any("British National Grid" in m.text for m in project(POINT, 27700, wkid=4277).messages)


ZONE = {"rings": [[[170, 0], [170, 10], [190, 10], [190, 0], [170, 0]]]}
SQUARE_AT_THE_POLE = {"rings": [[[-1e6, -1e6], [-1e6, 1e6], [1e6, 1e6], [1e6, -1e6], [-1e6, -1e6]]]}


@pytest.mark.parametrize(("target", "parts"), [(102100, 1), (3832, 1), (32601, 1), (8857, 2), (54030, 2)])
def test_zone_across_180_stays_where_it_is(target: int, parts: int) -> None:
    projected = shape(project(ZONE, target))
    bounds = shapely.bounds(shapely.get_parts(projected))
    assert len(bounds) == parts
    assert (bounds[:, 2] - bounds[:, 0]).sum() < 2_300_000


def test_square_over_the_pole_has_its_area() -> None:
    run = project(SQUARE_AT_THE_POLE, 4326, wkid=3031)
    (area,) = decode_features(run.values["out_dataset"]).areas()
    assert area == pytest.approx(4_191_049e6, rel=1e-4)  # GeographicLib


@pytest.mark.parametrize("option", ["out_sr", "process_sr"])
def test_options_keep_a_zone_across_180_and_count_what_has_no_place(option: str) -> None:
    features = {
        "spatialReference": {"wkid": 4326},
        "features": [{"geometry": ZONE}, {"geometry": {"rings": [[[0, 86], [0, 88], [9, 88], [0, 86]]]}}],
    }
    options: Any = {option: {"wkid": 102100}}
    values = {"in_features": features, "buffer_distance_or_field": "0 Meters"}
    run = run_tool("Analysis", "Buffer", values, CallOptions(**options))
    zone = decode_features(run.values["out_feature_class"]).geometries[0]
    bounds = shapely.bounds(shapely.get_parts(zone))
    assert (bounds[:, 2] - bounds[:, 0]).sum() == pytest.approx(2226389.816, abs=0.01)
    assert "1 feature has no place in the spatial reference 102100; its shape is null." in run.texts
