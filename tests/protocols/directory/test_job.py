"""The page of a job: its status, progress and messages; with its results and inputs when it has succeeded."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gpserverless.errors import TooLarge
from gpserverless.http.request import Request
from gpserverless.http.response import Response, see_other
from gpserverless.http.route import Route
from gpserverless.protocols.directory.drawers.job import show_duration
from gpserverless.protocols.directory.pages import DirectoryPages
from gpserverless.protocols.directory.ports import DirectorySite
from tests.protocols.directory.conftest import NAMES, draw, request
from tests.protocols.directory.documents import JOB, Described, features, job, value
from tests.protocols.directory.html_page import Element

URL = f"https://gp.example.org/arcgis/rest/services/Tests/Zones/GPServer/Buffer/jobs/{JOB}"
FILES = ("geojson", "kmz", "csv", "gpkg", "fgb")
STORE = "https://store.example.org"
USAGE = {
    "submitted": 0,
    "started": 1_500,
    "ended": 61_500,
    "seconds": 59.5,
    "peakMegabytes": 120.25,
    "dollars": 1e-5,
}
NAMED = {
    "results": {"zones": {"paramUrl": "results/zones"}},
    "inputs": {"points": {"paramUrl": "inputs/points"}},
}


def read(request: Request, route: Route) -> Response:
    """Answer as the function does: a result, and an input that is too large."""
    if route.resource == "input":
        raise TooLarge("It is too large.")
    assert route.names["parameter"] == "zones"
    document = value("zones", "GPFeatureRecordSetLayer", features(2))
    return Response(orjson.dumps(document))


PAGES = DirectoryPages(DirectorySite(descriptions=Described("Asynchronous"), read=read, stores=(STORE,)))


def test_page_has_what_the_script_brings_up_to_date() -> None:
    document = job("Executing", progress={"type": "step", "message": "Half.", "percent": 50})
    main = draw("job", document, PAGES, **NAMES).find("main")
    assert main.attributes["data-job"] == URL
    assert main.attributes["data-status"] == "esriJobExecuting"
    assert main.attributes["data-task-name"] == "Buffer"
    assert main.find("span", data_job_status=None).text == "Running"
    assert main.find("progress", data_job_progress=None).attributes["value"] == "50"
    assert main.find("p", data_job_progress_text=None).text == "Half."
    assert main.find("dd", data_job_elapsed=None)
    assert main.find("dd", data_job_usage=None)
    classes = [each.attributes["class"] for each in main.find("ol", data_job_messages=None).find_all("li")]
    assert classes == ["informative", "warning", "error"]


@pytest.mark.parametrize(
    ("status", "label", "is_over", "may_cancel"),
    [
        ("Submitted", "Submitted", False, True),
        ("Executing", "Running", False, True),
        ("Cancelling", "Being cancelled", False, False),
        ("Succeeded", "Succeeded", True, False),
        ("Failed", "Failed", True, False),
        ("TimedOut", "Timed out", True, False),
        ("Cancelled", "Cancelled", True, False),
    ],
)
def test_job_is_looked_at_again_and_can_be_cancelled_until_it_ends(
    status: str, label: str, is_over: bool, may_cancel: bool
) -> None:
    page = draw("job", job(status), PAGES, **NAMES)
    assert page.find("span", data_job_status=None).text == label
    assert len(page.find_all("meta", http_equiv="refresh")) == (not is_over)
    forms = page.find_all("form", data_job_cancel=None)
    assert [form.attributes["action"] for form in forms] == [f"{URL[22:]}/cancel"] * may_cancel
    assert all(form.attributes["method"] == "post" for form in forms)


def test_usage_is_told() -> None:
    page = draw("job", job("Failed", usage=USAGE), PAGES, **NAMES)
    assert page.find("dd", data_job_elapsed=None).text == "1 min 02 s"
    assert (
        page.find("dd", data_job_usage=None).text == "1 min 00 s at work · 120.25 MB of memory · 0.000010 USD"
    )


def test_results_and_inputs_stand_together_when_it_has_succeeded() -> None:
    page = draw("job", job("Succeeded", **NAMED), PAGES, **NAMES)
    zones, points = page.find("section", data_results=None).find_all("article")
    assert (zones.attributes["data-side"], points.attributes["data-side"]) == ("output", "input")
    assert len(zones.find("tbody").find_all("tr")) == 2
    assert zones.attributes["data-geojson"] == f"{URL[22:]}/results/zones?f=geojson"
    assert "too large for the page" in points.text
    assert points.attributes["data-geojson"] == f"{URL[22:]}/inputs/points?f=geojson"


def test_result_behind_a_link_is_not_read() -> None:
    pages = DirectoryPages(
        DirectorySite(descriptions=Described(), read=lambda request, route: see_other(f"{STORE}/x"))
    )
    page = draw("job", job("Succeeded", **NAMED), pages, **NAMES)
    assert all("too large for the page" in each.text for each in page.find_all("article"))


def test_page_names_the_store_for_the_browser() -> None:
    response = PAGES.draw(request(), Route("job", NAMES), job("Executing"))
    assert f"connect-src 'self' {STORE};" in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-1, "0.0 s"), (0.44, "0.4 s"), (12.3, "12 s"), (185, "3 min 05 s"), (3720, "1 h 02 min")],
)
def test_duration_is_read_at_a_glance(seconds: Any, text: str) -> None:
    assert show_duration(seconds) == text


LAYER = "https://gp.example.org/arcgis/rest/services/Hosted/Zones/FeatureServer/0"


def draw_with(url: str, data_type: str = "GPFeatureRecordSetLayer") -> Element:
    """Return the page of a job whose result is the URL of a layer."""

    def read(request: Request, route: Route) -> Response:
        return Response(orjson.dumps(value("zones", data_type, {"url": url})))

    pages = DirectoryPages(DirectorySite(descriptions=Described("Asynchronous"), read=read, stores=(STORE,)))
    return draw("job", job("Succeeded", results=NAMED["results"]), pages, **NAMES)


def test_result_is_a_file_for_desktops_by_its_layer() -> None:
    article = draw("job", job("Succeeded", **NAMED), PAGES, **NAMES).find("article", data_side="output")
    links = {link.text: link.attributes["href"] for link in article.find(_class="formats").find_all("a")}
    layer = f"/arcgis/rest/services/Tests/Zones/MapServer/jobs/{JOB}/3"
    assert links["GeoPackage"] == f"{layer}/download?f=gpkg"
    assert links["FlatGeobuf"] == f"{layer}/download?f=fgb"
    inputs = draw("job", job("Succeeded", **NAMED), PAGES, **NAMES).find("article", data_side="input")
    assert "GeoPackage" not in inputs.text


def test_job_leads_to_its_map() -> None:
    page = draw("job", job("Succeeded", **NAMED), PAGES, **NAMES)
    path = f"/arcgis/rest/services/Tests/Zones/MapServer/jobs/{JOB}"
    assert page.find("a", href=path).text == "Map of this job"


@pytest.mark.parametrize("data_type", ["GPString", "GPDataFile"])
def test_job_without_features_and_rows_has_no_map(data_type: str) -> None:
    assert "Map of this job" not in draw_with("https://elsewhere.example/x", data_type).find("main").text


def test_result_that_is_kept_as_a_service_is_shown_from_there() -> None:
    page = draw_with(LAYER)
    path = LAYER.removeprefix("https://gp.example.org")
    article = page.find("article", data_side="output")
    assert article.attributes["data-geojson"] == f"{path}/query?where=1%3D1&outFields=%2A&f=geojson"
    assert article.attributes["data-drawn-by"] == path
    assert "data-kmz" not in article.attributes
    links = [link.attributes["href"] for link in article.find(_class="formats").find_all("a")]
    assert links == [path, *(f"{path}/download?f={name}" for name in FILES)]
    assert page.find(_class="actions").find("a", href=path).text.startswith("Hosted layer: ")


def test_table_that_is_kept_as_a_service_has_no_shapes() -> None:
    article = draw_with(LAYER, "GPRecordSet").find("article", data_side="output")
    assert "data-geojson" not in article.attributes
    assert article.attributes["data-json"].endswith("/0/query?where=1%3D1&outFields=%2A&f=json")
    files = [link.text for link in article.find(_class="formats").find_all("a")]
    assert files == ["Page", "CSV", "GeoPackage"]


def test_layer_of_another_site_is_never_read_by_scripts() -> None:
    article = draw_with("https://elsewhere.example/arcgis/rest/services/Hosted/Z/FeatureServer/0").find(
        "article", data_side="output"
    )
    assert not {"data-geojson", "data-json", "data-layer", "data-drawn-by"} & {
        name for name, given in article.attributes.items() if "elsewhere" in given
    }
