"""Pages of the directory: one for every resource, drawn of the document of programs; no value is markup."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from gpserverless.errors import (
    Forbidden,
    InvalidToken,
    NotFound,
    QuotaReached,
    TokenRequired,
    ToolError,
    UnknownJob,
)
from gpserverless.http.write import envelope
from gpserverless.pages.language import COOKIE, LANGUAGES
from gpserverless.protocols.directory.pages import DirectoryPages
from gpserverless.protocols.directory.ports import DirectorySite
from gpserverless.protocols.directory.resources import DRAWERS
from gpserverless.protocols.gpserver.routes import ITEM_OPERATIONS, UPLOADS, Resource
from gpserverless.protocols.sharing.sign_in_pages import LOGIN
from tests.protocols.directory.conftest import NAMES, PAGES, draw, request, route
from tests.protocols.directory.documents import (
    HOSTILE,
    JOB,
    MESSAGES,
    SERVICE,
    Described,
    features,
    job,
    task,
    value,
)
from tests.protocols.directory.html_page import Element, read_page
from tests.protocols.directory.layer_documents import LAYER_DOCUMENTS

ITEM = {"itemID": "i1", "itemName": HOSTILE, "description": HOSTILE, "date": 0, "committed": True}
ENTRY = {"name": "Tests/Zones", "type": "GPServer"}
VALUE = value("zones", "GPFeatureRecordSetLayer", features())
ITEM_INFO = {
    **dict.fromkeys(("title", "type", "summary", "description", "accessInformation", "licenseInfo"), HOSTILE),
    "tags": [HOSTILE],
    "thumbnail": "thumbnail",
    "url": "https://gp.example.org/arcgis/rest/services/Tests/Zones/GPServer",
}
LISTED = {
    **{"jobId": JOB, "jobStatus": "esriJobFailed", "service": HOSTILE, "task": HOSTILE, "submitted": 0},
    "url": "https://gp.example.org/arcgis/rest/jobs/1",
}

DOCUMENTS: dict[str, Any] = {
    "info": {
        "fullVersion": HOSTILE,
        "soapUrl": HOSTILE,
        "owningSystemUrl": HOSTILE,
        "authInfo": {"tokenServicesUrl": HOSTILE, "isTokenBasedSecurity": True},
    },
    "health": {"success": True},
    "catalogue": {"folders": ["Tests"], "services": [ENTRY]},
    "service": SERVICE,
    "serviceInfo": {"resources": [HOSTILE]},
    "itemInfo": ITEM_INFO,
    "task": task(),
    "execute": {"results": [VALUE], "messages": MESSAGES},
    "job": job("Succeeded", results={"zones": {"paramUrl": "results/zones"}}),
    "jobs": {"jobs": [LISTED], "nextStart": HOSTILE},
    "results": [VALUE],
    "result": VALUE,
    "inputs": [value("method", "GPString", HOSTILE)],
    "input": value("method", "GPString", HOSTILE),
    "uploads": {"operations": ["upload"], "resources": ["info"]},
    "uploads/info": {"maxUploadFileSize": 4, "maxItemSize": 5120, "allowedExtensions": [HOSTILE]},
    "uploads/upload": {"success": True, "item": ITEM},
    "uploads/register": {"success": True, "item": ITEM, "upload": {"url": HOSTILE}},
    "item": ITEM,
    "item/uploadPart": {"success": True, "item": {**ITEM, "committed": False}},
    "item/parts": {"parts": [1, 2]},
    "item/commit": {"success": True, "item": ITEM},
    "item/delete": {"success": True},
    "portalSelf": {HOSTILE: HOSTILE},
}
"""A document of every resource that has one; the portal's are shown as they are."""

NO_DOCUMENT = {
    *("metadata", "taskMetadata", "thumbnail", "file", "picture", "validate", "submitJob", "cancel"),
    "schema",  # JSON for programs, shown as it is
    "item/download",
}


def test_every_resource_has_a_page() -> None:
    keys = {*get_args(Resource), *(f"uploads/{each}" for each in UPLOADS)}
    keys |= {f"item/{each}" for each in ITEM_OPERATIONS}
    assert keys - NO_DOCUMENT == DOCUMENTS.keys() - {"portalSelf"}
    assert DRAWERS.keys() == DOCUMENTS.keys() - {"portalSelf"} | {"help"} | LAYER_DOCUMENTS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", DOCUMENTS)
def test_page_holds_to_the_rules_and_shows_no_value_as_markup(key: str, language: str) -> None:
    asked = request(lang=language)
    response = PAGES.draw(asked, route(key, **NAMES), DOCUMENTS[key])
    page = read_page(response.body)
    assert page.find("html").attributes["lang"] == language
    assert b"<script>alert" not in response.body
    assert "49" not in page.find("main").text, "a value is no template"


