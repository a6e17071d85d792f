"""GDAL, as pyogrio has it: reads a layer of many pages whole, and asks for counts and extents."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
import pyproj
import pytest
import shapely
from pyogrio import read_info
from pyogrio.raw import read

FOLDER = Path(os.environ["PARCELS_FOLDER"])
ANSWERS: dict[str, Any] = json.loads((FOLDER / "answers.json").read_text(encoding="utf-8"))
BOX = "505050,5604980,509020,5608010"


def source(driver: str = "ESRIJSON", **more: str) -> str:
    """Return the name of the layer for a driver, with parameters of the query."""
    fields = {"where": "1%3D1", "outFields": "*", "f": "json", **more}
    query = "&".join(f"{name}={value}" for name, value in fields.items())
    return f"{driver}:{os.environ['PARCELS']}/query?{query}"


def read_columns(name: str) -> dict[str, Any]:
    """Read a source; return its columns and its shapes, in the order of the ids."""
    described, _, shapes, columns = read(name)
    table = dict(zip(described["fields"].tolist(), columns, strict=True))
    order = np.argsort(table["OBJECTID"])
    return {**{name: column[order] for name, column in table.items()}, "shapes": shapes[order]}


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / "plain.json").read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return read_columns(source())


def test_every_value_is_that_of_the_plain_result(plain: dict[str, Any], whole: dict[str, Any]) -> None:
    rows = [feature["attributes"] for feature in plain["features"]]
    for name in ("OBJECTID", "NAME", "KIND", "POP", "WORTH"):
        assert whole[name].tolist() == [row[name] for row in rows], name
    assert whole["DAY"].astype("datetime64[ms]").astype(int).tolist() == [row["DAY"] for row in rows]


def test_every_shape_is_that_of_the_plain_result(plain: dict[str, Any], whole: dict[str, Any]) -> None:
    shapes = find_shapes(plain, whole["OBJECTID"].tolist())
    found = shapely.from_wkb(whole["shapes"])
    missing = shapely.is_missing(shapes)
    assert 0 < missing.sum() < 20
    assert (shapely.is_missing(found) == missing).all()
    assert shapely.equals(found[~missing], shapes[~missing]).all()


def test_layer_describes_itself(plain: dict[str, Any]) -> None:
    described = read_info(source())
    assert described["crs"] == "EPSG:25832"
    assert described["features"] == len(plain["features"])
    assert described["geometry_type"] in ("Polygon", "MultiPolygon")


def test_condition_chooses_rows() -> None:
    condition = "POP >= 500 AND KIND IN ('a', 'b') AND NAME IS NOT NULL".replace(" ", "%20")
    assert read_columns(source(where=condition))["OBJECTID"].tolist() == ANSWERS["where"]


def test_box_chooses_rows() -> None:
    assert read_columns(source(geometry=BOX))["OBJECTID"].tolist() == ANSWERS["box"]


def test_geojson_is_read_by_its_own_driver(plain: dict[str, Any]) -> None:
    url = source("GeoJSON", geometry=BOX, f="geojson").removeprefix("GeoJSON:")
    with urlopen(url, timeout=60) as answer:  # GDAL asks for ranges of a longer file
        described, _, shapes, columns = read(answer.read())
    assert described["crs"] == "EPSG:4326"
    table = dict(zip(described["fields"].tolist(), columns, strict=True))
    order = np.argsort(table["OBJECTID"])
    assert table["OBJECTID"][order].tolist() == ANSWERS["box"]
    to_degrees = pyproj.Transformer.from_crs(25832, 4326, always_xy=True).transform
    expected = shapely.transform(find_shapes(plain, ANSWERS["box"]), to_degrees, interleaved=False)
    found = shapely.from_wkb(shapes[order])
    assert shapely.equals_exact(shapely.normalize(found), shapely.normalize(expected), 1e-8).all()


def find_shapes(plain: dict[str, Any], ids: list[int]) -> Any:
    """Return the shapes of features of the plain result; one may have none."""
    geometries = {each["attributes"]["OBJECTID"]: each["geometry"] for each in plain["features"]}
    rings = [(geometries[each] or {}).get("rings") for each in ids]
    return np.array([each and shapely.Polygon(each[0], each[1:]) for each in rings], object)


def test_example_in_the_documents_runs(plain: dict[str, Any]) -> None:
    text = (Path(__file__).parents[3] / "docs/how-to/read-result-services.md").read_text(encoding="utf-8")
    (example,) = (code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "pyogrio" in code)
    names: dict[str, Any] = {}
    exec(example.replace("http://127.0.0.1:8000", os.environ["SITE"]), names)
    assert len(names["shapes"]) == len(plain["features"])
