"""A person opens the form of a task, fills it in and sends it; no script runs anywhere."""

from __future__ import annotations

import pytest

from gpserverless.errors import InvalidParameter
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from tests.protocols.directory.forms.conftest import RUN, Site, make_task
from tests.protocols.directory.forms.page_form import PageForm

ZONES = make_task(
    {
        "name": "Places",
        "dataType": "GPFeatureRecordSetLayer",
        "defaultValue": {"features": [], "fields": [{"name": "NAME", "type": "esriFieldTypeString"}]},
        "parameterType": "esriGPParameterTypeRequired",
        "filter": {"type": "featureClass", "list": ["esriGeometryPoint"]},
    },
    {"name": "Distance", "dataType": "GPLinearUnit", "parameterType": "esriGPParameterTypeRequired"},
    {"name": "Side", "dataType": "GPString", "choiceList": ["FULL", "LEFT"], "defaultValue": "FULL"},
    {"name": "Password", "dataType": "GPStringHidden", "category": "Access"},
)
FILLED = [("Places", "name,lon,lat\r\nBonn,7.1,50.7\r\n"), ("Distance.number", "5"), ("Side", "LEFT")]


@pytest.fixture
def site() -> Site:
    return Site(ZONES)


def test_form_is_filled_in_and_sent(site: Site) -> None:
    form = site.open([("f", "html")])
    assert form.attributes["action"] == RUN
    assert form.attributes["method"] == "post"
    form.fill(Places="name,lon,lat\nBonn,7.1,50.7\n", Distance__number="5", Distance__units="esriMiles")
    sent = site.ask([*form.pairs()], "POST")
    assert isinstance(sent, Request)
    assert sent.all("Distance") == ['{"distance":5.0,"units":"esriMiles"}']
    assert '"geometry":{"x":7.1,"y":50.7}' in sent.all("Places")[0]
    assert sent.all("Side") == ["FULL"]
    assert sent.all("f") == ["html"]


def test_handler_gets_no_part(site: Site) -> None:
    sent = site.ask([("f", "html"), *FILLED, ("Password", "x"), ("returnZ", "true")], "POST")
    assert isinstance(sent, Request)
    assert sorted(sent.form.names) == ["distance", "f", "password", "places", "returnz", "side"]


def test_every_missing_value_is_told_at_once_and_the_others_are_kept(site: Site) -> None:
    answer = site.ask([("f", "html"), ("Distance.number", "5x"), ("Side", "LEFT")], "POST")
    assert isinstance(answer, Response)
    assert answer.status == 400
    page = PageForm(answer.body.decode())
    assert [link for link in page.links if link.startswith("#f-")] == ["#f-Places", "#f-Distance"]
    assert {"f-Places", "f-Places-wrong", "f-Distance", "f-Distance-wrong"} <= set(page.ids)
    assert "A value is required." in page.text
    assert "'5x' is not a number." in page.text
    assert page.values("Distance.number") == ["5x"]
    assert page.values("Side") == ["LEFT"]
    assert page.find("Places")[0].attributes["aria-invalid"] == "true"
    assert page.find("Places")[0].attributes["aria-describedby"] == "f-Places-help f-Places-wrong"


def test_mistake_that_the_task_finds_is_told_at_its_field(site: Site) -> None:
    error = InvalidParameter("Places", "features[0] has no x", "points")
    page = PageForm(site.draw_error([("f", "html"), *FILLED], error))
    assert "Features[0] has no x. Accepted: points." in page.text
    assert page.values("Places") == [FILLED[0][1]]
    assert page.values("Distance.number") == ["5"]


def test_wrong_option_is_told_in_the_options(site: Site) -> None:
    fields = [("f", "html"), *FILLED, ("context", '{"outSR": 1}')]
    page = site.draw_error(fields, InvalidParameter("context.outSR", "1 is unknown"))
    assert "1 is unknown." in PageForm(page).text
    assert '<details class="options" open>' in page
    assert PageForm(page).values("context") == ['{"outSR": 1}']


def test_other_errors_have_their_own_page(site: Site) -> None:
    assert "data-task-form" not in site.draw_error(FILLED, InvalidParameter("token", "it is too long"))
    assert "data-task-form" not in site.draw_error(FILLED, ValueError("x"))


@pytest.mark.parametrize("fields", [[], [("f", "html")], [("lang", "de"), ("token", "t")]])
def test_form_is_asked_for_by_no_values(site: Site, fields: list[tuple[str, str]]) -> None:
    assert site.open(fields).values("Side") == ["FULL"]


def test_link_with_values_shows_the_form_and_runs_nothing(site: Site) -> None:
    form = site.open([("form", "1"), ("Distance", "5 Miles"), ("Side", "left"), ("Places", "Cities")])
    assert form.values("Distance.number") == ["5"]
    assert form.values("Distance.units") == ["esriMiles"]
    assert form.values("Side") == ["LEFT"]
    assert form.values("Places") == ["Cities"]


def test_values_of_programs_pass_as_they_are(site: Site) -> None:
    places = '{"features": [{"geometry": {"x": 1, "y": 2}}]}'
    sent = site.ask([("Places", places), ("Distance", "5 Miles"), ("Side", "FULL")])
    assert isinstance(sent, Request)
    assert sent.all("Places") == [places]
    assert sent.all("Distance") == ["5 Miles"]


def test_hidden_text_is_never_shown_and_never_in_a_url(site: Site) -> None:
    answer = site.ask([("Password", "s3cret"), ("Distance.number", "x")], "POST")
    assert isinstance(answer, Response)
    assert b"s3cret" not in answer.body
    assert b'formmethod="get"' not in answer.body
    assert PageForm(answer.body.decode()).find("Password")[0].kind == "password"


def test_fields_stand_under_their_category_and_say_what_they_are(site: Site) -> None:
    answer = site.ask()
    assert isinstance(answer, Response)
    assert b"<legend>Access</legend>" in answer.body
    fields = PageForm(answer.body.decode()).fields
    assert fields["Places"]["data-geometry"] == "esriGeometryPoint"
    assert fields["Places"]["data-type"] == "GPFeatureRecordSetLayer"
    assert "data-required" in fields["Distance"]
    assert "data-required" not in fields["Side"]


def test_task_without_inputs_runs_by_get_too() -> None:
    site = Site(make_task())
    assert isinstance(site.ask(site.open().pairs()), Request)


def test_parameter_that_is_called_form_is_a_value() -> None:
    site = Site(make_task({"name": "form", "dataType": "GPString"}))
    sent = site.ask([("form", "1")])
    assert isinstance(sent, Request)
    assert sent.all("form") == ["1"]


def test_job_is_submitted() -> None:
    form = Site(make_task(execution="Asynchronous")).open()
    assert form.attributes["action"].endswith("/Task/submitJob")
    assert form.attributes["data-execution"] == "async"
