"""Texts typed into the fields of each data type become its value on the wire, or a mistake at a field."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from gpserverless.http.request import read_request
from gpserverless.http.response import Response
from gpserverless.protocols.directory.forms.csv_text import MAX_CSV
from gpserverless.protocols.directory.forms.mistakes import MAX_SHOWN
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.read import read_values
from gpserverless.protocols.gpserver.routes import find_route_of_site
from tests.protocols.directory.forms.conftest import ROOT, RUN, Site, make_task
from tests.protocols.directory.forms.page_form import PageForm

ITEM = "i00000000-0000-0000-0000-000000000000"
COLUMNS = [
    {"name": "Name", "dataType": "GPString", "displayName": "The name"},
    {"name": "Area", "dataType": "GPArealUnit", "displayName": "The area"},
]
MEMBERS = [{"name": "", "dataType": "GPLinearUnit"}, {"name": "", "dataType": "GPString"}]
CITIES = ["Bonn, Rhein", "Kiel", "Ulm", "Köln", "Jena"]

TYPED: list[tuple[str, dict[str, Any], dict[str, Any], Any]] = [
    ("GPString", {}, {"V": " a "}, " a "),
    ("GPString", {"choiceList": ["FULL", "LEFT"]}, {"V": "LEFT"}, "LEFT"),
    ("GPString", {"choiceList": CITIES}, {"V": "Ulm"}, "Ulm"),
    ("GPBoolean", {}, {"V": "false"}, "false"),
    ("GPLong", {}, {"V": " 12 "}, "12"),
    ("GPDouble", {}, {"V": "1.5e3"}, "1.5e3"),
    ("GPDate", {}, {"V": "2026-11-21T08:30"}, "1795249800000"),
    ("GPDate", {}, {"V": "2026-11-21T08:30:00.5"}, "1795249800500"),
    ("GPDate", {}, {"V": "2026-11-21T08:30:00+02:00"}, "2026-11-21T08:30:00+02:00"),
    ("GPDate", {}, {"V": "yesterday"}, "yesterday"),
    ("GPStringHidden", {}, {"V": " x "}, " x "),
    ("GPSQLExpression", {}, {"V": "A > 1\nAND B < 2"}, "A > 1\r\nAND B < 2"),
    (
        "GPLinearUnit",
        {},
        {"V.number": "2.5", "V.units": "esriMiles"},
        {"distance": 2.5, "units": "esriMiles"},
    ),
    ("GPLinearUnit", {}, {"V.number": "2"}, {"distance": 2.0, "units": "esriMeters"}),
    ("GPArealUnit", {}, {"V.number": "3", "V.units": "esriAcres"}, {"area": 3.0, "units": "esriAcres"}),
    ("GPTimeUnit", {}, {"V.number": "3"}, {"time": 3.0, "units": "esriTimeUnitsDays"}),
    ("Field", {}, {"V": "POP"}, "POP"),
    ("GPSpatialReference", {}, {"V": "25832"}, "25832"),
    (
        "GPExtent",
        {},
        {"V.xmin": "0", "V.ymin": "1", "V.xmax": "2", "V.ymax": "3", "V.wkid": "25832"},
        {"xmin": 0.0, "ymin": 1.0, "xmax": 2.0, "ymax": 3.0, "spatialReference": {"wkid": "25832"}},
    ),
    (
        "GPEnvelope",
        {},
        {"V.xmin": "0", "V.ymin": "1", "V.xmax": "2", "V.ymax": "3"},
        {"xmin": 0.0, "ymin": 1.0, "xmax": 2.0, "ymax": 3.0},
    ),
    ("GPDataFile", {}, {"V": "https://example.org/a.zip"}, "https://example.org/a.zip"),
    ("GPDataFile", {}, {"V": ITEM}, {"itemID": ITEM}),
    ("GPRasterDataLayer", {}, {"V": '{"url": "https://a/b.tif"}'}, {"url": "https://a/b.tif"}),
    ("GPFeatureRecordSetLayer", {"choiceList": ["Cities"]}, {"V.layer": "Cities"}, "Cities"),
    (
        "GPFeatureRecordSetLayer",
        {},
        {"V": '{"type": "Point", "coordinates": [1, 2]}'},
        {"type": "Point", "coordinates": [1, 2]},
    ),
    ("GPMultiValue:GPString", {}, {"V": ["a,b", "c"]}, ["a,b", "c"]),
    ("GPMultiValue:GPString", {"choiceList": CITIES}, {"V": ["Bonn, Rhein"]}, ["Bonn, Rhein"]),
    ("GPMultiValue:GPLong", {}, {"V": ["1", "2"]}, ["1", "2"]),
    (
        "GPMultiValue:GPLinearUnit",
        {},
        {"V.0.number": "1", "V.1.number": "2", "V.1.units": "esriFeet"},
        [{"distance": 1.0, "units": "esriMeters"}, {"distance": 2.0, "units": "esriFeet"}],
    ),
    ("GPMultiValue:GPDataFile", {}, {"V": [ITEM, "https://a/b"]}, [{"itemID": ITEM}, "https://a/b"]),
    (
        "GPValueTable",
        {"parameterInfos": COLUMNS},
        {"V.0.0": "a,b", "V.1.0": "c", "V.1.1.number": "2", "V.1.1.units": "esriAcres"},
        [["a,b", None], ["c", {"area": 2.0, "units": "esriAcres"}]],
    ),
    (
        "GPComposite",
        {"parameterInfos": MEMBERS},
        {"V.type": "GPLinearUnit", "V.value": "5 Miles"},
        {"dataType": "GPLinearUnit", "value": "5 Miles"},
    ),
    ("GPComposite", {"parameterInfos": MEMBERS}, {"V.value": "5 Miles"}, "5 Miles"),
    (
        "GPMultiValue:GPComposite",
        {"parameterInfos": [{"name": "", "dataType": "GPComposite", "parameterInfos": MEMBERS}]},
        {"V.0.type": "GPString", "V.0.value": "x"},
        [{"dataType": "GPString", "value": "x"}],
    ),
]
"""Data type, members of the description, texts typed into fields of the page, value on the wire."""


def make_site(name: str, members: Mapping[str, Any], **more: Any) -> Site:
    return Site(make_task({"name": "V", "dataType": name, **members, **more}))


@pytest.mark.parametrize(("name", "members", "typed", "value"), TYPED)
def test_typed_texts_become_a_value(
    name: str, members: Mapping[str, Any], typed: Mapping[str, Any], value: Any
) -> None:
    site = make_site(name, members)
    form = site.open()
    for field, text in typed.items():
        form.set(field, text)
    values = site.read(form)
    assert not values.mistakes
    (sent,) = values.fields["v"]
    assert (sent if isinstance(value, str) else orjson.loads(sent)) == value


MISTAKES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    (
        "GPLinearUnit",
        {},
        {"V.number": "five"},
        "'five' is not a number. Accepted: a number such as 1500 or 2.5.",
    ),
    ("GPLinearUnit", {}, {"V.number": "1,5"}, "'1,5' is not a number."),
    ("GPExtent", {}, {"V.xmin": "0"}, "Ymin is missing. Accepted: four numbers: xmin, ymin, xmax, ymax."),
    (
        "GPExtent",
        {},
        {"V.xmin": "a", "V.ymin": "1", "V.xmax": "2", "V.ymax": "3"},
        "Xmin: 'a' is not a number.",
    ),
    ("GPMultiValue:GPLinearUnit", {}, {"V.1.number": "x"}, "Row 2: 'x' is not a number."),
    (
        "GPValueTable",
        {"parameterInfos": COLUMNS},
        {"V.1.1.number": "x"},
        "Row 2, The area: 'x' is not a number.",
    ),
    ("GPFeatureRecordSetLayer", {}, {"V": "a,b\n1,2"}, "Accepted:"),
    ("GPFeatureRecordSetLayer", {}, {"V": "lon,lat\n1"}, "row 2"),
    ("GPRecordSet", {}, {"V": "a,b\n1"}, "row 2"),
]


@pytest.mark.parametrize(("name", "members", "typed", "told"), MISTAKES)
def test_mistake_is_told_and_the_texts_are_kept(
    name: str, members: Mapping[str, Any], typed: Mapping[str, str], told: str
) -> None:
    site = make_site(name, members)
    form = site.open()
    for field, text in typed.items():
        form.set(field, text)
    answer = site.ask(form.pairs(), "POST")
    assert isinstance(answer, Response)
    page = PageForm(answer.body.decode())
    assert told.lower() in page.text.lower()
    for field, text in typed.items():
        assert text.replace("\n", "\r\n") in page.values(field)


def test_csv_becomes_features_with_all_their_digits() -> None:
    site = make_site("GPFeatureRecordSetLayer", {})
    form = site.open().fill(V="name;lon;lat\nBonn;7,0982068123456;50,7374\n")
    made = orjson.loads(site.read(form).fields["v"][0])
    assert made["features"][0]["geometry"] == {"x": 7.0982068123456, "y": 50.7374}
    assert made["features"][0]["attributes"]["name"] == "Bonn"
    assert made["spatialReference"]["wkid"] == 4326


@pytest.mark.parametrize("name", ["GPFeatureRecordSetLayer", "GPRecordSet"])
def test_csv_that_takes_long_is_refused_and_not_shown_again(name: str) -> None:
    site = make_site(name, {})
    answer = site.ask([("V", "lon,lat\n" + "1,2\n" * (MAX_CSV // 4))], "POST")
    assert isinstance(answer, Response)
    page = PageForm(answer.body.decode())
    assert "at most 500,000; longer as GeoJSON" in page.text
    assert page.values("V") == [""]


def test_text_that_is_too_long_to_be_shown_again_is_told() -> None:
    task = make_task(
        {"name": "Long", "dataType": "GPString"},
        {"name": "Missing", "dataType": "GPString", "parameterType": "esriGPParameterTypeRequired"},
    )
    answer = Site(task).ask([("Long", "x" * (MAX_SHOWN + 1))], "POST")
    assert isinstance(answer, Response)
    assert len(answer.body) < MAX_SHOWN
    assert "It is too long to be shown again" in answer.body.decode()


def test_csv_becomes_a_table() -> None:
    site = make_site("GPRecordSet", {})
    made = orjson.loads(site.read(site.open().fill(V="name,n\nBonn,1\nKiel,2")).fields["v"][0])
    assert [row["attributes"]["n"] for row in made["features"]] == [1, 2]


def test_csv_that_is_converted_with_remarks_is_shown_before_it_counts() -> None:
    site = make_site("GPFeatureRecordSetLayer", {})
    answer = site.ask(site.open().fill(V="x,y\n100,200\n").pairs(), "POST")
    assert isinstance(answer, Response)
    page = PageForm(answer.body.decode())
    assert "names no spatial reference" in page.text
    (converted,) = page.values("V")
    assert orjson.loads(converted)["features"][0]["geometry"] == {"x": 100.0, "y": 200.0}
    assert site.read(page).fields["v"] == (converted,)


def test_text_file_of_features_counts_if_nothing_is_typed() -> None:
    site = make_site("GPFeatureRecordSetLayer", {})
    parts = Parts.of({"V": [""], "V.file": ['{"features": []}']})
    assert read_values(site.document, parts).fields["v"] == ('{"features": []}',)


@pytest.mark.parametrize(
    "texts",
    [
        {"V": ["{}"], "V.layer": ["Cities"]},
        {"V": ["{}"], "V.file": ["{}"]},
        {"V.file": ["{}"], "V.layer": ["Cities"]},
    ],
)
def test_features_that_are_given_twice_are_refused(texts: Mapping[str, list[str]]) -> None:
    site = make_site("GPFeatureRecordSetLayer", {"choiceList": ["Cities"]})
    (mistake,) = read_values(site.document, Parts.of(texts)).mistakes
    assert mistake.text == "It is given twice. Accepted: one of: a layer, a text, a file."


def test_file_that_is_no_text_is_told_at_its_field() -> None:
    body = (
        b'--B\r\nContent-Disposition: form-data; name="v"; filename="a.gif"\r\n\r\n\xff\xfe\x81\r\n--B--\r\n'
    )
    event = {
        "rawPath": RUN,
        "body": b64encode(body).decode(),
        "isBase64Encoded": True,
        "headers": {"content-type": "multipart/form-data; boundary=B"},
        "requestContext": {"http": {"method": "POST"}, "domainName": "gp.example.org", "stage": "$default"},
    }
    request = read_request(event, ROOT)
    answer = make_site("GPDataFile", {}).pages.prepare(request, find_route_of_site(request.segments))
    assert isinstance(answer, Response)
    page = PageForm(answer.body.decode())
    assert "A file came as its value, and it is no text in utf-8." in page.text
    assert "f-V-wrong" in page.ids


def test_file_that_nobody_has_stored_is_told() -> None:
    site = make_site("GPRasterDataLayer", {})
    (mistake,) = read_values(site.document, Parts.of({"V": [""], "V.file": ["GIF"]})).mistakes
    assert mistake.text.startswith("The file was not stored. Accepted: the id of the item")


@pytest.mark.parametrize(("capabilities", "has_link"), [("Uploads", True), ("", False)])
def test_form_leads_to_the_uploads_if_there_are_any(capabilities: str, has_link: bool) -> None:
    site = Site(make_task({"name": "V", "dataType": "GPDataFile"}), capabilities)
    assert any(link.endswith("/S/GPServer/uploads") for link in site.open().links) is has_link


def test_few_choices_are_radio_buttons_and_many_a_list() -> None:
    few, many = {"choiceList": CITIES[:4]}, {"choiceList": CITIES}
    assert {c.kind for c in make_site("GPString", few).open().find("V")} == {"radio"}
    assert make_site("GPString", many).open().find("V")[0].options == ["", *CITIES]
    assert {c.kind for c in make_site("GPMultiValue:GPString", few).open().find("V")} == {"checkbox"}


def test_choices_have_their_labels() -> None:
    coded = [{"dataType": "GPString", "name": "Left side", "value": "L"}]
    labels = {"choiceList": ["L"], "filter": {"type": "codedValue", "list": coded}}
    form = make_site("GPString", labels, parameterType="esriGPParameterTypeRequired").open()
    assert "Left side" in form.text
    assert [c.attributes["value"] for c in form.find("V")] == ["L"]


def test_value_that_is_no_choice_is_kept_as_text() -> None:
    form = make_site("GPString", {"choiceList": CITIES}).open([("form", "1"), ("V", "Rom")])
    assert (form.find("V")[0].kind, form.values("V")) == ("text", ["Rom"])


def test_range_is_told() -> None:
    bounds = {"filter": {"type": "range", "minimum": 0, "maximum": 800}}
    form = make_site("GPDouble", bounds, defaultValue=5).open()
    assert "From 0 to 800." in form.text
    assert "If it is left empty: 5." in form.text
    assert form.find("V")[0].attributes["data-max"] == "800"


def test_fields_of_the_features_are_offered() -> None:
    schema = {"features": [], "fields": [{"name": "POP", "type": "esriFieldTypeInteger"}]}
    site = Site(
        make_task(
            {"name": "Places", "dataType": "GPFeatureRecordSetLayer", "defaultValue": schema},
            {"name": "V", "dataType": "Field", "dependency": "Places"},
        )
    )
    answer = site.ask()
    assert isinstance(answer, Response)
    assert b'<datalist id="fields-V"><option value="POP">' in answer.body
    assert site.open().fields["V"]["data-dependency"] == "Places"


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("GPMultiValue:GPString", ["a,b"]),
        ("GPMultiValue:GPString", ["a", "b"]),
        ("GPLinearUnit", ["{'distance': 5}"]),
        ("GPValueTable", ["a,1;b,2"]),
        ("GPExtent", ["[1"]),
    ],
)
def test_whole_value_of_a_program_is_left_alone(name: str, texts: list[str]) -> None:
    site = make_site(name, {"parameterInfos": COLUMNS[:1]} if name == "GPValueTable" else {})
    assert list(read_values(site.document, Parts.of({"v": texts, "V.number": ["7"]})).fields["v"]) == texts


@pytest.mark.parametrize(
    "name", ["GPLinearUnit", "GPValueTable", "GPExtent", "GPMultiValue:GPExtent", "GPDate"]
)
def test_whole_value_without_a_place_in_the_fields_is_shown_as_it_is(name: str) -> None:
    members = {"parameterInfos": COLUMNS} if name == "GPValueTable" else {}
    form = make_site(name, members).open([("form", "1"), ("V", "<b>[x")])
    assert form.values("V")[0] == "<b>[x"


SCRIPT = "\"'><script>alert(1)</script>"


@pytest.mark.parametrize("name", [name for name, *_ in TYPED])
def test_whatever_was_typed_is_escaped(name: str) -> None:
    members = (
        {"parameterInfos": COLUMNS if name == "GPValueTable" else MEMBERS}
        if name in ("GPValueTable", "GPComposite")
        else {}
    )
    fields = [("form", "1"), ("V", SCRIPT)]
    parts = [
        ("form", "1"),
        *(
            (f"V.{part}", SCRIPT)
            for part in (
                "number",
                "units",
                "xmin",
                "wkid",
                "type",
                "value",
                "0.0",
                "0.1.number",
                "layer",
                "each",
            )
        ),
    ]
    described = {"displayName": SCRIPT, "description": SCRIPT, "category": SCRIPT, "dependency": SCRIPT}
    for sent in (fields, parts):
        answer = make_site(name, members, **described).ask(sent)
        assert isinstance(answer, Response)
        assert b"<script>alert" not in answer.body


def test_rows_beyond_any_form_are_no_rows() -> None:
    parts = Parts.of({"V.0.0": ["a"], "V.1234567.0": ["b"], "V.٣.0": ["c"], "V.-1.0": ["d"], "V.x.0": ["e"]})
    assert parts.rows("V") == [0]


@pytest.mark.parametrize(("name", "has_map"), [("GPFeatureRecordSetLayer", True), ("GPRecordSet", False)])
def test_only_features_with_a_place_can_be_drawn(name: str, has_map: bool) -> None:
    page = make_site(name, {}).ask([("f", "html")])
    assert isinstance(page, Response)
    assert (b"data-draw " in page.body, b"data-map-place" in page.body) == (has_map, has_map)
    assert b"data-drop " in page.body
