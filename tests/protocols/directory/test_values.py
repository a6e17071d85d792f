"""Values on pages: numbers as numbers, dates as dates, features as a table and on a map, files as links."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gpserverless.protocols.directory.drawers.results import ELSEWHERE
from gpserverless.protocols.directory.pages import DirectoryPages
from gpserverless.protocols.directory.ports import DirectorySite
from gpserverless.protocols.directory.shown_table import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Table
from gpserverless.protocols.directory.shown_text import show_text
from gpserverless.protocols.directory.shown_value import MOST_SHOWN
from gpserverless.protocols.directory.wgs84 import MOST_BYTES
from tests.protocols.directory.conftest import NAMES, PAGES, draw
from tests.protocols.directory.documents import HOSTILE, Described, features, value
from tests.protocols.directory.html_page import Element, data_block

BOX = {"xmin": 7, "ymin": 50.5, "xmax": 8, "ymax": 51, "spatialReference": {"wkid": 4326}}


@pytest.mark.parametrize(
    ("wire", "data_type", "text"),
    [
        (3, "GPLong", "3"),
        (2.0, "GPDouble", "2"),
        (0.1, "GPDouble", "0.1"),
        (1e300, "GPDouble", "1e+300"),
        (True, "GPBoolean", "true"),
        ("  a ", "GPString", "  a "),
        (None, "GPLong", ""),
        (0, "GPDate", "1970-01-01"),
        (1_700_000_000_000, "GPDate", "2023-11-14 22:13:20 UTC"),
        (10**18, "GPDate", "1000000000000000000"),
        ({"distance": 5, "units": "esriNauticalMiles"}, "GPLinearUnit", "5 nautical miles"),
        ({"area": 0.5, "units": "esriSquareKilometers"}, "GPArealUnit", "0.5 square kilometers"),
        ({"time": 2, "units": "esriTimeUnitsDays"}, "GPTimeUnit", "2 days"),
        ({"wkid": 102100, "latestWkid": 3857}, "GPSpatialReference", "3857"),
        ({"wkt": "LOCAL_CS[]"}, "GPCoordinateSystem", "LOCAL_CS[]"),
        ({"name": "NAME", "type": "esriFieldTypeString"}, "Field", "NAME"),
        (BOX, "GPExtent", "xmin 7, ymin 50.5, xmax 8, ymax 51 (4326)"),
        ({"odd": 1}, "GPLinearUnit", None),
    ],
)
def test_value_of_one_line_is_a_text(wire: Any, data_type: str, text: str | None) -> None:
    assert show_text(wire, data_type) == text


def article_of(data_type: str, wire: Any, pages: DirectoryPages = PAGES) -> Element:
    document = {"results": [value("out", data_type, wire)], "messages": []}
    page = draw("execute", document, pages, service="Tests/Zones", task="Buffer")
    return page.find("article", data_result="out")


@pytest.mark.parametrize(
    ("data_type", "wire", "kind", "text"),
    [
        ("GPDouble", 2.5, "value", "2.5"),
        ("GPString", "", "value", "No value"),
        ("GPString", HOSTILE, "value", HOSTILE),
        ("GPMultiValue:GPLong", [1, 2], "value", "1 2"),
        ("GPMultiValue:GPLong", [], "value", "No value"),
        ("GPComposite", {"dataType": "GPLong", "value": 7}, "value", "7"),
        ("GPDataFile", {"url": "https://gp.example.org/a.zip"}, "file", "Download the file"),
        ("GPRasterDataLayer", {"url": "https://gp.example.org/a.tif"}, "raster", "Download the raster"),
        ("GPRasterDataLayer", {}, "value", "No value"),
        ("GPValueTable", [["a", 1], ["b", None]], "table", "1 2 a 1 b 2 rows."),
        ("GPValueTable", [{"Name": "a", "Unit": {"x": 1}}], "table", 'Name Unit a {"x":1} 1 row.'),
        ("GPRecordSet", features(), "table", f"Number Name Seen 1 {HOSTILE} 1970-01-02 1 row."),
        ("GPUnknown", {"odd": [1]}, "value", '{ "odd": [ 1 ] }'),
    ],
)
def test_value_has_the_form_of_its_type(data_type: str, wire: Any, kind: str, text: str) -> None:
    article = article_of(data_type, wire)
    assert article.attributes["data-kind"] == kind
    body = [each for each in article.children if isinstance(each, Element)]
    texts = [each.text for each in body if each.tag not in ("header", "script", "ul")]
    assert " ".join(filter(None, texts)) == " ".join(text.split())


@pytest.mark.parametrize(
    ("url", "raster", "note"),
    [
        ("https://gp.example.org/arcgis/rest/directories/a.tif", True, ""),
        ("https://store.example.org/a.tif?X-Amz-Signature=1", True, ""),
        ("https://elsewhere.example.org/a.tif", False, ELSEWHERE),
        ("https://store.example.org.elsewhere.example/a.tif", False, ELSEWHERE),
    ],
)
def test_scripts_draw_rasters_of_the_site_and_its_stores_alone(url: str, raster: bool, note: str) -> None:
    pages = DirectoryPages(DirectorySite(descriptions=Described(), stores=("https://store.example.org",)))
    article = article_of("GPRasterData", {"url": url}, pages)
    assert article.attributes.get("data-raster") == (url if raster else None)
    assert note in article.text


def test_url_that_is_no_link_is_a_text() -> None:
    article = article_of("GPRasterData", {"url": "javascript:alert(1)"})
    assert article.attributes["data-kind"] == "value"
    assert "javascript:alert(1)" in article.find("pre").text
    assert not article.find_all("a")


def test_uploaded_item_is_shown_by_its_link() -> None:
    article = article_of("GPRasterDataLayer", {"itemID": "i0"})
    assert article.attributes["data-raster"].endswith("/Tests/Zones/GPServer/uploads/i0/download")
    assert article_of("GPDataFile", {"itemID": "i0"}).attributes["data-kind"] == "file"


def test_features_are_a_table_and_lie_on_the_map_in_wgs84() -> None:
    mercator = features(system=3857)
    mercator["features"][0]["geometry"] = {"x": 779_236.435_552_915, "y": 6_446_275.841_017_159}
    article = article_of("GPFeatureRecordSetLayer", mercator)
    assert article.find("table").text == f"Number Name Seen 1 {HOSTILE} 1970-01-02"
    found = data_block(article, article.attributes["data-block"])
    assert found["features"][0]["geometry"]["coordinates"] == pytest.approx([7, 50], abs=1e-8)
    assert found["features"][0]["properties"]["NAME"] == HOSTILE
    fields = article.find("script", data_fields=None).raw
    assert orjson.loads(fields)[0] == {"name": "OBJECTID", "alias": "Number", "type": "esriFieldTypeOID"}


def test_layer_object_is_shown_as_its_features() -> None:
    inner = features()
    layer = {"layerDefinition": {"fields": inner.pop("fields")}, "featureSet": inner}
    assert "data-block" in article_of("GPFeatureRecordSetLayer", layer).attributes


@pytest.mark.parametrize(
    ("wire", "note"),
    [
        (features(system=None), "no spatial reference that leads to WGS 84"),
        (features(MOST_BYTES // 100), "too large for the map"),
        (features(exceeded=True), "over the transfer limit"),
    ],
    ids=["without a place", "too many", "exceeded"],
)
def test_features_that_are_not_all_on_the_map_say_so(wire: Any, note: str) -> None:
    article = article_of("GPFeatureRecordSetLayer", wire)
    assert any(note in each.text for each in article.find_all("p"))
    assert article.find("table")


def test_page_has_the_first_hundred_rows_and_tells_how_many_there_are() -> None:
    article = article_of("GPRecordSet", features(MOST_ROWS + 1))
    assert len(article.find("tbody").find_all("tr")) == MOST_ROWS == 100
    assert article.find("p", _class="count").text == "The first 100 of 101 rows."


def test_wide_and_long_cells_are_cut_and_counted() -> None:
    attributes = {f"c{n}": "x" * 1000 for n in range(MOST_COLUMNS + 5)}
    table = Table.of({"features": [{"attributes": attributes}]})
    assert (len(table.columns), table.hidden) == (MOST_COLUMNS, 5)
    assert len(table.rows[0][0]) == MOST_CHARACTERS + 1


def test_long_list_is_cut_and_counted() -> None:
    article = article_of("GPMultiValue:GPLong", list(range(MOST_SHOWN + 7)))
    assert len(article.find("ol").find_all("li")) == MOST_SHOWN
    assert article.find("p", _class="count").text == "7 more values are in the JSON."


def test_result_of_a_job_is_read_by_scripts_from_its_own_url() -> None:
    page = draw("result", value("zones", "GPFeatureRecordSetLayer", features()), **NAMES)
    article = page.find("article", data_result="zones")
    url = f"/arcgis/rest/services/Tests/Zones/GPServer/Buffer/jobs/{NAMES['job']}/results/zones"
    assert article.attributes["data-geojson"] == f"{url}?f=geojson"
    assert article.attributes["data-kmz"] == f"{url}?f=kmz"
    assert article.attributes["data-csv"] == f"{url}?f=csv"
    assert "data-block" not in article.attributes
    links = [link.text for link in article.find(_class="formats").find_all("a")]
    assert links == ["Page", "JSON", "GeoJSON", "KMZ", "CSV", "GeoPackage", "FlatGeobuf"]


@pytest.mark.parametrize("key", ["input", "inputs"])
def test_input_is_told_from_an_output(key: str) -> None:
    document = value("points", "GPFeatureRecordSetLayer", features())
    page = draw(key, [document] if key == "inputs" else document, **NAMES)
    assert page.find("article").attributes["data-side"] == "input"
