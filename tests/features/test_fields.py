"""Fields as Esri JSON describes them."""

from __future__ import annotations

from typing import Any

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import FIELD_TYPES, Field


@pytest.mark.parametrize("kind", sorted(FIELD_TYPES))
def test_every_type_survives(kind: str) -> None:
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
def test_what_is_not_said_is_left_open(value: Any, expected: Field) -> None:
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
def test_what_is_no_field_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue):
        Field.from_json(value)


def test_texts_always_say_their_length_and_everything_has_an_alias() -> None:
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
def test_dates_and_texts_are_no_numbers(kind: str, calculable: bool) -> None:
    assert Field("A", "esriFieldType" + kind).is_number is calculable
