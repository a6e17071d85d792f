"""Tools that make shapes of shapes: each on real data, and each bad input with the error that names it."""

from __future__ import annotations

from typing import Any

import h3
import pytest
import shapely

from gpserverless import FeatureSet
from gpserverless.errors import GPServerlessError, ToolError
from gpserverless.formats.esri_json import decode_features
from gpserverless.values.spatial_reference import SpatialReference
from tests.tools.tool_run import ToolRun, data, run_tool

METRES = {"distance": 2000, "units": "esriMeters"}
FAR = {"distance": 200, "units": "esriKilometers"}
SQUARE = {"rings": [[[0, 0], [0, 10], [10, 10], [10, 0], [0, 0]]]}
BENT = {"paths": [[[0, 0], [10, 0], [10, 10]]]}
POINT = {"x": 1, "y": 1}
EXTENT = {"xmin": 0, "ymin": 0, "xmax": 1000, "ymax": 500, "spatialReference": {"wkid": 25832}}
NET = {"cell_width": 10, "cell_height": 5, "number_rows": 2, "number_columns": 3}


def layer(*geometries: Any, wkid: int | None = 25832) -> dict[str, Any]:
    reference = {} if wkid is None else {"spatialReference": {"wkid": wkid}}
    rows = enumerate(geometries, 1)
    return reference | {"features": [{"attributes": {"N": n, "T": str(n)}, "geometry": g} for n, g in rows]}


def run(task: str, **values: Any) -> ToolRun:
    return run_tool("Analysis", task, values)


REAL = [
    ("FeatureToPoint", "in_features", "world_countries", {"point_location": "INSIDE"}),
    ("FeatureVerticesToPoints", "in_features", "ne_rivers_50m", {"point_location": "BOTH_ENDS"}),
    ("FeatureEnvelopeToPolygon", "in_features", "world_countries", {}),
    ("MinimumBoundingGeometry", "in_features", "world_countries", {"mbg_fields_option": "MBG_FIELDS"}),
    ("MultipartToSinglepart", "in_features", "world_countries", {}),
    ("RepairGeometry", "in_features", "world_countries", {}),
    ("CheckGeometry", "in_features", "world_countries", {}),
    ("SimplifyLine", "in_features", "ne_rivers_50m", {"tolerance": FAR}),
    ("SimplifyPolygon", "in_features", "world_countries", {"tolerance": FAR, "algorithm": "EFFECTIVE_AREA"}),
    ("SmoothLine", "in_features", "ne_rivers_50m", {"tolerance": FAR}),
    ("SmoothPolygon", "in_features", "world_countries", {"tolerance": FAR}),
    ("GeodeticDensify", "in_features", "ne_rivers_50m", {}),
    ("Densify", "in_features", "world_countries", {"distance": FAR}),
    ("GeneratePointsAlongLines", "Input_Features", "ne_rivers_50m", {"Distance": FAR}),
    ("CreateThiessenPolygons", "in_features", "cities_100k", {"fields_to_copy": "ALL"}),
    ("PointsToLine", "Input_Features", "cities_100k", {}),
]


@pytest.mark.parametrize(("task", "parameter", "name", "options"), REAL, ids=[row[0] for row in REAL])
def test_tool_answers_with_real_data(task: str, parameter: str, name: str, options: dict[str, Any]) -> None:
    values = run(task, **{parameter: data(name)}, **options).values
    result = next(iter(values.values()))
    if task == "CheckGeometry":
        assert {field["name"] for field in result["fields"]} >= {"FEATURE_ID", "PROBLEM"}
        return
    shapes = decode_features(result).geometries
    assert len(shapes) > 0
    assert shapely.is_valid(shapes).all()
    west, south, east, north = shapely.total_bounds(shapes)
    assert -230 < west < east < 230  # the cells of cities reach a tenth beyond their extent
    assert -110 < south < north < 110


ZERO = {"distance": 0}
NOT_ABOVE = "'{}': it is not above 0"
LINES, SQUARES, PLACES = layer(BENT), layer(SQUARE), layer(POINT)
GLOBE = {"spatialReference": {"wkid": 4326}, "xmin": 0, "ymin": 0, "xmax": 20, "ymax": 20}