@pytest.mark.parametrize(
    ("key", "names", "way"),
    [
        ("catalogue", {}, ["Services"]),
        ("catalogue", {"folder": "Tests"}, ["Services", "Tests"]),
        ("service", {"service": "Tests/Zones"}, ["Services", "Tests", "Zones"]),
        ("service", {"service": "Zones"}, ["Services", "Zones"]),
        ("task", {"service": "Zones", "task": "Buffer"}, ["Services", "Zones", "Buffer"]),
        ("result", NAMES | {"parameter": "zones"}, ["Services", "Tests", "Zones", "Buffer", "Job", "zones"]),
    ],
)
def test_way_to_a_page_is_shown(key: str, names: dict[str, str], way: list[str]) -> None:
    path = {"catalogue": "/rest/services", "service": "/rest/services/{}/GPServer"}.get(key, "")
    if key == "catalogue" and names:
        path += "/Tests"
    if key == "task":
        path = "/rest/services/Zones/GPServer/Buffer"
    asked = request(path.format(names.get("service")) or "/rest/services/elsewhere")
    page = read_page(PAGES.draw(asked, route(key, **names), DOCUMENTS[key]).body)
    crumbs = page.find("nav", _class="crumbs")
    assert [step.text for step in crumbs.find_all("li")] == way
    assert crumbs.find(aria_current="page").text == way[-1]


def test_service_tells_what_the_original_tells() -> None:
    page = draw("service", SERVICE, service="Tests/Zones")
    facts = dict(
        zip([e.text for e in page.find_all("dt")], [e.text for e in page.find_all("dd")], strict=True)
    )
    assert facts["Execution type"] == "Synchronous esriExecutionTypeSynchronous"
    assert facts["Result map server name"] == "None"
    assert facts["Maximum records"] == "1000"
    assert facts["Child resources"] == "Info · Uploads"
    task_link = page.find("a", href="/arcgis/rest/services/Tests/Zones/GPServer/Buffer")
    assert task_link.text == "Buffer points"


def test_service_says_where_it_speaks_soap() -> None:
    page = draw("service", SERVICE, service="Tests/Zones")
    link = page.find("a", href="/arcgis/services/Tests/Zones/GPServer?wsdl")
    assert link.text == "SOAP (WSDL)"
    facts = dict(
        zip([e.text for e in page.find_all("dt")], [e.text for e in page.find_all("dd")], strict=True)
    )
    assert facts["Address for ArcPy"] == "https://gp.example.org/arcgis/services;Tests/Zones"


@pytest.mark.parametrize("names", [{}, {"folder": "Tests"}], ids=["root", "folder"])
def test_catalogue_says_where_it_speaks_soap(names: dict[str, str]) -> None:
    page = draw("catalogue", DOCUMENTS["catalogue"], **names)
    assert page.find("a", href="/arcgis/services?wsdl").text == "SOAP (WSDL)"


def test_folder_of_hosted_services_is_shown_though_another_function_lists_it() -> None:
    page = draw("catalogue", {"folders": ["Tests", "Hosted"], "services": []})
    tile = page.find("a", href="/arcgis/rest/services/Hosted")
    assert tile.text == "Hosted"
    assert "Results of jobs that are kept as feature services" in page.find("main").text


def test_task_has_its_form_and_tells_of_every_parameter() -> None:
    page = draw("task", task(), service="Tests/Zones", task="Buffer")
    assert page.find("form", data_task_form=None).attributes["data-execution"] == "sync"
    shown = {e.attributes["id"].removeprefix("parameter-"): e.text for e in page.find_all(_class="parameter")}
    assert list(shown) == ["points", "distance", "method", "field", "count", "zones"]
    assert "Required" in shown["points"]
    assert "Features GPFeatureRecordSetLayer · Points" in shown["points"]
    assert "Default value 5 kilometers" in shown["distance"]
    assert "Choice list PLANAR" in shown["method"]
    assert "Depends on points" in shown["field"]
    assert "Range 1 to 9" in shown["count"]
    assert "Derived" in shown["zones"]
    assert page.find("a", href="https://example.org/help").text == "Help"


def test_page_leads_to_the_same_as_data_and_keeps_no_token() -> None:
    asked = request(token="secret-token", start="a&b", f="html")
    body = PAGES.draw(asked, route("catalogue"), DOCUMENTS["catalogue"]).body
    assert b"secret-token" not in body
    links = [link.attributes["href"] for link in read_page(body).find(_class="formats").find_all("a")]
    data = [f"/arcgis/rest/services?start=a%26b&f={name}" for name in ("json", "pjson")]
    assert links == [*data, "/arcgis/services?wsdl"]


