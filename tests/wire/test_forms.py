"""The forms of the directory over real HTTP: a page is fetched, its form filled in and sent, by no script."""

from __future__ import annotations

from urllib.parse import urlencode, urljoin

import pytest
import urllib3

from tests.protocols.directory.forms.page_form import PageForm
from tests.wire.conftest import Site

SYNC = "Conformance/Sync"
POINTS = "name,lon,lat\nBonn,7.1,50.7\nKiel,10.1,54.3\n"


def fetch(site: Site, path: str) -> urllib3.BaseHTTPResponse:
    """Return a page as a browser fetches it."""
    return site.pool.request("GET", urljoin(site.url, path), headers={"accept": "text/html"}, redirect=False)


def send(site: Site, form: PageForm, method: str = "POST") -> urllib3.BaseHTTPResponse:
    """Send a form as a browser does by one of its buttons."""
    url = urljoin(site.url, form.attributes["action"])
    if method == "GET":
        return site.pool.request("GET", f"{url}?{urlencode(form.pairs())}", redirect=False)
    return site.pool.request("POST", url, fields=form.pairs(), encode_multipart=True, redirect=False)


def open_form(site: Site, service: str, task: str, operation: str = "execute") -> PageForm:
    """Return the form of a task."""
    page = fetch(site, f"{site.task(service, task)}/{operation}?f=html")
    assert page.status == 200
    return PageForm(page.data.decode())


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_form_of_points_is_sent_and_answered(site: Site, method: str) -> None:
    form = open_form(site, "Samples", "BufferPoints")
    form.fill(points=POINTS, distance__number="5", distance__units="esriKilometers")
    page = send(site, form, method)
    assert page.status == 200
    text = page.data.decode()
    assert "Bonn" in text
    assert "data-task-form" not in text or "is required" not in text


def test_form_of_all_data_types_is_sent_and_answered(site: Site) -> None:
    form = open_form(site, SYNC, "Echo")
    form.fill(
        In_GPBoolean="true",
        In_GPLong="41",
        In_GPString="a <b>, c",
        In_GPDate="2026-11-21T08:30",
        In_GPLinearUnit__number="7.25",
        In_GPExtent__xmin="0",
        In_GPExtent__ymin="1",
        In_GPExtent__xmax="2",
        In_GPExtent__ymax="3.125",
        In_GPExtent__wkid="25832",
        In_GPValueTable__0__0="first, row",
        In_GPValueTable__0__2__number="3.5",
        In_GPComposite__type="GPLong",
        In_GPComposite__value="77",
        In_Layer__layer="Places",
        In_GPMultiValue_GPString=["one, two", "three"],
        In_GPMultiValue_GPTimeUnit__0__number="6.5",
    )
    page = send(site, form)
    text = page.data.decode()
    assert page.status == 200, text
    told = ("a &lt;b&gt;, c", "7.25", "3.125", "first, row", "3.5", "77", "one, two", "three", "6.5")
    assert not [each for each in told if each not in text]


def test_mistakes_are_told_at_their_fields(site: Site) -> None:
    form = open_form(site, "Samples", "BufferPoints").fill(distance__number="x")
    page = send(site, form)
    assert page.status == 400
    again = PageForm(page.data.decode())
    assert {"f-points-wrong", "f-distance-wrong"} <= set(again.ids)
    again.fill(points='{"features": [{"geometry": {"x": "a", "y": 1}}]}', distance__number="5")
    page = send(site, again)
    assert page.status == 400
    last = PageForm(page.data.decode())
    assert "f-points-wrong" in last.ids
    assert "f-distance-wrong" not in last.ids
    assert last.values("distance.number") == ["5"]


def test_job_is_submitted_and_its_page_is_next(site: Site) -> None:
    form = open_form(site, "Conformance/Async", "Sleep", "submitJob").fill(Seconds="0")
    page = send(site, form)
    assert page.status == 303
    assert "/GPServer/Sleep/jobs/j" in page.headers["location"]


def test_job_with_a_mistake_is_not_submitted(site: Site) -> None:
    page = send(site, open_form(site, "Conformance/Async", "Sleep", "submitJob").fill(Seconds="900"))
    assert page.status == 400
    form = PageForm(page.data.decode())
    assert "f-Seconds-wrong" in form.ids
    assert form.values("Seconds") == ["900"]


def test_form_needs_a_sign_in_where_the_task_does(site: Site) -> None:
    page = fetch(site, f"{site.task('Conformance/Secured', 'CopyFile')}/execute?f=html")
    assert page.status in (302, 303)
    assert "login" in page.headers["location"]


def test_file_of_another_kind_is_told_at_its_field(site: Site) -> None:
    url = f"{site.url}/arcgis/rest/services/{SYNC}/GPServer/uploads/upload"
    fields = {"f": "html", "description": "<mine>", "file": ("a.exe", b"MZ")}
    page = site.pool.request("POST", url, fields=fields)
    text = page.data.decode()
    assert page.status == 400
    assert 'id="file-wrong"' in text
    assert "&lt;mine&gt;" in text


def test_item_that_was_uploaded_before_is_the_value(site: Site) -> None:
    url = f"{site.url}/arcgis/rest/services/{SYNC}/GPServer/uploads/upload"
    answer = site.pool.request(
        "POST", url, fields={"f": "json", "file": ("a.txt", b"31.25 of a file")}
    ).json()
    form = open_form(site, SYNC, "Echo").fill(In_GPDataFile=answer["item"]["itemID"])
    page = send(site, form)
    assert page.status == 200
