"""Stored results in another spatial reference than the stored one."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gpserverless.datatypes.base import DumpOptions
from gpserverless.datatypes.features import GPFeatureRecordSetLayer
from gpserverless.outputs.rewrite import rewrite_result, rewrite_with_warnings

MERCATOR = {"wkid": 102100}
TO_MERCATOR = DumpOptions(MERCATOR)


def make_result(*geometries: Any, **named: Any) -> bytes:
    features = [{"attributes": {"OBJECTID": n}, "geometry": g} for n, g in enumerate(geometries, 1)]
    value = {"spatialReference": {"wkid": 4326}, "features": features, **named}
    value["fields"] = [{"name": "OBJECTID", "type": "esriFieldTypeOID"}]
    value.setdefault("exceededTransferLimit", False)
    return orjson.dumps({"paramName": "zones", "dataType": "GPFeatureRecordSetLayer", "value": value})


def rewrite(*geometries: Any, options: DumpOptions = TO_MERCATOR, **named: Any) -> Any:
    return orjson.loads(rewrite_result(make_result(*geometries, **named), GPFeatureRecordSetLayer(), options))


def test_stored_polygon_across_180_keeps_its_width() -> None:
    rings = [[[170, 0], [170, 10], [190, 10], [190, 0], [170, 0]]]
    result = rewrite({"rings": rings}, geometryType="esriGeometryPolygon")
    xs = [x for x, _ in result["value"]["features"][0]["geometry"]["rings"][0]]
    assert (min(xs), max(xs)) == pytest.approx((18924313.4349, 21150703.2507), abs=1e-3)
    assert "messages" not in result


def test_stored_shape_without_a_place_is_null_and_said_with_the_result() -> None:
    result = rewrite({"x": 0, "y": 90}, {"x": 1, "y": 1}, geometryType="esriGeometryPoint")
    assert result["value"]["features"][0]["geometry"] is None
    assert result["messages"] == [
        {
            "type": "esriJobMessageTypeWarning",
            "description": "1 feature has no place in the spatial reference 102100; its shape is null.",
        }
    ]


def test_warnings_can_stand_apart_from_the_result() -> None:
    body = make_result({"x": 0, "y": 90}, geometryType="esriGeometryPoint")
    written, warnings = rewrite_with_warnings(body, GPFeatureRecordSetLayer(), TO_MERCATOR)
    assert list(orjson.loads(written)) == ["paramName", "dataType", "value"]
    assert warnings == ["1 feature has no place in the spatial reference 102100; its shape is null."]


@pytest.mark.parametrize("exceeded", [False, True])
@pytest.mark.parametrize("as_collection", [False, True])
def test_rewritten_features_still_say_that_there_are_more(exceeded: bool, as_collection: bool) -> None:
    options = DumpOptions(MERCATOR, as_collection=as_collection)
    point, kind = {"x": 1, "y": 1}, "esriGeometryPoint"
    result = rewrite(point, options=options, geometryType=kind, exceededTransferLimit=exceeded)
    features = result["value"]["featureSet"] if as_collection else result["value"]
    assert features["exceededTransferLimit"] is exceeded