@pytest.mark.parametrize(
    ("query", "headers", "language"),
    [
        ({}, {}, "en"),
        ({}, {"accept-language": "de-AT,de;q=0.9,en;q=0.5"}, "de"),
        ({}, {"accept-language": "en;q=0.5, de;q=0.9"}, "de"),
        ({}, {"accept-language": "fr,de;q=0,*;q=0.1"}, "en"),
        ({}, {"accept-language": "fr;q=x, ,;;q=1,de"}, "de"),
        ({"lang": "DE"}, {"accept-language": "en"}, "de"),
        ({"lang": "en"}, {"accept-language": "de", "cookie": f"{COOKIE}=de"}, "en"),
        ({"lang": "xx"}, {"cookie": f"{COOKIE}=de"}, "de"),
        ({}, {"cookie": f"{COOKIE}=../../etc"}, "en"),
    ],
)
def test_language_is_the_one_that_the_reader_asks_for(
    query: dict[str, str], headers: dict[str, str], language: str
) -> None:
    response = PAGES.draw(request(headers=headers, **query), route("health"), {"success": True})
    assert read_page(response.body).find("html").attributes["lang"] == language


def test_choice_of_a_language_is_kept() -> None:
    response = PAGES.draw(request(lang="de"), route("health"), {"success": True})
    assert response.headers["set-cookie"].startswith("lang=de; Path=/arcgis; ")
    assert "set-cookie" not in PAGES.draw(request(), route("health"), {"success": True}).headers


@pytest.mark.parametrize(
    ("cookie", "user", "shown"),
    [
        ("", "", "Sign in"),
        ("agstoken=x", "ana", "ana Sign out"),
        ("", "ana", "ana"),
        ("agstoken=x", "", "Sign out"),
    ],
)
def test_bar_tells_who_has_signed_in(cookie: str, user: str, shown: str) -> None:
    asked = request(headers={"cookie": cookie}, user=user)
    page = read_page(PAGES.draw(asked, route("health"), {"success": True}).body)
    bar = page.find(_class="topbar-tools").text
    assert bar == f"Recent jobs EN DE {shown}"


def error_page(
    error: Exception, path: str = "/rest/services/Tests/Zones/GPServer/No", **names: str
) -> Element:
    found = route("task", **names) if names else None
    return read_page(PAGES.draw_error(request(path), found, error, envelope(error)).body)


@pytest.mark.parametrize(
    ("error", "code", "title", "links"),
    [
        (NotFound(HOSTILE), "404", "There is nothing here", ["Back to Zones", "All services"]),
        (UnknownJob("No job."), "400", "There is nothing here", ["Back to Zones", "All services"]),
        (TokenRequired(), "499", "Please sign in", ["Sign in", "Back to Zones", "All services"]),
        (InvalidToken(), "498", "Please sign in again", ["Sign in", "Back to Zones", "All services"]),
        (Forbidden(), "403", "This is not for you to see", ["Sign in", "Back to Zones", "All services"]),
        (QuotaReached("100 jobs."), "429", "Too many requests", ["Back to Zones", "All services"]),
        (ToolError("No roads."), "400", "The task did not succeed", ["Back to Zones", "All services"]),
        (KeyError("inside"), "500", "Something went wrong here", ["Back to Zones", "All services"]),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_error_tells_what_was_wrong_and_the_ways_on(
    error: Exception, code: str, title: str, links: list[str]
) -> None:
    page = error_page(error, service="Tests/Zones", task="No")
    assert page.find(_class="code-number").text == code
    assert page.find("h1").text == title
    assert "inside" not in page.find("main").text
    assert [link.text for link in page.find(_class="actions").find_all("a")] == links


def test_error_before_anything_is_known_has_a_page() -> None:
    error = NotFound(HOSTILE)
    body = PAGES.draw_error(None, None, error, envelope(error)).body
    assert HOSTILE in read_page(body).find("main").text
    assert b"<script>alert" not in body


def test_link_to_a_sign_in_leads_back() -> None:
    page = error_page(TokenRequired(), service="Tests/Zones", task="No")
    link = page.find(_class="actions").find_all("a")[0].attributes["href"]
    assert link == f"/arcgis{LOGIN}?next=%2Farcgis%2Frest%2Fservices%2FTests%2FZones%2FGPServer%2FNo"


def test_answer_that_is_too_large_is_offered_as_a_file() -> None:
    url = "https://store.example.org/answer.json?signature=1&x=2"
    page = read_page(PAGES.draw_link(request(), route("execute", **NAMES), url).body)
    assert page.find("h1").text == "The answer is too large for a page"
    assert page.find("a", href=url).text == "Download the file"


def test_task_of_jobs_sends_jobs() -> None:
    pages = DirectoryPages(DirectorySite(descriptions=Described("Asynchronous")))
    page = draw("task", task("Asynchronous"), pages, service="Tests/Zones", task="Buffer")
    form = page.find("form", data_task_form=None)
    assert form.attributes["action"] == "/arcgis/rest/services/Tests/Zones/GPServer/Buffer/submitJob"
    assert "Submit Job (POST)" in form.text
