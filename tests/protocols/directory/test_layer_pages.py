"""Pages of result services: hosted features with their query, maps with their picture; no value is markup."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gpserverless.errors import InvalidParameter, RequestError
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.write import envelope
from gpserverless.pages.language import LANGUAGES
from gpserverless.protocols import featureserver, mapserver
from gpserverless.protocols.directory.layer_forms import QUERY
from gpserverless.protocols.directory.layer_links import OF_FEATURES, OF_IMAGES, OF_MAPS
from gpserverless.protocols.directory.map_forms import EXPORT, FIND, IDENTIFY
from tests.protocols.directory.conftest import request, route
from tests.protocols.directory.documents import JOB, features
from tests.protocols.directory.html_page import Element, data_block, read_page
from tests.protocols.directory.layer_documents import LAYER_DOCUMENTS, LAYER_PAGES, find_names

SERVICE = "/arcgis/rest/services/Hosted/Zones/FeatureServer"
MAP = f"/arcgis/rest/services/Tests/Zones/MapServer/jobs/{JOB}"


def draw(key: str, document: Any = None, path: str = "/rest/services/here", **query: str) -> Element:
    """Return the page of a resource."""
    asked = request(path, **query)
    shown = LAYER_DOCUMENTS[key] if document is None else document
    return read_page(LAYER_PAGES.draw(asked, route(key, **find_names(key)), shown).body)


def ask(key: str, **query: str) -> Element:
    """Return the page of a form before its handler is called."""
    page = LAYER_PAGES.prepare(request(**query), route(key, **find_names(key)))
    assert isinstance(page, Response)
    return read_page(page.body)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", LAYER_DOCUMENTS)
def test_page_holds_to_the_rules_and_shows_no_value_as_markup(key: str, language: str) -> None:
    response = LAYER_PAGES.draw(
        request(lang=language, where="1=1"), route(key, **find_names(key)), LAYER_DOCUMENTS[key]
    )
    page = read_page(response.body)
    assert page.find("html").attributes["lang"] == language
    assert b"<script>alert" not in response.body
    assert b'"><script>' not in response.body


def test_every_resource_of_result_services_has_its_way() -> None:
    without_page = {"renderer", "mapLayerRenderer", "attachments", "layerFile", "mapLayerFile"}
    of_images = OF_IMAGES - {"imageFunctions", "imageProperties"}
    assert LAYER_DOCUMENTS.keys() | without_page == OF_FEATURES | OF_MAPS | of_images


@pytest.mark.parametrize(
    ("key", "path", "way"),
    [
        ("hostedFolder", "/rest/services/Hosted", ["Services", "Hosted"]),
        ("featureService", "/rest/services/Hosted/Zones/FeatureServer", ["Services", "Hosted", "Zones"]),
        ("layerQuery", "/x", ["Services", "Hosted", "Zones", "Layer", "Query"]),
        ("map", f"{MAP.removeprefix('/arcgis')}", ["Services", "Tests", "Zones", "Map of the job"]),
        ("mapExport", "/x", ["Services", "Tests", "Zones", "Map of the job", "Export a picture"]),
    ],
)
def test_way_to_a_page_is_shown(key: str, path: str, way: list[str]) -> None:
    crumbs = draw(key, path=path, where="1=1").find("nav", _class="crumbs")
    assert [step.text for step in crumbs.find_all("li")] == way


def test_folder_lists_the_services_that_the_caller_may_see() -> None:
    assert draw("hostedFolder").find("a", href=SERVICE).text == "Zones"
    empty = draw("hostedFolder", {"folders": [], "services": []})
    assert "esri_out_feature_service_name" in empty.find("main").text


def test_service_lists_its_layers_and_can_be_deleted() -> None:
    page = draw("featureService")
    links = [link.attributes["href"] for link in page.find_all("a", _class="entry-link")]
    assert links == [f"{SERVICE}/0", f"{SERVICE}/1"]
    form = page.find("form", action="/arcgis/admin/services/Hosted/Zones.FeatureServer/delete")
    assert form.attributes["method"] == "post"
    assert form.find("button").text == "Delete Zones"


def test_layer_shows_its_first_features_and_says_how_many_there_are() -> None:
    page = draw("layer")
    article = page.find("article")
    assert article.attributes["data-geojson"] == f"{SERVICE}/0/query?where=1%3D1&outFields=%2A&f=geojson"
    assert article.attributes["data-drawn-by"] == f"{SERVICE}/0"
    assert "The first 1 of 1234 rows." in article.text
    files = [link.attributes["href"] for link in page.find(data_results=None).find_all("a")]
    assert files == [
        f"{SERVICE}/0",
        *(f"{SERVICE}/0/download?f={name}" for name in ("geojson", "kmz", "csv", "gpkg", "fgb")),
    ]
    samples = [link.attributes["href"] for link in page.find(_class="samples").find_all("a")]
    assert f"{SERVICE}/0/query?where=1%3D1&returnCountOnly=true&f=json" in samples


def test_layer_shows_its_symbols() -> None:
    symbols = draw("layer").find(_class="symbols")
    assert symbols.find("path").attributes["fill"] == "rgba(10, 20, 30, 1)"
    assert len(symbols.find_all("li")) == 1, "a symbol that is none is left out"


def test_table_has_no_map() -> None:
    article = draw("layer", LAYER_DOCUMENTS["layers"]["tables"][0]).find("article")
    assert article.attributes["data-kind"] == "table"
    assert "data-geojson" not in article.attributes


def test_feature_has_its_attributes_and_its_shape() -> None:
    page = draw("feature")
    facts = dict(
        zip([e.text for e in page.find_all("dt")], [e.text for e in page.find_all("dd")], strict=True)
    )
    assert facts["Seen"] == "1970-01-02"
    assert data_block(page, "block-feature")["features"][0]["geometry"]["coordinates"] == [7.0, 50.0]


def test_query_without_values_is_the_form_alone() -> None:
    page = ask("layerQuery")
    form = page.find("form", _class="form request-form")
    assert form.attributes["action"] == f"{SERVICE}/0/query"
    assert form.find("textarea", name="where").text == "1=1"
    assert not page.find_all("article")


def test_request_with_values_goes_on_to_its_handler() -> None:
    asked = request(where="POP > 1")
    assert isinstance(LAYER_PAGES.prepare(asked, route("layerQuery", **find_names("layerQuery"))), Request)


def test_form_of_a_layer_that_is_not_there_is_an_error() -> None:
    with pytest.raises(RequestError, match="no layer 9"):
        LAYER_PAGES.prepare(request(), route("layerQuery", name="Zones", layer="9"))


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"count": 7}, "7 features"),
        ({"count": 1}, "1 feature"),
        ({"objectIdFieldName": "OBJECTID", "objectIds": [3, 5]}, "2 ids"),
        ({"extent": {"xmin": "NaN", "ymin": "NaN", "xmax": "NaN", "ymax": "NaN"}}, "There is no extent"),
        ({"extent": LAYER_DOCUMENTS["layer"]["extent"]}, "xmin 6, ymin 49, xmax 8, ymax 51"),
        ({**features(3), "exceededTransferLimit": True}, "There are more rows than the layer sends at once."),
    ],
)
def test_answer_of_each_kind_is_shown(document: Any, text: str) -> None:
    assert text in draw("layerQuery", document, where="1=1").find("main").text


def test_map_of_an_answer_is_asked_for_in_degrees() -> None:
    page = draw("layerQuery", where="POP > 1", outSR="3857", token="secret", f="html")
    assert page.find("article").attributes["data-geojson"] == f"{SERVICE}/0/query?where=POP+%3E+1&f=geojson"


def test_mistake_is_shown_at_its_field_with_the_other_values() -> None:
    asked, found = request(where="X = 1", outFields="NAME"), route("layerQuery", **find_names("layerQuery"))
    error = InvalidParameter("where", "there is no field 'X'", "NAME, SEEN")
    page = read_page(LAYER_PAGES.draw_error(asked, found, error, envelope(error)).body)
    assert page.find(id="f-where-wrong").text == "There is no field 'X'. Accepted: NAME, SEEN."
    assert page.find("input", name="outFields").attributes["value"] == "NAME"


def test_mistake_in_no_field_is_shown_above_the_form() -> None:
    asked, found = request(where="1=1"), route("layerQuery", **find_names("layerQuery"))
    error = RequestError("It took too long.")
    page = read_page(LAYER_PAGES.draw_error(asked, found, error, envelope(error)).body)
    assert "It took too long." in page.find(role="alert").text


def test_map_has_a_picture_and_ways_to_the_parts_beside_it() -> None:
    page = draw("map", bbox="0,0,96,56")
    picture = page.find("figure").find("img").attributes["src"]
    assert picture.startswith(f"{MAP}/export?bbox=0%2C0%2C96%2C56&size=960%2C560&")
    links = page.find("nav", _class="map-moves").find_all("a")
    moves = {link.attributes["class"].split()[-1]: link.attributes["href"] for link in links}
    assert moves["e"] == f"{MAP}?bbox=38.4%2C0%2C134.4%2C56#map"
    assert moves["in"] == f"{MAP}?bbox=24%2C14%2C72%2C42#map"
    assert page.find(data_map_service=MAP).attributes["data-extent"] == "6,49,8,51"


def test_map_of_a_pole_is_drawn_around_it() -> None:
    cap = {"xmin": -180.0, "ymin": 86.0, "xmax": 180.0, "ymax": 90.0, "spatialReference": {"wkid": 4326}}
    page = draw("map", {**LAYER_DOCUMENTS["map"], "fullExtent": cap})
    picture = page.find("figure").find("img").attributes["src"]
    assert picture.endswith("&bboxSR=3995&imageSR=3995")
    assert "data-extent" not in page.find(data_map_service=MAP).attributes


@pytest.mark.parametrize("bbox", ["", "1,2,3", "a,b,c,d", "nan,0,1,1", "5,0,1,1", "0,0,1e400,1"])
def test_map_shows_all_if_no_part_is_named(bbox: str) -> None:
    picture = draw("map", bbox=bbox).find("figure").find("img").attributes["src"]
    assert picture == draw("map").find("figure").find("img").attributes["src"]


def draw_counted(monkeypatch: pytest.MonkeyPatch, document: Any, count: int) -> Element:
    """Return the page of a map whose layers have as many features."""

    def count_rows(subject: Any, resource: str, names: Any, **fields: str) -> Any:
        return {"count": count} if resource == "mapLayerQuery" else LAYER_DOCUMENTS[resource]

    monkeypatch.setattr("gpserverless.protocols.directory.drawers.map.read_document", count_rows)
    return draw("map", document)


def test_map_says_how_many_features_each_layer_has(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [each.text for each in draw_counted(monkeypatch, None, 1).find_all("li", _class="entry")]
    assert "No. 0 · Points · 1 feature" in lines[0]
    assert "No. 1 · Table · 1 row" in lines[1]
    lines = [each.text for each in draw_counted(monkeypatch, None, 200).find_all("li", _class="entry")]
    assert "200 features" in lines[0]
    assert "200 rows" in lines[1]


def test_map_without_a_feature_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    main = draw_counted(monkeypatch, None, 0).find("main")
    assert "The layers of this map have no features." in main.text
    assert not main.find_all("figure")


def test_map_of_tables_alone_offers_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    main = draw_counted(monkeypatch, {**LAYER_DOCUMENTS["map"], "layers": []}, 5).find("main")
    assert "The job has tables alone, which are not drawn." in main.text
    actions = [each.text for each in main.find("p", _class="actions").find_all("a")]
    assert actions == ["Find features"]


def test_map_of_a_service_leads_to_the_jobs() -> None:
    asked, found = request(), route("map", service="Tests/Zones")
    page = read_page(LAYER_PAGES.draw(asked, found, LAYER_DOCUMENTS["map"]).body)
    assert not page.find_all("img")
    assert "Every job has a map of its own" in page.find("main").text


def test_picture_of_a_map_is_shown_with_what_it_lacks() -> None:
    response = LAYER_PAGES.draw(
        request(bbox="0,0,1,1"), route("mapExport", **find_names("mapExport")), LAYER_DOCUMENTS["mapExport"]
    )
    page = read_page(response.body)
    assert page.find("figure").find("img").attributes["src"].endswith("/maps/0.png")
    assert page.find(_class="note warning").text
    assert "1 : 1234" in page.find("main").text
    assert (
        "img-src 'self' data: blob: https://store.example.org" in response.headers["content-security-policy"]
    )


@pytest.mark.parametrize("key", ["mapExport", "mapIdentify", "mapFind"])
def test_form_of_a_map_begins_with_all_of_it(key: str) -> None:
    page = ask(key)
    values = {e.attributes.get("name"): e.attributes.get("value") for e in page.find_all("input")}
    known = {"mapExport": "bbox", "mapIdentify": "mapExtent", "mapFind": "layers"}[key]
    assert values[known] == ("0" if key == "mapFind" else "5.285714286,49,8.714285714,51")


def _list_fields(package: Any, pattern: str) -> set[str]:
    """Return the fields that the modules of a protocol read."""
    sources = [path.read_text("utf-8") for path in Path(package.__path__[0]).glob("*.py")]
    return {name for source in sources for name in re.findall(pattern, source)}


def test_forms_have_every_field_that_the_protocols_read() -> None:
    read = _list_fields(
        featureserver, r'options\.(?:text|flag|whole|number|reference|json|words)\(\s*"(\w+)"'
    )
    read |= _list_fields(featureserver, r'_read_names\(options, "(\w+)"')
    assert len(read) > 20
    assert {name for group in QUERY for name in group.fields} >= read - {"classificationDef", "layerDefs"}
    of_maps = _list_fields(mapserver, r'read_(?:box|flag|number|reference|size|text)\(request, "(\w+)"')
    in_forms = {name for form in (EXPORT, IDENTIFY, FIND) for group in form for name in group.fields}
    assert in_forms >= of_maps - {"rotation", "dynamicLayers"}  # which do nothing
