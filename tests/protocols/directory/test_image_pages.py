"""Pages of the raster of a job: its picture, the values of the colours, its bands, the forms of requests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gpserverless.errors import InvalidParameter
from gpserverless.http.response import Response
from gpserverless.http.write import envelope
from gpserverless.protocols import imageserver
from gpserverless.protocols.directory.image_forms import EXPORT_IMAGE, IDENTIFY_IMAGE
from tests.protocols.directory.conftest import request, route
from tests.protocols.directory.documents import JOB
from tests.protocols.directory.html_page import Element, read_page
from tests.protocols.directory.layer_documents import IMAGE_NAMES, LAYER_DOCUMENTS, LAYER_PAGES

IMAGE = f"/arcgis/rest/services/Tests/Zones/ImageServer/jobs/{JOB}/heights"
NEVER_ASKED = {"mosaicRule", "renderingRule", "pixelType", "geometryType"}
"""Fields of which one value alone is accepted, which is that of a request without them."""


def draw(key: str, document: Any = None, **query: str) -> Element:
    """Return the page of a resource of a raster."""
    shown = LAYER_DOCUMENTS[key] if document is None else document
    return read_page(LAYER_PAGES.draw(request(**query), route(key, **IMAGE_NAMES), shown).body)


def read_facts(page: Element) -> dict[str, str]:
    """Return the facts of a page by their names."""
    names, texts = page.find_all("dt"), page.find_all("dd")
    return dict(zip([e.text for e in names], [e.text for e in texts], strict=True))


def test_image_has_a_picture_and_ways_to_the_parts_beside_it() -> None:
    page = draw("image", bbox="0,0,96,56")
    picture = page.find("figure").find("img").attributes["src"]
    assert picture.startswith(f"{IMAGE}/exportImage?bbox=0%2C0%2C96%2C56&size=960%2C560&format=png32")
    links = page.find("nav", _class="map-moves").find_all("a")
    moves = {link.attributes["class"].split()[-1]: link.attributes["href"] for link in links}
    assert moves["e"] == f"{IMAGE}?bbox=38.4%2C0%2C134.4%2C56#map"
    assert moves["in"] == f"{IMAGE}?bbox=24%2C14%2C72%2C42#map"
    assert page.find(data_image_service=IMAGE).attributes["data-extent"] == "6,49,8,51"
    actions = [link.attributes["href"] for link in page.find(_class="actions").find_all("a")]
    assert actions == [f"{IMAGE}/{name}" for name in ("exportImage", "identify", "statistics")]


def test_image_tells_its_cells_and_the_values_of_the_colours() -> None:
    page = draw("image")
    facts = read_facts(page)
    assert facts["Cells"] == "4 \N{MULTIPLICATION SIGN} 8"
    assert facts["Size of a cell"] == "0.5 \N{MULTIPLICATION SIGN} 0.25"
    assert facts["Type of the values"] == "Number F32"
    assert facts["Value of no data"] == "-9999"
    assert page.find(_class="ramp-ends").text == "12 987.65"
    cells = [each.text for each in page.find("table").find_all("td")]
    assert cells[1:] == ["-3.25", "1076", "500.5", "12.3457"]


def test_colours_that_are_no_measure_have_no_values() -> None:
    statistics = [{**LAYER_DOCUMENTS["imageStatistics"]["statistics"][0]}]
    shown = draw("image")
    assert shown.find_all("svg", _class="ramp")
    for key in ("stretchMinimum", "stretchMaximum"):
        del statistics[0][key]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(LAYER_DOCUMENTS, "imageStatistics", {"statistics": statistics})  # type: ignore[arg-type]
        assert not draw("image").find_all("svg", _class="ramp")


def test_raster_without_a_reference_has_no_place_on_earth() -> None:
    extent = {side: LAYER_DOCUMENTS["image"]["fullExtent"][side] for side in ("xmin", "ymin", "xmax", "ymax")}
    page = draw("image", {**LAYER_DOCUMENTS["image"], "spatialReference": None, "fullExtent": extent})
    assert "data-extent" not in page.find(data_image_service=IMAGE).attributes
    assert read_facts(page)["Spatial reference"] == "None"


def test_statistics_are_a_table() -> None:
    assert len(draw("imageStatistics").find("table").find_all("tr")) == 2


@pytest.mark.parametrize(
    ("value", "text"), [("12.5, 3", "12.5 · 3"), ("NoData", "There is no data at this place.")]
)
def test_values_of_a_place_are_shown(value: str, text: str) -> None:
    page = draw("imageIdentify", {**LAYER_DOCUMENTS["imageIdentify"], "value": value}, geometry="7,50")
    assert text in page.find(aria_labelledby="answer").text
    assert read_facts(page)["Place"] == "7, 50"


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [("imageExport", "bbox", "5.285714286,49,8.714285714,51"), ("imageIdentify", "geometry", "7,50")],
)
def test_form_begins_with_all_of_the_raster(key: str, name: str, value: str) -> None:
    page = LAYER_PAGES.prepare(request(), route(key, **IMAGE_NAMES))
    assert isinstance(page, Response)
    field = read_page(page.body).find(name=name)
    assert field.attributes.get("value", field.text) == value


def test_mistake_is_shown_at_its_field() -> None:
    asked, found = request(size="0,1"), route("imageExport", **IMAGE_NAMES)
    error = InvalidParameter("size", "it is no size", "width,height")
    page = read_page(LAYER_PAGES.draw_error(asked, found, error, envelope(error)).body)
    assert page.find(id="f-size-wrong").text == "It is no size. Accepted: width,height."


def test_forms_have_every_field_that_the_protocol_reads() -> None:
    sources = [path.read_text("utf-8") for path in Path(imageserver.__path__[0]).glob("*.py")]
    pattern = r'read_(?:own|own_reference|text|size|box|dpi|flag)\(request, "(\w+)"'
    read = {name for source in sources for name in re.findall(pattern, source)}
    read |= {"dpi"}  # which has a reader of its own
    assert len(read) > 10
    in_forms = {name for form in (EXPORT_IMAGE, IDENTIFY_IMAGE) for group in form for name in group.fields}
    assert in_forms == read - NEVER_ASKED
