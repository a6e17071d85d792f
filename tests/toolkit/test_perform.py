"""Outputs of a run in their final form."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import orjson
import pytest

from gpserverless import AttributeField, TimeFields, tool
from gpserverless.datatypes.base import DumpOptions
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.scalars import GPString
from gpserverless.errors import ToolCrashed
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.layer_time import LayerTime
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.query import LayerFilter
from gpserverless.featurelayers.select import count_rows
from gpserverless.features.feature_set import Table
from gpserverless.features.fields import DATE
from gpserverless.outputs.rewrite import encode_result, rewrite_result
from gpserverless.toolkit.call import Call, CallOptions, Output
from gpserverless.toolkit.layers import write_output_layer
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import Run
from gpserverless.toolkit.spec import Parameter
from tests.tools.tool_run import toolbox

POINT = {"x": 1 / 3, "y": -1 / 3}
ROWS = Table().with_columns({"name": ["A", "B"]})
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


def buffer(folder: Path, *, with_layers: bool, max_records: int = 2, **options: Any) -> Output:
    """Return the zones of three points, of which the JSON may show two."""
    box = toolbox("Samples")
    points = [{"attributes": {}, "geometry": {"x": 500_000 + 1000 * n, "y": 5_800_000}} for n in range(3)]
    rows = {"geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 25832}, "features": points}
    values = {"points": json.dumps(rows), "distance": '{"distance": 10, "units": "esriMeters"}'}
    call = Call("Samples", "BufferPoints", values, CallOptions(**options), with_layers=with_layers)
    limits = replace(box.spec.limits, max_records=max_records)
    outputs = perform(box.tools["BufferPoints"], call, limits, Run(), folder)
    return next(each for each in outputs if each.data_type == "GPFeatureRecordSetLayer")


def test_job_has_every_feature_in_a_layer_even_where_its_json_is_cut(tmp_path: Path) -> None:
    output = buffer(tmp_path, with_layers=True)
    assert isinstance(output.body, bytes)
    value = orjson.loads(output.body)["value"]
    assert (len(value["features"]), value["exceededTransferLimit"]) == (0, True)
    assert output.layer is not None
    manifest = output.layer.manifest
    assert (manifest.count, manifest.geometry_type) == (3, "esriGeometryPolygon")
    assert manifest.size == output.layer.path.stat().st_size
    with LayerFile(output.layer.path) as layer:
        assert layer.manifest == manifest
        assert count_rows(layer, LayerFilter()) == 3


def test_layer_is_in_the_reference_of_the_outputs(tmp_path: Path) -> None:
    layer = buffer(tmp_path, with_layers=True, out_sr={"wkid": 3857}).layer
    assert layer is not None
    assert layer.manifest.spatial_reference == {"wkid": 102100, "latestWkid": 3857}
    assert layer.manifest.extent is not None
    assert layer.manifest.extent[0] == pytest.approx(1_001_875, abs=20)  # longitude 9


def test_execute_writes_no_layer(tmp_path: Path) -> None:
    assert buffer(tmp_path, with_layers=False).layer is None


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        (
            Parameter("zones", "Zones", "", GPFeatureRecordSetLayer()),
            None,
            ("Zones", "esriGeometryPolygon", 0),
        ),
        (Parameter("rows", "Rows", "", GPRecordSet()), None, ("Rows", "", 0)),
        (Parameter("rows", "Rows", "", GPRecordSet()), ROWS, ("Rows", "", 2)),
        (Parameter("many", "Many", "", GPMultiValue(GPFeatureRecordSetLayer())), [None], None),
        (Parameter("text", "Text", "", GPString()), "x", None),
    ],
    ids=["no features", "no rows", "rows", "list of features", "text"],
)
def test_outputs_that_have_layers(
    tmp_path: Path, parameter: Parameter, value: Any, expected: tuple[str, str, int] | None
) -> None:
    layer = write_output_layer(parameter, parameter.data_type.name, value, tmp_path, None)
    found = layer and (layer.manifest.name, layer.manifest.geometry_type, layer.manifest.count)
    assert found == expected


@tool
def date_wells(count: int, run: Run) -> Annotated[Table, TimeFields("began", "ENDED")]:
    """List the times of wells.

    Args:
        count: Number of rows; none of them for the wrong fields.
    """
    names = ("BEGAN", "ENDED") if count else ("FIRST", "LAST")
    days = np.arange(count or 1) * 86_400_000
    return Table().with_columns(
        {name: days + place for place, name in enumerate(names)}, [AttributeField(n, DATE) for n in names]
    )


def test_layer_has_the_time_that_its_tool_declares(tmp_path: Path) -> None:
    call = Call("Test", "DateWells", {"count": "3"}, with_layers=True)
    (output,) = perform(date_wells, call, Limits.sync(), Run(), tmp_path)
    assert output.layer is not None
    time = output.layer.manifest.time
    assert time == LayerTime("BEGAN", "ENDED", (0, 2 * 86_400_000 + 1))
    assert (
        LayerManifest.from_document(orjson.loads(orjson.dumps(output.layer.manifest.to_document()))).time
        == time
    )


def test_tool_must_return_the_time_that_it_declares(tmp_path: Path) -> None:
    call = Call("Test", "DateWells", {"count": "0"}, with_layers=True)
    with pytest.raises(ToolCrashed, match="'output' is wrong: it has no field of dates 'began'"):
        list(perform(date_wells, call, Limits.sync(), Run(), tmp_path))
