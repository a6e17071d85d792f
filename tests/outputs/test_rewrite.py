"""Stored results in another spatial reference than the stored one."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gpserverless.datatypes.base import DumpOptions
from gpserverless.datatypes.features import GPFeatureRecordSetLayer
from gpserverless.outputs.rewrite import rewrite_result

MERCATOR = {"wkid": 102100}


def rewrite(*geometries: Any, out_sr: Any = MERCATOR, **named: Any) -> Any:
    features = [{"attributes": {"OBJECTID": n}, "geometry": g} for n, g in enumerate(geometries, 1)]
    value = {"spatialReference": {"wkid": 4326}, "features": features, **named}
    value["fields"] = [{"name": "OBJECTID", "type": "esriFieldTypeOID"}]
    body = orjson.dumps({"paramName": "zones", "dataType": "GPFeatureRecordSetLayer", "value": value})
    return orjson.loads(rewrite_result(body, GPFeatureRecordSetLayer(), DumpOptions(out_sr)))


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
