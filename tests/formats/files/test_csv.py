"""CSV: columns of coordinates under many names, types by their values, and formulas that are none."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.files.read import read_features
from gpserverless.formats.files.write import write_features
from gpserverless.values.spatial_reference import SpatialReference
from tests.formats.files.tables import values

WGS84 = SpatialReference(4326)
UNKNOWN = "The file names no spatial reference; that of the features is not known."


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def read(tmp_path: Path, text: str, encoding: str = "utf-8") -> FeatureSet[shapely.Geometry]:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    return read_features(path)


def said(tmp_path: Path, text: str, encoding: str = "utf-8") -> list[str]:
    """Return the warnings of reading a text, without that of an unknown spatial reference."""
    told: list[str] = []
    (tmp_path / "b.csv").write_bytes(text.encode(encoding))
    read_features(tmp_path / "b.csv", warn=told.append)
    return [each for each in told if each != UNKNOWN]


@pytest.mark.parametrize(("text", "expected"), [("x,y\n1,2\n", [UNKNOWN]), ("lon,lat\n1,2\n", [])])
def test_unknown_spatial_reference_is_told(text: str, expected: list[str], tmp_path: Path) -> None:
    told: list[str] = []
    (tmp_path / "b.csv").write_text(text)
    read_features(tmp_path / "b.csv", warn=told.append)
    assert told == expected


def test_points_that_may_mark_thousands_beside_decimal_commas_are_not_guessed(tmp_path: Path) -> None:
    features = read(tmp_path, "lon;lat;height;people\n10.125;50,5;1,5;1.234\n")
    assert [shape.wkt for shape in features.geometries] == ["POINT (10.125 50.5)"]
    assert (features.columns["height"].tolist(), features.columns["people"].tolist()) == ([1.5], ["1.234"])
    with pytest.raises(InvalidValue, match="column 'x' holds no number"):
        read(tmp_path, "x;y\n500.000;5800000,5\n")


@pytest.mark.parametrize("digits", [19, 20, 26, 5000])
@pytest.mark.parametrize("sign", ["", "-"])
def test_integers_beyond_64_bits_stay_texts_whatever_their_length(
    sign: str, digits: int, tmp_path: Path
) -> None:
    number = sign + "9" * digits
    assert read(tmp_path, f"x,y,v\n1,2,{number}\n").columns["v"].tolist() == [number]


def test_numbers_beyond_doubles_stay_texts(tmp_path: Path) -> None:
    assert read(tmp_path, "x,y,v\n1,2,1e400\n").columns["v"].tolist() == ["1e400"]


def test_blanks_before_quotation_marks_are_none_of_the_cell(tmp_path: Path) -> None:
    features = read(tmp_path, 'x, y, "name, short"\n1, 2, "a, b"\n')
    assert features.columns["name, short"].tolist() == ["a, b"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_by_that_word(encoding: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="in UTF-16"):
        read(tmp_path, "x,y,name\n1,2,K\u00f6ln\n", encoding)


def test_title_above_the_columns_is_refused_by_the_number_of_cells(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="row 2 of the CSV file has not 1 cell as the first row, but 3"):
        read(tmp_path, "Towns of 2020\nx,y,name\n1,2,a\n")


PLACES = [
    ("x,y\n1,2\n", None),
    ("X;Y\n1;2\n", None),
    ("lat\tlon\n2\t1\n", WGS84),
    ("Longitude,Latitude\n1,2\n", WGS84),
    ("lat,long\n2,1\n", WGS84),
    ("POINT_X,POINT_Y,srid\n1,2,3857\n", SpatialReference(3857)),
    ("easting,northing\n1,2\n", None),
    ("wkt\nPOINT (1 2)\n", None),
    ("the_geom,srid\nPOINT (1 2),4326\n", WGS84),
    ("\ufeffx,y\n1,2\n", None),
]


@pytest.mark.parametrize(("text", "reference"), PLACES)
def test_csv_coordinates_are_found_by_their_names(
    text: str, reference: SpatialReference | None, tmp_path: Path
) -> None:
    features = read(tmp_path, text)
    assert [g.wkt for g in features.geometries] == ["POINT (1 2)"]
    assert features.spatial_reference == reference
    assert features.fields == ()


def test_csv_types_follow_from_the_values(tmp_path: Path) -> None:
    features = read(tmp_path, 'x,y,n,big,r,zip,t\n1,2,5,9999999999,0.5,01234,"a ""b"", c"\n,,,,,,\n')
    assert {f.name: f.type[13:] for f in features.fields} == {
        "n": "Integer",
        "big": "BigInteger",
        "r": "Double",
        "zip": "String",
        "t": "String",
    }
    assert features.columns["n"].tolist() == [5, None]
    assert features.columns["zip"].tolist() == ["01234", None]
    assert features.columns["t"].tolist() == ['a "b", c', None]
    assert features.geometries[1] is None


MISTAKES = [
    ("name,age\na,1\n", "no columns of coordinates"),
    ("x,y\n1,two\n", "row 2 of the CSV file: column 'y' holds no number"),
    ("x,y\n1,2,3\n", "row 2 of the CSV file has not 2 cells"),
    ("x,X\n1,2\n", "no columns of coordinates"),
    ("X,lat\n1,2\n", "no columns of coordinates"),
    ("lon,y\n1,2\n", "no columns of coordinates"),
    ("easting,latitude\n1,2\n", "no columns of coordinates"),
    ("", "no columns of coordinates"),
    ('x,y,t\n1,2,"a\n', "cannot be read"),
    ("x,y\n1,n.d.\n", "holds no number"),
    ('x,y\n"1,5","2,5"\n', "row 2 of the CSV file: column 'x' holds no number"),
    ("x;y\n1,5;2.5\n3;4,5\n", "row 3 of the CSV file: column 'y' holds no number"),
    ("x,y\n1,2\n\n\n3,b\n", "row 5 of the CSV file"),
    ("lat,lon\n500000,5500000\n", "row 2 of the CSV file: lon 5.5e\\+06 and lat 500000 are no longitude"),
    ("lat,lon\n151.2,-33.8\n144.9,-37.8\n", "are no longitude and latitude"),
    ("x,y,srid\n151.2,-133.8,4326\n", "are no longitude and latitude"),
    ("x,y,srid\n1,2,4326\n1,2,3857\n", "several spatial references: 3857, 4326"),
    ("x,y,srid\n1,2,9999\n", "9999 is not a known spatial reference"),
    ("geom\nSRID=4326;POINT (1 2)\nSRID=3857;POINT (1 2)\n", "several spatial references: 3857, 4326"),
    ("geom,srid\nSRID=4326;POINT (1 2),3857\n", "says 3857 and the shapes 4326"),
    ("wkt\nnonsense\n", "holds no shape that can be read"),
    ("x,y\n1,1e999\n", "not finite"),
]


@pytest.mark.parametrize(("text", "problem"), MISTAKES)
def test_csv_mistake_is_named_with_its_row(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=problem):
        read(tmp_path, text)


def test_csv_of_windows_is_read_and_the_encoding_is_told(tmp_path: Path) -> None:
    features = read(tmp_path, "x;y;t\n1,5;2;é „5 €“\n", "cp1252")
    assert features.columns["t"].tolist() == ["é „5 €“"]
    assert said(tmp_path, "x,y,t\n1,2,é\n", "cp1252") == [
        "The CSV file is not in UTF-8; it was read as Windows-1252."
    ]


def test_csv_in_no_known_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x,y,t\n1,2,\x81\n")
    with pytest.raises(InvalidValue, match="cannot be read"):
        read_features(tmp_path / "a.csv")


PAIRS = [
    ("X,lat,lon\n466000,50.5,10.25\n", WGS84),
    ("Y,name,latitude,Longitude\n5,a,50.5,10.25\n", WGS84),
    ("X,Y,LAT,LON\n466000,5540000,50.5,10.25\n", WGS84),
    ("lat,lon,latitude,longitude\n1,2,50.5,10.25\n", WGS84),
    ("id,lng,lat\n1,10.25,50.5\n", WGS84),
    ("decimalLatitude,decimalLongitude\n50.5,10.25\n", WGS84),
    ("Northing,Easting\n50.5,10.25\n", None),
    ("easting,northing,x\n10.25,50.5,7\n", None),
    ("x,y,lon,lat\n10.25,50.5,1,2\n", None),  # as a file of this project: its attributes are lon and lat
    ("x,y,srid,longitude,latitude\n10.25,50.5,32632,1,2\n", SpatialReference(32632)),
    ("longitude,latitude,x,y\n10.25,50.5,1,2\n", WGS84),
    ("wkt,x,y\nPOINT (10.25 50.5),1,2\n", None),
    ("id,x,y,the_geom\n1,3,4,POINT (10.25 50.5)\n", None),
    ("geometry,lon,lat\nround,10.25,50.5\n", WGS84),
    ("geom\nSRID=4326;POINT(10.25 50.5)\n", WGS84),
    ('id;geom\n1;"srid=3857;POINT(10.25 50.5)"\n', SpatialReference(3857)),
    ("geom\n010100000000000000008024400000000000404940\n", None),
    ("geom\n0101000020E610000000000000008024400000000000404940\n", WGS84),
    ('geom\n"{""type"":""Point"",""coordinates"":[10.25,50.5]}"\n', WGS84),
    ("x,y,srid\n10.25,50.5,EPSG:4326\n", WGS84),
    ("x;y\n10,25;50,5\n", None),
    ("x;y\n10.25;50.5\n", None),
    ("sep=;\nx;y\n10,25;50,5\n", None),
    ("sep=,\nx,y\n10.25,50.5\n", None),
    ('"name, place";x;y\na;10,25;50,5\n', None),
    ("name|x|y\na|10.25|50.5\n", None),
    ("lat, lon, n\n+50.5, 1.025E1, 3\n", WGS84),
    (",lat,lon\n0,50.5,10.25\n", WGS84),
    ("\ufeff,lon,lat,\n0,10.25,50.5,\n", WGS84),
]


@pytest.mark.parametrize(("text", "reference"), PAIRS)
def test_csv_coordinates_are_paired_by_kind(
    text: str, reference: SpatialReference | None, tmp_path: Path
) -> None:
    features = read(tmp_path, text)
    assert [g.wkt for g in features.geometries] == ["POINT (10.25 50.5)"]
    assert features.spatial_reference == reference


def test_csv_choice_among_coordinates_is_told(tmp_path: Path) -> None:
    assert said(tmp_path, "X,Y,LAT,LON\n466000,5540000,50.5,10.25\n") == [
        "The shapes were read from LON and LAT, not from X and Y."
    ]


def test_csv_index_column_without_a_name_gets_one(tmp_path: Path) -> None:
    text = ",name,lat,lon\n0,Aburg,50.5,10.25\n1,Bstadt,48,11\n"
    features = read(tmp_path, text)
    assert [f.name for f in features.fields] == ["column_1", "name"]
    assert features.columns["column_1"].tolist() == [0, 1]
    assert said(tmp_path, text) == ["Column 1 of the CSV file has no name; it is called column_1."]


def test_csv_columns_of_one_name_both_survive(tmp_path: Path) -> None:
    text = "x,y,NAME,name,NAME_1\n1,2,a,b,c\n"
    features = read(tmp_path, text)
    assert {n: c.tolist() for n, c in features.columns.items()} == {
        "NAME": ["a"],
        "name_2": ["b"],
        "NAME_1": ["c"],
    }
    assert said(tmp_path, text) == ["The CSV file has several columns 'name'; column 4 is called name_2."]


VALUES: list[tuple[str, str, list[object]]] = [
    ("1|NA|3", "Integer", [1, None, 3]),
    ("1.5|NULL|nan|N/A|#N/A|None|", "Double", [1.5] + [None] * 6),
    ("NA|DE|FR", "String", ["NA", "DE", "FR"]),
    ("NA|NULL", "String", ["NA", "NULL"]),
    ("01234|99999", "String", ["01234", "99999"]),
    ("1|two|3", "String", ["1", "two", "3"]),
    ("1|2.5", "Double", [1.0, 2.5]),
    ("2147483647|-5", "Integer", [2147483647, -5]),
    ("2147483648|-5", "BigInteger", [2147483648, -5]),
    ("9223372036854775807|1", "BigInteger", [2**63 - 1, 1]),
    ("9223372036854775808|1", "String", ["9223372036854775808", "1"]),
    ("123456789012345678901234567890|1", "String", ["123456789012345678901234567890", "1"]),
    ("1e+05|2", "Double", [1e5, 2.0]),
    ("+4930|+4940", "String", ["+4930", "+4940"]),
    ("1,5|2,25", "Double", [1.5, 2.25]),
    ("1.234,5|1.234.567,25|7|-0,5", "Double", [1234.5, 1234567.25, 7.0, -0.5]),
    ("1,5|2.5", "String", ["1,5", "2.5"]),
    ("1,5|x", "String", ["1,5", "x"]),
    ("1,5|NA", "Double", [1.5, None]),
    ("1.234|5", "Double", [1.234, 5.0]),
    ("2020-02-29|2020-03-01", "String", ["2020-02-29", "2020-03-01"]),
    ("29.02.2020|1.3.2020", "String", ["29.02.2020", "1.3.2020"]),
    ("true|false", "String", ["true", "false"]),
    (" 5 |6", "Integer", [5, 6]),
]


@pytest.mark.parametrize(("cells", "kind", "expected"), VALUES)
def test_csv_value_is_what_all_of_its_column_are(
    cells: str, kind: str, expected: list[object], tmp_path: Path
) -> None:
    features = read(tmp_path, "x;y;v\n" + "".join(f"1;2;{cell}\n" for cell in cells.split("|")))
    assert features.field("v").type == f"esriFieldType{kind}"
    assert values(features, "v") == expected


def test_csv_decimal_commas_need_semicolons(tmp_path: Path) -> None:
    features = read(tmp_path, 'x\ty\tv\n1\t2\t"1,5"\n')
    assert features.columns["v"].tolist() == ["1,5"]


def test_csv_row_without_coordinates_has_no_shape(tmp_path: Path) -> None:
    text = "lon,lat\n1,2\n,\nNA,NA\n3,\n999,999\n"
    assert [g and g.wkt for g in read(tmp_path, text).geometries] == ["POINT (1 2)", *[None] * 4]
    assert said(tmp_path, text) == [
        "1 row has a value in only one of lon and lat; its shape is null.",
        "1 row has no longitude and latitude, such as lon 999 and lat 999; its shape is null.",
    ]


HEIGHTS = [
    ("x,y,z\n1,2,3\n1,2,\n", ["POINT Z (1 2 3)", "POINT (1 2)"], []),
    ("x,y,z\n1,2,hill\n", ["POINT (1 2)"], ["z"]),
    ("x,y,z\n1,2,\n", ["POINT (1 2)"], ["z"]),
    ("x,y,elevation\n1,2,3\n", ["POINT (1 2)"], ["elevation"]),
]


@pytest.mark.parametrize(("text", "expected", "fields"), HEIGHTS)
def test_csv_heights_are_those_of_column_z(
    text: str, expected: list[str], fields: list[str], tmp_path: Path
) -> None:
    features = read(tmp_path, text)
    assert [g.wkt for g in features.geometries] == expected
    assert [f.name for f in features.fields] == fields


HALF_CIRCLE = math.pi / 2
CURVES = [
    ("CIRCULARSTRING (0 0, 1 1, 2 0)", "length", math.pi),
    ("COMPOUNDCURVE (CIRCULARSTRING (0 0, 1 1, 2 0), (2 0, 5 0))", "length", math.pi + 3),
    ("MULTICURVE ((0 0, 0 4), CIRCULARSTRING (0 0, 1 1, 2 0))", "length", math.pi + 4),
    ("CURVEPOLYGON (CIRCULARSTRING (0 0, 1 1, 2 0, 1 -1, 0 0))", "area", math.pi),
    ("CURVEPOLYGON (COMPOUNDCURVE (CIRCULARSTRING (0 0, 1 1, 2 0), (2 0, 0 0)))", "area", HALF_CIRCLE),
    ("CURVEPOLYGON (CIRCULARSTRING (0 0, 2 0, 0 0))", "area", math.pi),
    (
        "MULTISURFACE (CURVEPOLYGON (CIRCULARSTRING (0 0, 1 1, 2 0, 1 -1, 0 0)), ((9 0, 9 1, 8 0, 9 0)))",
        "area",
        math.pi + 0.5,
    ),
    ("SRID=4326;CIRCULARSTRING Z (0 0 1, 1 1 2, 2 0 3)", "length", math.pi),
    ("CIRCULARSTRINGZ(0 0 1, 1 1 2, 2 0 3)", "length", math.pi),
    ("circularstring m (0 0 1, 1 1 2, 2 0 3)", "length", math.pi),
]


@pytest.mark.parametrize(("wkt", "measure", "expected"), CURVES)
def test_csv_arcs_get_vertices(wkt: str, measure: str, expected: float, tmp_path: Path) -> None:
    text = f'wkt\n"{wkt}"\n'
    (shape,) = read(tmp_path, text).geometries
    assert getattr(shape, measure) == pytest.approx(expected, rel=1e-3)
    assert said(tmp_path, text) == ["1 shape has arcs, which were given vertices."]


def test_csv_faces_are_polygons(tmp_path: Path) -> None:
    features = read(tmp_path, 'wkt\n"TRIANGLE ((0 0, 2 0, 0 2, 0 0))"\n"TIN (((0 0, 2 0, 0 2, 0 0)))"\n')
    assert shapely.area(features.geometries).tolist() == [2, 2]


UNREADABLE = [
    "CIRCULARSTRING (0 0, 1 1)",
    "CIRCULARSTRING (0 0, 1 1, 2",
    "CURVEPOLYGON (POINT (1 2))",
    "CURVEPOLYGON ((0 0, 1 1))",
    "GEOMETRYCOLLECTION (CIRCULARSTRING (0 0, 1 1, 2 0))",
    "POLYGON ((0 0, 1 1, 2 0))",
    "CIRCULARSTRING " + "(" * 5000,
    "0108000000030000000000000000000000000000000000000000000000",
]


@pytest.mark.parametrize("wkt", UNREADABLE)
def test_csv_shape_that_cannot_be_read_is_null_and_told(wkt: str, tmp_path: Path) -> None:
    text = f'wkt\nPOINT (1 2)\n"{wkt}"\n'
    assert [g and g.wkt for g in read(tmp_path, text).geometries] == ["POINT (1 2)", None]
    assert said(tmp_path, text) == ["1 row has no WKT that can be read; its shape is null."]


def test_csv_marks_texts_that_a_spreadsheet_would_calculate() -> None:
    told: list[str] = []
    texts = ["=1+1", "+49 30", "-x", "@SUM(A1)", "plain", "\tx"]
    features = FeatureSet.of([shapely.Point(1, 2)] * 6, WGS84, {"t": texts, "n": [-1, -2, 0, 1, 2, 3]})
    written = write_features(features, "CSV", warn=told.append).read_text(encoding="utf-8").splitlines()
    assert written[:3] == ["longitude,latitude,t,n", "1.0,2.0,'=1+1,-1", "1.0,2.0,'+49 30,-2"]
    assert [line.split(",")[2][0] for line in written[1:]] == ["'", "'", "'", "'", "p", "'"]
    assert told == ["5 texts that a spreadsheet would take for formulas were written with an apostrophe."]


def test_csv_fields_with_the_names_of_coordinates_are_renamed_and_come_back() -> None:
    told: list[str] = []
    columns = {"X": [7], "y": [8], "x_1": [9], "lat": [3], "srid": [5]}
    features = FeatureSet.of([shapely.Point(1, 2)], SpatialReference(3857), columns)
    path = write_features(features, "CSV", warn=told.append)
    assert path.read_text(encoding="utf-8").splitlines()[0] == "x,y,srid,X_2,y_1,x_1,lat,srid_1"
    assert told == ["CSV fields were renamed: X to X_2, y to y_1, srid to srid_1."]
    again = read_features(path)
    assert (again.spatial_reference, again.geometries[0].wkt) == (SpatialReference(3857), "POINT (1 2)")
    assert again.columns["X_2"].tolist() == [7]


def test_csv_lists_and_objects_are_json() -> None:
    features = FeatureSet.of([shapely.Point(1, 2)], WGS84, {"tags": [["a", "b"]], "more": [{"n": None}]})
    lines = write_features(features, "CSV").read_text(encoding="utf-8").splitlines()
    assert lines[1] == '1.0,2.0,"[""a"",""b""]","{""n"":null}"'
