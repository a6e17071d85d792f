"""Values that have no column type of Esri's: lists, objects, times, long texts, odd dates and numbers."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DATE, DATE_ONLY, OID, STRING
from gpserverless.formats.files.read import read_features


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def read(*properties: dict[str, Any], ids: list[Any] | None = None) -> tuple[FeatureSet[Any], list[str]]:
    point = {"type": "Point", "coordinates": [10, 50]}
    features = [{"type": "Feature", "properties": each, "geometry": point} for each in properties]
    for feature, number in zip(features, ids or [], strict=bool(ids)):
        feature["id"] = number
    path = Path(tempfile.mkdtemp()) / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    said: list[str] = []
    return read_features(path, warn=said.append), said


@pytest.mark.parametrize(
    "value",
    [
        [1, 2, 3],
        [1.5, 2],
        [2**40, 1],
        ["a", "b"],
        ['with "quotes"', "Süd", "a, b"],
        [True, False],
        [None, 1],
        [],
        [[1, 2], [3]],
        [{"a": 1}],
        ["a", 1],
        {"a": {"b": [1, 2]}},
    ],
)
def test_lists_and_objects_are_json(value: Any) -> None:
    features, said = read({"v": value}, {"v": None})
    text, none = features.columns["v"].tolist()
    assert (json.loads(text), none, features.field("v").type, said) == (value, None, STRING, [])


def test_fields_that_differ_by_letter_case_both_survive() -> None:
    features, said = read({"Name": "a", "name": 1})
    assert {n: c.tolist() for n, c in features.columns.items()} == {"Name": ["a"], "name_1": [1]}
    assert said == ["Fields of one name were renamed: name to name_1."]


@pytest.mark.parametrize(("length", "told"), [(255, None), (256, 256), (70_000, 70_000)])
def test_long_text_says_its_length(length: int, told: int | None) -> None:
    features, _ = read({"v": "ü" * length}, {"v": "short"})
    assert features.field("v").length == told


def test_date_and_a_time_that_are_impossible() -> None:
    features, said = read({"v": "2020-01-02T00:00:00Z"}, {"v": "2020-02-30T10:00:00Z"})
    assert (features.field("v").type, features.columns["v"].tolist()) == (DATE, [1577923200000, None])
    assert said == ["Field v: 1 value is no date of the calendar; null is read instead."]


def test_impossible_days_leave_dates_as_texts() -> None:
    features, said = read({"v": "2020-01-02"}, {"v": "2020-02-30"})
    assert features.columns["v"].tolist() == ["2020-01-02", "2020-02-30"]
    assert len(said) == 1
    assert said[0].startswith("Dates are read as texts, since one of them is impossible")


def test_times_of_day_are_texts() -> None:
    features, _ = read({"t": "10:30:00", "d": "2020-01-02"})
    assert (features.columns["t"].tolist(), features.field("d").type) == (["10:30:00"], DATE_ONLY)


@pytest.mark.parametrize("numbers", [[101, 205], [1, 2], [7, 3]])
def test_numbers_of_features_are_object_ids(numbers: list[int]) -> None:
    features, _ = read({"a": "x"}, {"a": "y"}, ids=numbers)
    assert (features.field("id").type, features.columns["id"].tolist()) == (OID, numbers)


def test_texts_of_features_are_a_field() -> None:
    features, _ = read({"a": "x"}, {"a": "y"}, ids=["north", "south"])
    assert features.columns["id"].tolist() == ["north", "south"]


def test_id_among_the_properties_stays() -> None:
    features, _ = read({"id": 9}, {"id": 8}, ids=[101, 205])
    assert features.columns["id"].tolist() == [9, 8]


def test_integers_beyond_doubles_stay_exact_beside_a_null() -> None:
    features, _ = read({"Id": 2**60 + 1, "id": 1}, {"Id": None, "id": 2})
    assert features.columns["Id"].tolist() == [2**60 + 1, None]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"type": "Topology", "objects": {}}', "the file cannot be read: a.geojson not recognized"),
        (b'{"title": "no features"}', "the file cannot be read: a.geojson not recognized"),
        (b'{"type": "FeatureCollection", "features": [', "Unexpected end|Unterminated|not recognized"),
    ],
)
def test_other_json_is_refused_without_advice_to_programmers(content: bytes, told: str) -> None:
    path = Path(tempfile.mkdtemp()) / "a.geojson"
    path.write_bytes(content)
    with pytest.raises(InvalidValue, match=told) as caught:
        read_features(path)
    assert "driver" not in caught.value.problem.lower()


def test_texts_that_are_not_in_utf_8_are_told() -> None:
    path = Path(tempfile.mkdtemp()) / "a.geojson"
    feature = '{"type":"Feature","properties":{"a":"Köln"},"geometry":{"type":"Point","coordinates":[1,2]}}'
    path.write_bytes(feature.encode("cp1252"))
    with pytest.raises(InvalidValue, match="its texts are not in UTF-8"):
        read_features(path)
