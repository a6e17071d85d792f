"""ServeOptions and formats over HTTP, of execute and of results, and the newer data types there and back."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest
import shapely

from tests.wire.conftest import Site

SYNC, ASYNC = "Conformance/Sync", "Conformance/Async"


def text(document: Any) -> str:
    return orjson.dumps(document).decode()


SQUARE = text({"spatialReference": {"wkid": 3857}, "features": [
    {"attributes": {"NAME": "a", "POP": 5},
     "geometry": {"rings": [[[0, 0], [0, 1000], [1000, 1000], [1000, 0], [0, 0]]]}},
]})  # fmt: skip
SOLID = text({"hasZ": True, "spatialReference": {"wkid": 4326}, "features": [
    {"geometry": {"x": 1, "y": 2, "z": 3}},
]})  # fmt: skip
NOWHERE = text({"features": [{"geometry": {"x": 1, "y": 2}}]})
TABLE = text({
    "fields": [{"name": "A", "type": "esriFieldTypeString"}, {"name": "AT", "type": "esriFieldTypeDate"}],
    "features": [{"attributes": {"A": "=1", "AT": 0}}],
})  # fmt: skip
CURVE = text({"spatialReference": {"wkid": 3857}, "features": [
    {"geometry": {"curveRings": [[[0, 1], {"c": [[0, -1], [1, 0]]}, {"c": [[0, 1], [-1, 0]]}]]}},
]})  # fmt: skip
ROWS = '[["a",1,"2 Acres"],["",null,null]]'
BY_POSITION = [["a", 1, {"area": 2.0, "units": "esriAcres"}], ["", None, None]]
BY_NAME = [dict(zip(("Name", "Count", "Area"), row, strict=True)) for row in BY_POSITION]
BOX = {"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 2}
WGS84 = {"wkid": 4326, "latestWkid": 4326}

ECHOES: list[tuple[str, str, Any]] = [
    ("GPStringHidden", "hunter2", "hunter2"),
    ("GPSQLExpression", "POP > 1 AND NAME LIKE 'A%'", "POP > 1 AND NAME LIKE 'A%'"),
    ("GPArealUnit", "3 SquareKilometers", {"area": 3.0, "units": "esriSquareKilometers"}),
    ("GPTimeUnit", '{"time":3,"units":"esritimeunitsmonths"}', {"time": 3.0, "units": "esriTimeUnitsMonths"}),
    ("Field", '{"name":"POP","type":"esriFieldTypeInteger"}',
     {"name": "POP", "type": "esriFieldTypeInteger", "alias": "POP"}),
    ("GPValueTable", ROWS, BY_POSITION),
    ("GPValueTable", text(BY_NAME), BY_POSITION),
    ("GPComposite", "5 Miles", {"distance": 5.0, "units": "esriMiles"}),
    ("GPComposite", '{"dataType":"GPString","value":"5 Miles"}', "5 Miles"),
    ("GPSpatialReference", '{"name":"WGS_1984_UTM_Zone_32N"}', {"wkid": 32632, "latestWkid": 32632}),
    ("GPCoordinateSystem", "102100", {"wkid": 102100, "latestWkid": 3857}),
    ("GPExtent", text({**BOX, "spatial_reference": {"wkid": 4326}}),
     {**BOX, "spatialReference": WGS84, "spatial_reference": WGS84}),
    ("GPEnvelope", text({**BOX, "zmin": 1, "zmax": 2}), {**BOX, "zmin": 1, "zmax": 2}),
    ("GPMultiValue_GPStringHidden", '["a","b"]', ["a", "b"]),
    ("GPMultiValue_GPSQLExpression", "A IN (1, 2)", ["A IN (1, 2)"]),
    ("GPMultiValue_GPArealUnit", "1 Ares;2 Acres",
     [{"area": 1.0, "units": "esriAres"}, {"area": 2.0, "units": "esriAcres"}]),
    ("GPMultiValue_GPTimeUnit", "['1 Day']", [{"time": 1.0, "units": "esriTimeUnitsDays"}]),
    ("GPMultiValue_Field", "A,B", [
        {"name": n, "type": "esriFieldTypeString", "alias": n, "length": 255} for n in "AB"]),
    ("GPMultiValue_GPComposite", '["1 Meters",{"dataType":"GPLong","value":3},"x y"]',
     [{"dataType": "GPLinearUnit", "value": {"distance": 1.0, "units": "esriMeters"}},
      {"dataType": "GPLong", "value": 3}, {"dataType": "GPString", "value": "x y"}]),
    ("GPMultiValue_GPSpatialReference", "[4326]", [WGS84]),
    ("GPMultiValue_GPCoordinateSystem", "4326", [WGS84]),
    ("GPMultiValue_GPExtent", text([BOX]), [BOX]),
    ("GPMultiValue_GPEnvelope", text([BOX]), [BOX]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "wire"), ECHOES)
def test_value_of_a_newer_type_comes_back_as_it_was_sent(
    site: Site, kind: str, raw: str, wire: object
) -> None:
    assert site.execute(SYNC, "Echo", **{f"In_{kind}": raw})[f"Out_{kind}"] == wire


def test_composite_is_answered_under_its_own_type(site: Site) -> None:
    answer = site.post(
        f"{site.task(SYNC, 'Echo')}/execute", {"In_GPComposite": '{"dataType":"GPLong","value":3}'}
    )
    (result,) = [r for r in answer["results"] if r["paramName"] == "Out_GPComposite"]
    assert result == {"paramName": "Out_GPComposite", "dataType": "GPLong", "value": 3}


def test_lists_of_features_and_tables(site: Site) -> None:
    values = site.execute(
        SYNC, "Echo", In_GPMultiValue_GPFeatureRecordSetLayer=f"[{SQUARE},{SOLID}]",
        In_GPMultiValue_GPRecordSet='[{"features":[{"attributes":{"A":1}}]}]', returnZ="true",
    )  # fmt: skip
    squares, solids = values["Out_GPMultiValue_GPFeatureRecordSetLayer"]
    assert squares["geometryType"] == "esriGeometryPolygon"
    assert solids["features"][0]["geometry"] == {"x": 1.0, "y": 2.0, "z": 3.0}
    assert values["Out_GPMultiValue_GPRecordSet"][0]["features"][0]["attributes"]["A"] == 1


def test_layer_that_is_published_with_the_task_is_named(site: Site) -> None:
    (described,) = [p for p in site.get(site.task(SYNC, "Echo"))["parameters"] if p["name"] == "In_Layer"]
    assert described["choiceList"] == ["Places"]
    found = site.execute(SYNC, "Echo", In_Layer="Places")["Out_Layer"]
    assert [f["attributes"]["NAME"] for f in found["features"]] == ["Greenwich", "Null Island"]
    assert "or one of the layers Places." in site.refusal(SYNC, "Echo", In_Layer="Atlantis")


def test_fields_and_conditions_are_checked_against_the_features(site: Site) -> None:
    values = site.execute(
        SYNC, "Echo", In_GPFeatureRecordSetLayer=SQUARE, In_GPSQLExpression="pop = 5", In_Field="pop"
    )
    assert values["Out_Field"]["type"] == "esriFieldTypeInteger"
    fields = {"In_GPFeatureRecordSetLayer": SQUARE, "In_GPSQLExpression": "AGE > 5"}
    assert site.refusal(SYNC, "Echo", **fields) == (
        "Parameter 'In_GPSQLExpression': there is no field 'AGE' at character 1. Accepted: NAME, POP."
    )


def test_job_whose_condition_does_not_fit_is_not_queued(site: Site) -> None:
    fields = {"In_GPFeatureRecordSetLayer": SQUARE, "In_GPSQLExpression": "AGE > 5"}
    said = site.rejection(ASYNC, "Echo", **fields)
    assert said.startswith("Parameter 'In_GPSQLExpression': there is no field 'AGE'")


REFUSALS = [
    ("GPArealUnit", '{"area":1,"units":"esriFootballFields"}', "'esriFootballFields' is not a unit"),
    ("GPTimeUnit", "3Months", "'3Months' is not a number with a unit"),
    ("Field", "{}", "a field has no name"),
    ("GPSQLExpression", "1=1; DROP TABLE x; --", "';' at character 4 does not belong in a condition"),
    ("GPValueTable", '[["a"]]', "row 0 has 1 value for 3 columns"),
    ("GPComposite", '{"dataType":"GPDate","value":1}', "'GPDate' is none of the data types"),
    (
        "GPSpatialReference",
        '{"projectionFile":"https://x/a.prj"}',
        "files of projections (.prj)",
    ),
    ("GPExtent", "{}", "has not all of xmin, ymin, xmax, ymax"),
    ("GPMultiValue_GPStringHidden", '["hunter2",[]]', "the hidden value cannot be read"),
]


@pytest.mark.parametrize(("kind", "raw", "problem"), REFUSALS)
def test_malformed_values_are_answered_with_their_name(site: Site, kind: str, raw: str, problem: str) -> None:
    detail = site.refusal(SYNC, "Echo", **{f"In_{kind}": raw})
    assert detail.startswith(f"Parameter 'In_{kind}': ")
    assert problem in detail
    assert "hunter2" not in detail


def test_true_curves_are_densified_with_a_warning(site: Site) -> None:
    answer = site.post(f"{site.task(SYNC, 'Echo')}/execute", {
        "In_GPFeatureRecordSetLayer": CURVE, "returnTrueCurves": "true", "simplifyFeatures": "false",
    })  # fmt: skip
    assert {
        "type": "esriJobMessageTypeWarning",
        "description": "Densified 2 true curves: a chord departs by at most 0.03 % of the radius.",
    } in answer["messages"]
    (found,) = [r["value"] for r in answer["results"] if r["paramName"] == "Out_GPFeatureRecordSetLayer"]
    assert len(found["features"][0]["geometry"]["rings"][0]) == 129


def test_fields_of_every_type_are_kept(site: Site) -> None:
    kinds = {"DateOnly": "2020-08-02", "TimeOnly": "10:00:00", "TimestampOffset": "2020-08-02T10:00:00-07:00",
             "BigInteger": 2**52, "GUID": "{00000000-0000-0000-0000-000000000001}"}  # fmt: skip
    fields = [{"name": f"F_{kind}", "type": f"esriFieldType{kind}"} for kind in kinds]
    attributes = {f"F_{kind}": value for kind, value in kinds.items()}
    sent = {"fields": fields, "features": [{"attributes": attributes}]}
    found = site.execute(SYNC, "Echo", In_GPRecordSet=text(sent))["Out_GPRecordSet"]
    assert attributes.items() <= found["features"][0]["attributes"].items()
    types = {field["name"]: field["type"] for field in found["fields"]}
    assert {field["name"]: field["type"] for field in fields}.items() <= types.items()


def test_blobs_are_refused_by_name(site: Site) -> None:
    blob = {"fields": [{"name": "B", "type": "esriFieldTypeBlob"}], "features": [{"attributes": {"B": "x"}}]}
    detail = site.refusal(SYNC, "Echo", In_GPRecordSet=text(blob))
    assert "field 'B' is of type esriFieldTypeBlob, which is not read" in detail


def test_feature_collections_on_execute(site: Site) -> None:
    values = site.execute(SYNC, "Echo", In_GPFeatureRecordSetLayer=SQUARE, returnFeatureCollection="True")
    found = values["Out_GPFeatureRecordSetLayer"]
    assert found["layerDefinition"]["name"] == "Out GPFeatureRecordSetLayer"
    assert found["layerDefinition"]["geometryType"] == "esriGeometryPolygon"
    assert [f["name"] for f in found["layerDefinition"]["fields"]] == ["OBJECTID", "NAME", "POP", "Shape"]
    assert found["featureSet"]["features"][0]["attributes"]["NAME"] == "a"
    assert values["Out_Layer"]["featureSet"]["features"] == []


def test_rows_by_column_name_on_execute(site: Site) -> None:
    values = site.execute(SYNC, "Echo", In_GPValueTable=ROWS, returnColumnName="True")
    assert values["Out_GPValueTable"] == BY_NAME


BUFFER = {"distance": '{"distance":1,"units":"esriKilometers"}'}
HERE = text({"spatialReference": {"wkid": 4326}, "features": [
    {"attributes": {"NAME": "here", "AT": 0}, "geometry": {"x": 10, "y": 50}},
]})  # fmt: skip


def test_geojson_of_the_only_feature_output(site: Site) -> None:
    path = f"{site.task('Samples', 'BufferPoints')}/execute"
    response = site.send("POST", path, {"f": "geojson", "points": HERE, "env:outSR": "3857", **BUFFER})
    assert response.headers["content-type"] == "application/geo+json"
    document = orjson.loads(response.data)
    assert document["type"] == "FeatureCollection"
    (feature,) = document["features"]
    assert feature["properties"]["NAME"] == "here"
    ring = shapely.from_geojson(orjson.dumps(feature["geometry"])).exterior
    assert ring.is_ccw
    assert ring.bounds == pytest.approx((9.986, 49.991, 10.014, 50.009), abs=1e-3)
    padded = site.send("GET", path, {"f": "geojson", "callback": "fn", "points": HERE, **BUFFER})
    assert padded.data.startswith(b'/**/fn({"type":"FeatureCollection"')


SUPPORTED = (
    "Supported are html, json, pjson; geojson, kmz and csv of features; csv of tables; pbf of layers; "
    "gpkg and fgb of whole layers; image of maps."
)


def test_geojson_is_for_features_alone(site: Site) -> None:
    for path in ("", "/execute"):
        error = site.get(site.task(SYNC, "Echo") + path, f="geojson")["error"]
        assert error["message"] == "Output format not supported."
        assert error["details"][0].endswith(SUPPORTED)
    task = site.task("Samples", "BufferPoints")
    wrong = site.get(f"{task}/execute", f="geojson", points=HERE, distance="far")
    assert "Parameter 'distance'" in wrong["error"]["details"][0]
    for unsupported_format in ("lyr", "amf"):
        error = site.get(task, f=unsupported_format)["error"]
        assert error["details"] == [f"The format is not supported. {SUPPORTED}"]
    for format_of_others in ("pbf", "image"):
        error = site.get(task, f=format_of_others)["error"]
        assert error["message"] == "Output format not supported."
        assert error["details"][0].endswith(SUPPORTED)


@pytest.fixture(scope="module")
def job(site: Site) -> str:
    path = site.submit(
        ASYNC, "Echo", In_GPFeatureRecordSetLayer=SQUARE, In_GPValueTable=ROWS, In_GPStringHidden="hunter2",
        In_GPMultiValue_GPStringHidden='["hunter2"]', In_GPComposite="5", In_Layer="Places",
        In_GPMultiValue_GPFeatureRecordSetLayer=f"[{SOLID}]", In_GPArealUnit="1 Acre", In_GPRecordSet=TABLE,
    )  # fmt: skip
    assert site.wait(path)["jobStatus"] == "esriJobSucceeded"
    return path


def test_results_as_feature_collections(site: Site, job: str) -> None:
    plain = site.get(f"{job}/results/Out_GPFeatureRecordSetLayer", returnType="data")
    found = site.get(
        f"{job}/results/Out_GPFeatureRecordSetLayer", returnFeatureCollection="true", outSR="4326"
    )
    assert plain["value"]["geometryType"] == "esriGeometryPolygon"
    assert found["dataType"] == "GPFeatureRecordSetLayer"
    definition, inner = found["value"]["layerDefinition"], found["value"]["featureSet"]
    assert definition["objectIdField"] == "OBJECTID"
    assert inner["spatialReference"] == WGS84
    assert inner["features"][0]["geometry"]["rings"][0][2] == pytest.approx([0.00898, 0.00898], abs=1e-4)


def test_results_as_geojson(site: Site, job: str) -> None:
    response = site.send("GET", f"{job}/results/Out_GPFeatureRecordSetLayer", {"f": "geojson"})
    assert response.headers["content-type"] == "application/geo+json"
    (feature,) = orjson.loads(response.data)["features"]
    assert shapely.from_geojson(orjson.dumps(feature["geometry"])).exterior.is_ccw
    assert feature["properties"] == {"OBJECTID": 1, "NAME": "a", "POP": 5}
    refused = site.get(f"{job}/results/Out_GPArealUnit", f="geojson")
    assert refused["error"]["details"][0].endswith(SUPPORTED)


def test_features_as_kmz(site: Site, job: str) -> None:
    executed = site.send(
        "GET", f"{site.task('Samples', 'BufferPoints')}/execute", {"f": "kmz", "points": HERE, **BUFFER}
    )
    stored = site.send("GET", f"{job}/results/Out_GPFeatureRecordSetLayer", {"f": "kmz"})
    for response in (executed, stored):
        assert response.headers["content-type"] == "application/vnd.google-earth.kmz"
        with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
            document = ElementTree.fromstring(archive.read("doc.kml"))
        (mark,) = document.iterfind(".//{*}Placemark")
        corners = mark.findtext(".//{*}Polygon/{*}outerBoundaryIs/{*}LinearRing/{*}coordinates").split()
        assert corners[0] == corners[-1]
        assert all(-180 <= float(corner.split(",")[0]) <= 180 for corner in corners)
    assert {d.get("name"): d.findtext("{*}value") for d in mark.iterfind(".//{*}Data")} == {
        "OBJECTID": "1",
        "NAME": "a",
        "POP": "5",
    }
    assert site.get(f"{job}/results/Out_GPArealUnit", f="kmz")["error"]["details"][0].endswith(SUPPORTED)


def cells(response: Any) -> list[list[str]]:
    """Return the cells of an answer in CSV."""
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline=""), strict=True))


def test_features_and_tables_as_csv(site: Site, job: str) -> None:
    path = f"{site.task('Samples', 'BufferPoints')}/execute"
    header, row = cells(site.send("GET", path, {"f": "csv", "points": HERE, **BUFFER}))
    zone = dict(zip(header, row, strict=True))
    assert shapely.from_wkt(zone["wkt"]).contains(shapely.Point(10, 50))
    assert (zone["NAME"], zone["AT"]) == ("here", "0")
    names = ["wkt", "OBJECTID", "NAME", "POP"]
    assert cells(site.send("GET", f"{job}/results/Out_GPFeatureRecordSetLayer", {"f": "csv"}))[0] == names
    table = site.send("GET", f"{job}/results/Out_GPRecordSet", {"f": "csv"})
    assert cells(table) == [["OBJECTID", "A", "AT"], ["1", "=1", "1970-01-01T00:00:00.000Z"]]
    rows = site.send("GET", f"{job}/results/Out_GPValueTable", {"f": "csv"})
    assert cells(rows) == [
        ["Name", "Count", "Area"],
        ["a", "1", '{"area":2.0,"units":"esriAcres"}'],
        ["", "", ""],
    ]


def test_csv_is_for_features_and_tables_alone(site: Site, job: str) -> None:
    for path in (job, f"{job}/results/Out_GPArealUnit", f"{job}/inputs/In_GPArealUnit"):
        assert site.get(path, f="csv")["error"]["details"] == [
            f"csv is for features and tables alone. {SUPPORTED}"
        ]
    two = site.get(f"{site.task(SYNC, 'Echo')}/execute", f="csv")["error"]["details"][0]
    assert two.startswith("csv is for tasks with one output of features or a table, and 'Echo' has ")


def test_download_is_saved_under_the_name_of_its_parameter(site: Site, job: str) -> None:
    for name, path in (
        ("Out_GPFeatureRecordSetLayer", f"{job}/results/out_gpfeaturerecordsetlayer"),
        ("In_GPFeatureRecordSetLayer", f"{job}/inputs/In_GPFeatureRecordSetLayer"),
    ):
        for ending in ("geojson", "kmz", "csv"):
            response = site.send("GET", path, {"f": ending})
            assert response.headers["content-disposition"] == f'attachment; filename="{name}.{ending}"'
    assert "content-disposition" not in site.send("GET", job, {"f": "json"}).headers


def test_inputs_in_the_formats_of_features(site: Site, job: str) -> None:
    path = f"{job}/inputs/In_GPFeatureRecordSetLayer"
    (feature,) = orjson.loads(site.send("GET", path, {"f": "geojson"}).data)["features"]
    corners = shapely.from_geojson(orjson.dumps(feature["geometry"])).bounds
    assert corners == pytest.approx((0, 0, 0.00898, 0.00898), abs=1e-4)
    assert feature["properties"] == {"NAME": "a", "POP": 5}
    with zipfile.ZipFile(io.BytesIO(site.send("GET", path, {"f": "kmz"}).data)) as archive:
        assert b"<Placemark>" in archive.read("doc.kml")
    assert cells(site.send("GET", path, {"f": "csv"}))[1][1:] == ["a", "5"]
    rows = cells(site.send("GET", f"{job}/inputs/In_GPValueTable", {"f": "csv"}))
    assert rows[:2] == [["Name", "Count", "Area"], ["a", "1", '{"area":2.0,"units":"esriAcres"}']]
    table = cells(site.send("GET", f"{job}/inputs/In_GPRecordSet", {"f": "csv"}))
    assert table == [["A", "AT"], ["=1", "1970-01-01T00:00:00.000Z"]]


def test_input_that_was_not_given_has_no_features(site: Site, echoed: str) -> None:
    path = f"{echoed}/inputs/In_Layer"
    assert orjson.loads(site.send("GET", path, {"f": "geojson"}).data)["features"] == []


INPUTS_ELSEWHERE = [
    ("In_Layer", "Places", "The input is a name or a reference, and its features are not here."),
    ("In_GPFeatureRecordSetLayer", CURVE, "The input is too large to be rewritten as geojson, or has curves"),
    ("In_GPFeatureRecordSetLayer", "{]", "The input cannot be read: "),
    ("In_GPFeatureRecordSetLayer", NOWHERE, "the spatial reference of the features is not known"),
]


@pytest.mark.parametrize(("name", "raw", "told"), INPUTS_ELSEWHERE)
def test_input_that_cannot_be_shown_as_features_says_why(site: Site, name: str, raw: str, told: str) -> None:
    submitted = site.post(f"{site.task(ASYNC, 'Echo')}/submitJob", {name: raw})
    path = f"{site.task(ASYNC, 'Echo')}/jobs/{submitted['jobId']}/inputs/{name}"
    assert told in site.get(path, f="geojson")["error"]["details"][0]


def test_results_by_column_name(site: Site, job: str) -> None:
    path = f"{job}/results/Out_GPValueTable"
    assert site.get(path)["value"] == BY_POSITION
    assert site.get(path, returnColumnName="true")["value"] == BY_NAME
    detail = site.get(path, returnColumnName="99")["error"]["details"][0]
    assert detail == "Parameter 'returnColumnName': '99' is not a truth value. Accepted: true, false."


def test_z_and_m_of_lists_are_answered_on_request(site: Site, job: str) -> None:
    path = f"{job}/results/Out_GPMultiValue_GPFeatureRecordSetLayer"
    flat, high = (site.get(path, returnZ=z)["value"][0]["features"][0]["geometry"] for z in ("", "true"))
    assert flat == {"x": 1.0, "y": 2.0}
    assert high == {"x": 1.0, "y": 2.0, "z": 3.0}


def test_inputs_are_shown_as_they_were_understood_and_hidden_ones_blank(site: Site, job: str) -> None:
    inputs = {i["paramName"]: i for i in site.get(f"{job}/inputs")}
    assert inputs["In_GPStringHidden"]["value"] == ""
    assert inputs["In_GPMultiValue_GPStringHidden"]["value"] == [""]
    assert inputs["In_GPValueTable"]["value"] == BY_POSITION
    assert (inputs["In_GPComposite"]["dataType"], inputs["In_GPComposite"]["value"]) == (
        "GPLinearUnit", {"distance": 5.0, "units": "esriMeters"},
    )  # fmt: skip
    assert inputs["In_Layer"]["value"] == "Places"
    assert inputs["In_GPTimeUnit"] == {"paramName": "In_GPTimeUnit", "dataType": "GPTimeUnit", "value": None}
    assert inputs["In_GPArealUnit"]["value"] == {"area": 1.0, "units": "esriAcres"}
    assert b"hunter2" not in site.send("GET", f"{job}/inputs", {"f": "json"}).data


def test_job_can_be_submitted_with_the_form_of_its_results(site: Site) -> None:
    path = site.submit(
        ASYNC, "Echo", In_GPFeatureRecordSetLayer=SQUARE, In_GPValueTable=ROWS,
        returnFeatureCollection="true", returnColumnName="true",
    )  # fmt: skip
    assert site.wait(path)["jobStatus"] == "esriJobSucceeded"
    assert site.get(f"{path}/results/Out_GPValueTable", returnColumnName="true")["value"] == BY_NAME
    projected = site.get(f"{path}/results/Out_GPFeatureRecordSetLayer", outSR="4326")["value"]
    assert projected["layerDefinition"]["objectIdField"] == "OBJECTID"
    assert projected["featureSet"]["spatialReference"] == WGS84
    assert site.get(f"{path}/results/Out_GPFeatureRecordSetLayer", f="geojson")["features"]


def test_messages_are_left_out_on_request(site: Site, job: str) -> None:
    assert "messages" in site.get(job)
    assert "messages" not in site.get(job, returnMessages="false")


def test_geojson_of_features_without_a_place_is_refused(site: Site) -> None:
    path = site.submit(ASYNC, "Echo", In_GPFeatureRecordSetLayer=NOWHERE)
    assert site.wait(path)["jobStatus"] == "esriJobSucceeded"
    detail = site.get(f"{path}/results/Out_GPFeatureRecordSetLayer", f="geojson")["error"]["details"][0]
    assert "the spatial reference of the features is not known" in detail
