"""CSV: columns of coordinates under many names, types by their values, and formulas that are none."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.files.read import read_features
from gpserverless.formats.files.write import write_features
from gpserverless.values.spatial_reference import SpatialReference

WGS84 = SpatialReference(4326)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def read(tmp_path: Path, text: str, encoding: str = "utf-8") -> FeatureSet[shapely.Geometry]:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    return read_features(path)


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
    ("x,X\n1,2\n", "must name every column, each differently"),
    ("", "no columns of coordinates"),
    ('x,y,t\n1,2,"a\n', "cannot be read"),
    ("x,y\n1,nan\n", "holds no number"),
    ("x,y\n1,1e999\n", "not finite"),
]


@pytest.mark.parametrize(("text", "problem"), MISTAKES)
def test_csv_mistake_is_named_with_its_row(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=problem):
        read(tmp_path, text)


def test_csv_in_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="cannot be read"):
        read(tmp_path, "x,y,t\n1,2,é\n", "latin-1")


def test_csv_marks_texts_that_a_spreadsheet_would_calculate() -> None:
    said: list[str] = []
    texts = ["=1+1", "+49 30", "-x", "@SUM(A1)", "plain", "\tx"]
    features = FeatureSet.of([shapely.Point(1, 2)] * 6, WGS84, {"t": texts, "n": [-1, -2, 0, 1, 2, 3]})
    written = write_features(features, "CSV", warn=said.append).read_text(encoding="utf-8").splitlines()
    assert written[:3] == ["longitude,latitude,t,n", "1.0,2.0,'=1+1,-1", "1.0,2.0,'+49 30,-2"]
    assert [line.split(",")[2][0] for line in written[1:]] == ["'", "'", "'", "'", "p", "'"]
    assert said == ["5 texts that a spreadsheet would take for formulas were written with an apostrophe."]