BAD = [
    ("FeatureVerticesToPoints", {"in_features": PLACES}, "in_features"),
    (
        "FeatureVerticesToPoints",
        {"in_features": SQUARES, "point_location": "DANGLE"},
        "it holds polygons",
    ),
    ("FeatureEnvelopeToPolygon", {"in_features": PLACES}, "in_features"),
    ("MinimumBoundingGeometry", {"in_features": SQUARES, "group_option": "LIST"}, "needs group_field"),
    (
        "MinimumBoundingGeometry",
        {"in_features": SQUARES, "group_option": "LIST", "group_field": ["Q"]},
        "no field 'Q'",
    ),
    ("MinimumBoundingGeometry", {"in_features": SQUARES, "geometry_type": "OVAL"}, "geometry_type"),
    ("SimplifyLine", {"in_features": SQUARES, "tolerance": METRES}, "in_features"),
    (
        "SimplifyLine",
        {"in_features": LINES, "tolerance": ZERO},
        NOT_ABOVE.format("tolerance"),
    ),
    (
        "SimplifyLine",
        {"in_features": LINES, "tolerance": METRES, "algorithm": "BEND_SIMPLIFY"},
        "algorithm",
    ),
    (
        "SimplifyPolygon",
        {"in_features": layer(SQUARE, wkid=None), "tolerance": METRES},
        "no spatial reference",
    ),
    (
        "SimplifyPolygon",
        {"in_features": layer(SQUARE, wkid=4326), "tolerance": METRES, "minimum_area": "3 Unknown"},
        "minimum_area needs a unit",
    ),
    (
        "SmoothLine",
        {"in_features": LINES, "tolerance": {"distance": -5}},
        NOT_ABOVE.format("tolerance"),
    ),
    ("SimplifyLine", {"in_features": LINES, "tolerance": METRES, "in_barriers": [PLACES]}, "in_barriers"),
    ("SmoothLine", {"in_features": LINES, "tolerance": METRES, "in_barriers": [PLACES]}, "in_barriers"),
    ("SimplifyPolygon", {"in_features": SQUARES, "tolerance": METRES, "in_barriers": [LINES]}, "in_barriers"),
    ("SmoothPolygon", {"in_features": SQUARES, "tolerance": METRES, "in_barriers": [LINES]}, "in_barriers"),
    ("SmoothPolygon", {"in_features": LINES, "tolerance": METRES}, "in_features"),
    ("GeodeticDensify", {"in_features": layer(BENT, wkid=None)}, "no spatial reference"),
    (
        "GeodeticDensify",
        {"in_features": LINES, "distance": ZERO},
        NOT_ABOVE.format("distance"),
    ),
    ("Densify", {"in_features": LINES, "distance": "five"}, "distance"),
    ("GeneratePointsAlongLines", {"Input_Features": LINES}, "needs Distance"),
    (
        "GeneratePointsAlongLines",
        {"Input_Features": LINES, "Point_Placement": "PERCENTAGE"},
        "Percentage",
    ),
    ("PointsToLine", {"Input_Features": PLACES, "Line_Field": "Q"}, "no field 'Q'"),
    ("PointsToLine", {"Input_Features": LINES}, "Input_Features"),
    ("SplitLineAtPoint", {"in_features": LINES, "point_features": SQUARES}, "point_features"),
    ("CreateThiessenPolygons", {"in_features": PLACES}, "at one place"),
    ("CreateFishnet", {"origin_coord": "here", "y_axis_coord": "0 9", **NET}, "origin_coord is no place"),
    (
        "CreateFishnet",
        {"origin_coord": "0 0", "y_axis_coord": {"x": "NaN", "y": 1}, **NET},
        "y_axis_coord is no",
    ),
    ("CreateFishnet", {"origin_coord": "0 0", "y_axis_coord": "0 0", **NET}, "y_axis_coord must differ"),
    ("GenerateTessellation", {"Extent": EXTENT, "Size": "0 SquareMeters"}, "Size must be above 0"),
    (
        "GenerateTessellation",
        {"Extent": EXTENT, "Size": "9 Hectares", "Shape_Type": "OCTAGON"},
        "Shape_Type",
    ),
    ("GenerateTessellation", {"Extent": EXTENT}, "HEXAGON needs a Size"),
    (
        "GenerateTessellation",
        {"Extent": {"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1}, "Shape_Type": "H3_HEXAGON"},
        "needs the spatial reference of Extent",
    ),
    (
        "GenerateTessellation",
        {"Extent": GLOBE, "Shape_Type": "H3_HEXAGON", "H3_Resolution": 9},
        "a lower H3_Resolution",
    ),
    (
        "GenerateTessellation",
        {"Extent": GLOBE, "Shape_Type": "H3_HEXAGON", "H3_Resolution": 16},
        "H3_Resolution",
    ),
    (
        "GenerateTessellation",
        {
            "Extent": GLOBE,
            "Size": "9 Hectares",
        },
        "the spatial reference is geographic",
    ),
]


@pytest.mark.parametrize(("task", "values", "error"), BAD)
def test_bad_input_is_refused_and_named(task: str, values: dict[str, Any], error: str) -> None:
    with pytest.raises(GPServerlessError, match=error):
        run(task, **values)


ANY = [task for task, *_ in REAL if task not in ("GeneratePointsAlongLines", "PointsToLine")]
FIELDS = [{"name": "N", "type": "esriFieldTypeInteger"}, {"name": "T", "type": "esriFieldTypeString"}]


@pytest.mark.parametrize("task", ANY)
@pytest.mark.parametrize("geometries", [(), (None, None)])
def test_no_shapes_give_an_empty_result_with_its_fields(task: str, geometries: tuple[None, ...]) -> None:
    kinds = {"SimplifyLine": "Polyline", "SmoothLine": "Polyline", "CreateThiessenPolygons": "Point"}
    features = layer(*geometries) | {
        "geometryType": "esriGeometry" + kinds.get(task, "Polygon"),
        "fields": [
            {"name": "N", "type": "esriFieldTypeInteger"},
            {"name": "T", "type": "esriFieldTypeString"},
        ],
    }
    options = next(options for each, _, _, options in REAL if each == task)
    result = next(iter(run(task, in_features=features, **options).values.values()))
    if task == "CheckGeometry":
        assert [row["attributes"]["PROBLEM"] for row in result["features"]] == ["Null geometry"] * len(
            geometries
        )
        return
    assert [f for f in result["features"] if f["geometry"] is not None] == []
    assert {field["name"] for field in result["fields"]} >= {"N", "T"}


@pytest.mark.parametrize("origin", ["100 200", "100, 200", {"x": 100, "y": 200}])
def test_net_has_lines_labels_and_the_reference_of_its_origin(origin: Any) -> None:
    values = run("CreateFishnet", origin_coord=origin, y_axis_coord="100 300", **NET).values
    assert len(values["out_feature_class"]["features"]) == 7
    assert len(values["out_label"]["features"]) == 6
    place = {"x": 100, "y": 200, "spatialReference": {"wkid": 25832}}
    cells = run("CreateFishnet", origin_coord=place, y_axis_coord="100 300", geometry_type="POLYGON", **NET)
    assert cells.values["out_feature_class"]["spatialReference"]["wkid"] == 25832


def test_extent_may_be_covered_in_another_reference() -> None:
    values = run(
        "GenerateTessellation", Extent=EXTENT, Size="1 Hectare", Shape_Type="SQUARE", Spatial_Reference="3857"
    ).values
    result = values["Output_Feature_Class"]
    assert result["spatialReference"]["latestWkid"] == 3857
    assert shapely.area(decode_features(result).geometries) == pytest.approx(10_000)
    bare = {side: EXTENT[side] for side in ("xmin", "ymin", "xmax", "ymax")}
    with pytest.raises(ToolError, match="the extent needs a spatial reference"):
        run("GenerateTessellation", Extent=bare, Size="1 Hectare")


def test_cells_of_h3_have_their_names_and_meet_the_extent() -> None:
    sides = {"xmin": 500_000, "ymin": 5_500_000, "xmax": 520_000, "ymax": 5_510_000}
    extent = {**sides, "spatialReference": {"wkid": 25832}}
    values = run("GenerateTessellation", Extent=extent, Shape_Type="H3_HEXAGON", H3_Resolution=6)
    result = values.values["Output_Feature_Class"]
    assert result["spatialReference"]["latestWkid"] == 25832
    cells = decode_features(result)
    box = shapely.box(500_000, 5_500_000, 520_000, 5_510_000)
    assert shapely.intersects(cells.geometries, box).all()
    assert shapely.union_all(cells.geometries, grid_size=1e-3).contains(box)
    for name, cell in zip(cells.column("GRID_ID"), cells.geometries, strict=True):
        assert h3.get_resolution(name) == 6
        latitude, longitude = h3.cell_to_latlng(name)
        middle = FeatureSet.of(shapely.points([(longitude, latitude)]), SpatialReference(4326))
        assert cell.contains(middle.project(SpatialReference(25832)).geometries[0])
        assert cell.area == pytest.approx(h3.cell_area(name, unit="m^2"), rel=0.01)


def test_size_beside_h3_is_told_to_be_unused() -> None:
    told = run(
        "GenerateTessellation", Extent=GLOBE, Shape_Type="H3_HEXAGON", H3_Resolution=2, Size="1 Hectare"
    )
    assert [text.split(";")[0] for text in told.texts] == ["Size is not used for H3_HEXAGON"]


def test_line_is_split_and_points_are_named() -> None:
    run_ = run("SplitLineAtPoint", in_features=layer(BENT), point_features=layer({"x": 4, "y": 1}))
    found = run_.values["out_feature_class"]["features"]
    assert [f["attributes"]["ORIG_SEQ"] for f in found] == [1, 2]
    assert found[0]["geometry"] == {"paths": [[[0, 0], [4, 0]]]}
