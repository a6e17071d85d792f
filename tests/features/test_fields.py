"""Fields as Esri JSON describes them."""

from __future__ import annotations

from typing import Any

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import FIELD_TYPES, Field, distinguish_names


@pytest.mark.parametrize("kind", sorted(FIELD_TYPES))
def test_field_of_every_type_survives_json(kind: str) -> None:
    field = Field("A", kind, "An A", 10, nullable=True, domain={"type": "range", "range": [0, 1]})
    assert Field.from_json(field.to_json()) == field


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"name": "A"}, Field("A", "esriFieldTypeString")),
        ({"name": "A", "type": None, "alias": None}, Field("A")),
        ({"name": "A", "type": "esriFieldTypeOID", "length": 8}, Field("A", "esriFieldTypeOID", length=8)),
        ({"name": "A", "sqlType": "sqlTypeOther", "editable": True, "length": True}, Field("A")),
    ],
)
def test_field_leaves_missing_members_open(value: Any, expected: Field) -> None:
    assert Field.from_json(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        [],
        {},
        {"name": ""},
        {"name": 5},
        {"name": "A", "type": "esriFieldTypeTree"},
        {"name": "A", "type": 3},
    ],
)
def test_malformed_field_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue):
        Field.from_json(value)


def test_field_json_has_an_alias_and_of_texts_a_length() -> None:
    assert Field("A").to_json() == {"name": "A", "type": "esriFieldTypeString", "alias": "A", "length": 255}
    assert Field("B", "esriFieldTypeDouble").to_json() == {
        "name": "B",
        "type": "esriFieldTypeDouble",
        "alias": "B",
    }


@pytest.mark.parametrize(
    ("kind", "calculable"),
    [("Integer", True), ("Double", True), ("OID", True), ("Date", False), ("String", False), ("GUID", False)],
)
def test_is_number_excludes_dates_and_texts(kind: str, calculable: bool) -> None:
    assert Field("A", "esriFieldType" + kind).is_number is calculable


@pytest.mark.parametrize(
    ("names", "taken", "expected"),
    [
        (["a", "b"], [], ["a", "b"]),
        (["a", "A", "a_1", "a"], [], ["a", "A_2", "a_1", "a_3"]),
        (["X", "y"], ["x"], ["X_1", "y"]),
        (["x"] * 3, ["x_1"], ["x", "x_2", "x_3"]),
    ],
)
def test_names_differ_in_more_than_letter_case(
    names: list[str], taken: list[str], expected: list[str]
) -> None:
    assert distinguish_names(names, taken) == expected
