"""Outputs of a run in their final form."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from gpserverless.datatypes.base import DumpOptions
from gpserverless.datatypes.features import GPFeatureRecordSetLayer
from gpserverless.outputs.rewrite import encode_result, rewrite_result
from gpserverless.toolkit.call import Call, CallOptions
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import Run
from tests.tools.tool_run import toolbox

POINT = {"x": 1 / 3, "y": -1 / 3}
FEATURES = {"spatialReference": {"wkid": 4326}, "features": [{"attributes": {}, "geometry": POINT}]}


def project(folder: Path, precision: int | None) -> bytes:
    """Return the output of Project to Web Mercator under a service of such a precision."""
    box = toolbox("Analysis")
    values = {"in_dataset": json.dumps(FEATURES), "out_coor_system": "4326"}
    limits = replace(box.spec.limits, geometry_precision=precision)
    call = Call("Analysis", "Project", values, CallOptions())
    (output,) = perform(box.tools["Project"], call, limits, Run(), folder)
    assert isinstance(output.body, bytes)
    return output.body


def find_geometry(body: bytes) -> Any:
    return orjson.loads(body)["value"]["features"][0]["geometry"]


@pytest.mark.parametrize(("precision", "x"), [(None, 0.333333333), (2, 0.33), (0, 0.0), (12, 0.333333333333)])
def test_outputs_have_the_precision_of_their_service(tmp_path: Path, precision: int | None, x: float) -> None:
    assert find_geometry(project(tmp_path, precision)) == {"x": x, "y": -x}


def test_stored_result_keeps_the_precision_in_other_forms(tmp_path: Path) -> None:
    body = project(tmp_path, None)
    mercator = DumpOptions(out_sr={"wkid": 3857}, geometry_precision=1)
    # x of longitude 1/3 on the sphere of Web Mercator: 6378137 * radians(1/3)
    assert find_geometry(rewrite_result(body, GPFeatureRecordSetLayer(), mercator))["x"] == 37106.5
    (feature,) = orjson.loads(
        encode_result("geojson", body, GPFeatureRecordSetLayer(), DumpOptions(geometry_precision=3))
    )["features"]
    assert feature["geometry"]["coordinates"] == [0.333, -0.333]
