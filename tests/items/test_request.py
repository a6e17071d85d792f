"""The value of `esri_out_feature_service_name`: a name, or JSON as ArcGIS Enterprise 11 takes it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gpserverless.errors import InvalidParameter
from gpserverless.items.request import ServiceRequest, read_request
from tests.items.rig import ROOT

ID = "0123456789abcdef" * 2


def write(service: Any = None, item: Any = None) -> str:
    parts = {"serviceProperties": service, "itemProperties": item}
    return json.dumps({name: part for name, part in parts.items() if part is not None})


WISHES = [
    ("", None),
    ("  ", None),
    ("Parcels_2", ServiceRequest("Parcels_2")),
    ("a" * 120, ServiceRequest("a" * 120)),
    (write({"name": "Parcels"}), ServiceRequest("Parcels")),
    ('{"SERVICEPROPERTIES": {"Name": "Parcels"}}', ServiceRequest("Parcels")),
    (write({"name": "P"}, {"overwrite": True}), ServiceRequest("P", overwrite=True)),
    (write({"name": "P"}, {"overwrite": "true"}), ServiceRequest("P", overwrite=True)),
    (
        write({"name": "P"}, {"overwrite": True, "newFeatureServiceOnOverwriteFail": True}),
        ServiceRequest("P", overwrite=True, renames=True),
    ),
    (
        write({"name": "P"}, {"itemId": ID, "overwrite": True}),
        ServiceRequest("P", ID, must_exist=True, overwrite=True),
    ),
    (
        write({"name": "Other", "serviceUrl": f"{ROOT}/rest/services/Hosted/Parcels/FeatureServer"}),
        ServiceRequest("Parcels", must_exist=True),
    ),
    (
        write({"name": "P"}, {"tags": "roads, rivers,roads", "description": "Text", "snippet": "S"}),
        ServiceRequest("P", tags=("roads", "rivers"), description="Text", snippet="S"),
    ),
    (write({"name": "P"}, {"tags": ["a", " b "]}), ServiceRequest("P", tags=("a", "b"))),
]


@pytest.mark.parametrize(("text", "expected"), WISHES, ids=lambda each: str(each)[:40])
def test_wish_is_read_in_both_forms(text: str, expected: ServiceRequest | None) -> None:
    assert read_request(text, ROOT) == expected


REFUSED = [
    *("a" * 121, "12", "a/b", "..", "a.b", "a b", "<b>", "a?", "a#", "a\\b", "a\n1", "é", "a\x00", "[1]"),
    *("{", "{}", "{name: 1", write({}), write({"name": ""}), write({"name": "a/b"}), write({"name": 3})),
    *(write([1]), write({"name": "P"}, "x"), write({"name": "P", "colour": 1}), '{"name": "P"}'),
    *(write({"name": "P"}, {"overwrite": "perhaps"}), write({}, {"overwrite": True})),
    *(write({"name": "P"}, {"itemId": "no-id"}), write({"name": "P"}, {"tags": [1]})),
    write({"name": "P"}, {"tags": ["t"] * 2 + [str(n) for n in range(101)]}),
    write({"name": "P"}, {"tags": "t" * 129}),
    write({"name": "P"}, {"description": "d" * 10_001}),
    write({"serviceUrl": "https://elsewhere.test/arcgis/rest/services/Hosted/Parcels/FeatureServer"}),
    write({"serviceUrl": f"{ROOT}.evil.test/rest/services/Hosted/Parcels/FeatureServer"}),
    write({"serviceUrl": f"{ROOT}/rest/services/Hosted/../FeatureServer"}),
    write({"serviceUrl": f"{ROOT}/rest/services/Hosted/Parcels/MapServer"}),
]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:40])
def test_anything_else_is_refused_with_the_name_of_the_parameter(text: str) -> None:
    with pytest.raises(InvalidParameter, match="Parameter 'esri_out_feature_service_name': ") as refused:
        read_request(text, ROOT)
    assert "Accepted: " in str(refused.value)
