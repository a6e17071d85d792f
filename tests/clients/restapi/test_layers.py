"""bmi-arcgis-restapi: reads a hosted layer and a job's map whole, by pages and by ranges of ids."""

from __future__ import annotations

import json
import math
import os
import re
import struct
from pathlib import Path
from typing import Any

import pytest
import restapi

LAYER, MAP = os.environ["PARCELS"], os.environ["PARCELS_MAP"]
FOLDER = Path(os.environ["PARCELS_FOLDER"])
ANSWERS: dict[str, Any] = json.loads((FOLDER / "answers.json").read_text(encoding="utf-8"))
SERVICE = LAYER.rpartition("/")[0]
SERVICES = f"{os.environ['SITE']}/arcgis/rest/services"
CONDITION = "POP >= 500 AND KIND IN ('a', 'b') AND NAME IS NOT NULL"
BOX = {"xmin": 505_050, "ymin": 5_604_980, "xmax": 509_020, "ymax": 5_608_010}


@pytest.fixture(scope="module")
def plain() -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads((FOLDER / "plain.json").read_text(encoding="utf-8"))[
        "features"
    ]
    return features


@pytest.fixture(scope="module")
def layer() -> Any:
    return restapi.FeatureLayer(LAYER)


def ids_of(features: Any) -> list[int]:
    return sorted(feature["attributes"]["OBJECTID"] for feature in features.json["features"])


def test_server_lists_the_service() -> None:
    server = restapi.ArcServer(SERVICES)
    assert "Hosted" in server.folders
    assert SERVICE in server.list_services()


def test_service_describes_its_layer() -> None:
    service = restapi.FeatureService(SERVICE)
    assert [each.name for each in service.layers] == ["Out Feature Class"]
    assert service.layer(0).list_fields() == ["OBJECTID", "NAME", "KIND", "POP", "WORTH", "DAY"]


@pytest.mark.timeout(600)  # its objects take 20 s of processor time
def test_layer_is_read_whole(layer: Any, plain: list[dict[str, Any]]) -> None:
    read = layer.query(exceed_limit=True, f="json").json["features"]
    found = sorted(json.loads(json.dumps(read)), key=lambda feature: feature["attributes"]["OBJECTID"])
    assert len(found) == len(plain)
    for one, other in zip(found, plain, strict=True):
        assert one["attributes"] == other["attributes"]
        assert one.get("geometry") == other["geometry"]


def test_map_of_the_job_has_the_same_rows() -> None:
    number = restapi.MapService(MAP).layers[0].id
    layer = restapi.FeatureLayer(f"{MAP}/{number}")
    assert (
        ids_of(layer.query(where=CONDITION, fields="OBJECTID", exceed_limit=True, f="json"))
        == ANSWERS["where"]
    )


def test_ranges_of_ids_hold_every_feature(layer: Any, plain: list[dict[str, Any]]) -> None:
    counts = [
        layer.query(where=condition, returnCountOnly=True, f="json")["count"]
        for condition in layer.iter_queries()
    ]
    assert sum(counts) == len(plain)
    assert len(counts) == math.ceil(len(plain) / layer.json.maxRecordCount)


def test_condition_chooses_rows(layer: Any) -> None:
    assert ids_of(layer.query(where=CONDITION, exceed_limit=True, f="json")) == ANSWERS["where"]


def test_box_chooses_rows(layer: Any) -> None:
    found = layer.select_by_location(BOX, geometryType="esriGeometryEnvelope", f="json")
    assert ids_of(found) == ANSWERS["box"]
    found = layer.select_by_location(BOX, geometryType="esriGeometryEnvelope", where=CONDITION, f="json")
    assert ids_of(found) == ANSWERS["both"]


def test_statistics_of_groups(layer: Any) -> None:
    asked = [("count", "OBJECTID", "COUNT"), ("sum", "POP", "SUM"), ("avg", "WORTH", "AVG")]
    asked += [("stddev", "WORTH", "DEVIATION"), ("max", "DAY", "LAST")]
    names = ("statisticType", "onStatisticField", "outStatisticFieldName")
    statistics = json.dumps([dict(zip(names, each, strict=True)) for each in asked])
    more = {"outStatistics": statistics, "groupByFieldsForStatistics": "KIND", "f": "json"}
    rows = [each["attributes"] for each in layer.query(**more).json["features"]]
    assert {row["KIND"] for row in rows} == set("abcde")
    for row in rows:
        expected = ANSWERS["kinds"][row["KIND"]]
        assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-12)


def test_map_is_exported(tmp_path: Path) -> None:
    file = tmp_path / "map.png"
    restapi.MapService(MAP).export(str(file), size="200,100", format="png32", transparent=True)
    picture = file.read_bytes()
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert (width, height) == (200, 100)


def test_page_beyond_the_limit_says_that_there_is_more(layer: Any) -> None:
    first = layer.query(f="json")
    assert len(first.json["features"]) == layer.json.maxRecordCount
    assert first.json["exceededTransferLimit"] is True


def test_example_in_the_documents_runs() -> None:
    text = (Path(__file__).parents[3] / "docs/how-to/read-result-services.md").read_text(encoding="utf-8")
    (example,) = (code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "restapi" in code)
    names: dict[str, Any] = {}
    exec(example.replace("http://127.0.0.1:8000", os.environ["SITE"]), names)
    assert len(names["parcels"].json["features"]) == 900
