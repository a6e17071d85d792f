"""Requests through every front door, paths to resources, and options in every spelling that clients use."""

from __future__ import annotations

import base64
import gzip
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3

from gpserverless.errors import GPServerlessError, InvalidParameter, NotFound, RequestError, TooLarge
from gpserverless.http.form import Fields
from gpserverless.http.request import Request, read_request
from gpserverless.http.request_body import FORM, read_body
from gpserverless.http.route import Route
from gpserverless.protocols.gpserver.call import read_call
from gpserverless.protocols.gpserver.options import read_options
from gpserverless.protocols.gpserver.routes import find_route, find_route_of_site
from gpserverless.toolkit.call import CallOptions
from gpserverless.toolkit.toolboxes import discover

JOB = "j" + "0" * 32


def event(path: str = "/arcgis/rest/services", query: str = "", **more: Any) -> dict[str, Any]:
    http = {"method": "GET", "path": path}
    context = {"http": http, "domainName": "gp.example.org", "stage": "$default"}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {},
        "requestContext": context,
        **more,
    }


def form(fields: str, encoded: bool = True) -> dict[str, Any]:
    body = base64.b64encode(fields.encode()).decode() if encoded else fields
    return event(headers={"Content-Type": f"{FORM}; charset=UTF-8"}, body=body, isBase64Encoded=encoded)


FIELDS = [
    ("a=1&b=&c", {"a": ["1"], "b": [""], "c": [""]}),
    ("a=1&A=2", {"a": ["1", "2"]}),
    ("a=x+y%20z%2B", {"a": ["x y z+"]}),
    ("a=%7B%22x%22%3A1%7D", {"a": ['{"x":1}']}),
    ("a=b=c", {"a": ["b=c"]}),
    ("a=%zz", {"a": ["%zz"]}),
    ("env%3AoutSR=4326", {"env:outSR": ["4326"]}),
    ("a=Gr%C3%BC%C3%9Fe", {"a": ["Grüße"]}),
    ("a=%EF%BF%BD", {"a": ["\ufffd"]}),
    ("", {}),
]


@pytest.mark.parametrize(("text", "fields"), FIELDS)
def test_fields(text: str, fields: dict[str, list[str]]) -> None:
    read = Fields(text)
    assert {name: read.all(name) for name in fields} == fields


def test_fields_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(RequestError, match="UTF-8"):
        Fields("a=%ff").all("a")


def test_too_many_fields_are_refused() -> None:
    with pytest.raises(TooLarge, match="1,001 fields; at most 1,000"):
        Fields("&".join(f"a{i}=1" for i in range(1001)))


def test_form_wins_over_the_query() -> None:
    read = read_request({**form("f=json&only=form"), "rawQueryString": "f=html&also=query"})
    assert (read.get("f"), read.get("only"), read.get("also"), read.get("none")) == (
        "json",
        "form",
        "query",
        "",
    )


@pytest.mark.parametrize("encoded", [True, False])
def test_form_bodies_come_encoded_and_plain(encoded: bool) -> None:
    assert read_request(form("a=Gr%C3%BC%C3%9Fe", encoded)).get("a") == "Grüße"


def test_payload_1_is_read_alike() -> None:
    read = read_request(
        {
            "httpMethod": "GET",
            "path": "/prod/arcgis/rest/services/Data%20Tools",
            "multiValueQueryStringParameters": {"f": ["json"], "a": ["1", "2"]},
            "headers": None,
            "requestContext": {"stage": "prod", "domainName": "gp.example.org"},
        }
    )
    assert (read.segments, read.all("a")) == (("rest", "services", "Data Tools"), ["1", "2"])
    assert read.root == "https://gp.example.org/prod/arcgis"


def test_public_url_is_configured_or_the_gateways_own() -> None:
    asked = event(headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert read_request(asked).root == "https://gp.example.org/arcgis"
    assert read_request(asked, "https://maps.example.org/arcgis/").root == "https://maps.example.org/arcgis"


SITES = [
    ("https://gp.example.org/gp/arcgis", "/gp/arcgis/rest/info", ("rest", "info")),
    ("https://gp.example.org/gp/arcgis/", "/gp//arcgis/REST/info/", ("REST", "info")),
    ("https://gp.example.org/gp/arcgis", "/arcgis/rest/info", ("rest", "info")),
    ("https://gp.example.org/gis", "/arcgis/rest/info", ("rest", "info")),
    ("https://gp.example.org", "/arcgis/rest/info", ("rest", "info")),
    ("", "/ArcGIS/rest/info", ("rest", "info")),
    ("https://gp.example.org/gp/arcgis", "/gp/arcgis", ()),
    ("", "/arcgis/rest", ("rest",)),
]


@pytest.mark.parametrize(("public_url", "path", "segments"), SITES)
def test_site_is_found_by_its_public_path_or_its_own(
    public_url: str, path: str, segments: tuple[str, ...]
) -> None:
    assert read_request(event(path), public_url).segments == segments


def test_key_of_an_api_mapping_that_is_not_public_is_not_the_site() -> None:
    with pytest.raises(NotFound):
        read_request(event("/gp/arcgis/rest/info"), "https://gp.example.org/arcgis")


def gzip_response(body: bytes) -> dict[str, Any]:
    headers = {"content-encoding": "gzip", "content-type": FORM}
    return event(headers=headers, body=base64.b64encode(gzip.compress(body)).decode(), isBase64Encoded=True)


def test_compressed_form_is_read() -> None:
    assert read_request(gzip_response(b"a=" + b"x" * 5_000_000)).all("a") == ["x" * 5_000_000]
    assert read_request(event(headers={"content-encoding": "gzip"})).get("a") == ""


def test_multipart_body_is_a_form_with_files() -> None:
    body, content_type = urllib3.encode_multipart_formdata(
        [("a", "1+1=2 & more"), ("b", "x"), ("b", "y"), ("file", ("a.csv", b"\x00"))]
    )
    sent = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    read = read_request(event(headers={"content-type": content_type}, **sent))
    assert (read.get("a"), read.all("b")) == ("1+1=2 & more", ["x", "y"])
    assert [(file.field, file.name, file.body) for file in read.files] == [("file", "a.csv", b"\x00")]


REFUSED = [
    (event("/arcgis/rest/services/../admin"), RequestError),
    (event("/arcgis/rest/services/a\\b"), RequestError),
    (event("/arcgis/rest/services/%2e%2e"), RequestError),
    (event("/arcgis/rest/services/a\x00b"), RequestError),
    (event("/server/rest/services"), NotFound),
    ({**form("a=1"), "body": "%%%"}, RequestError),
    (event(headers={"content-encoding": "gzip"}, body="x"), RequestError),
    (event(headers={"content-encoding": "br"}, body="x"), RequestError),
    (gzip_response(b"a=1") | {"body": base64.b64encode(gzip.compress(b"a=1")[:-5]).decode()}, RequestError),
    (gzip_response(b"a=" + bytes(30_000_000)), TooLarge),
    (gzip_response(b"") | {"body": base64.b64encode(gzip.compress(b"a=1") * 2).decode()}, RequestError),
    (event(headers={"content-type": "text/xml"}, body="<a/>"), RequestError),
]


@pytest.mark.parametrize(("asked", "error"), REFUSED)
def test_refused(asked: dict[str, Any], error: type[GPServerlessError]) -> None:
    with pytest.raises(error):
        read_request(asked)


TOO_LONG = [
    ("context", 32_768), ("env:outSR", 8_192), ("env:processSR", 8_192), ("returnZ", 1_000),
    ("returnM", 1_000),
    ("returnTrueCurves", 1_000), ("simplifyFeatures", 1_000), ("returnFeatureCollection", 1_000),
    ("returnColumnName", 1_000),
]  # fmt: skip


@pytest.mark.parametrize(("name", "most"), TOO_LONG)
def test_option_has_a_limit_which_the_error_tells(name: str, most: int) -> None:
    with pytest.raises(InvalidParameter) as caught:
        read_options(read_request(form(urlencode({name: "x" * (most + 1)}))))
    assert str(caught.value) == (
        f"Parameter '{name}': it has {most + 1:,} characters. Accepted: at most {most:,} characters."
    )
    with pytest.raises(InvalidParameter) as caught:
        read_options(read_request(form(urlencode({name: "x" * most}))))
    assert "it has" not in str(caught.value)


FLOOD = {"service": "Flood"}
DEPTH = {"service": "Flood", "task": "Depth"}
IN_FOLDER = {"service": "Water/Flood", "task": "Depth"}
ROUTES = [
    ("info", Route("info")),
    ("services", Route("catalogue")),
    ("services/Water", Route("catalogue", {"folder": "Water"})),
    ("services/Flood/GPServer", Route("service", FLOOD)),
    ("services/Flood/GPServer/", Route("service", FLOOD)),
    ("services/Flood/gpserver/Depth", Route("task", DEPTH)),
    ("services/Water/Flood/GPServer/Depth/execute", Route("execute", IN_FOLDER)),
    ("services/Flood/GPServer/Depth/submitJob/", Route("submitJob", DEPTH)),
    (f"services/Flood/GPServer/Depth/jobs/{JOB}", Route("job", DEPTH | {"job": JOB})),
    (f"services/Water/Flood/GPServer/Depth/jobs/{JOB}/cancel", Route("cancel", IN_FOLDER | {"job": JOB})),
    (f"services/Flood/GPServer/Depth/jobs/{JOB}/results", Route("results", DEPTH | {"job": JOB})),
    (f"services/Flood/GPServer/Depth/jobs/{JOB}/results/Out",
     Route("result", DEPTH | {"job": JOB, "parameter": "Out"})),
    (f"services/Flood/GPServer/Depth/jobs/{JOB}/inputs/In",
     Route("input", DEPTH | {"job": JOB, "parameter": "In"})),
    ("services/Flood/GPServer/uploads", Route("uploads", FLOOD)),
    ("services/Flood/GPServer/uploads/Info", Route("uploads", FLOOD, "info")),
    ("services/Flood/GPServer/uploads/register", Route("uploads", FLOOD, "register")),
    ("services/Flood/GPServer/uploads/i1", Route("item", FLOOD | {"item": "i1"})),
    ("services/Flood/GPServer/uploads/i1/UploadPart", Route("item", FLOOD | {"item": "i1"}, "uploadPart")),
    ("services/Flood/GPServer/uploads/i1/commit/", Route("item", FLOOD | {"item": "i1"}, "commit")),
    ("directories/arcgisjobs/flood_gpserver/j1/scratch/a.txt",
     Route("file", {"path": "arcgisjobs/flood_gpserver/j1/scratch/a.txt"})),
    ("directories/arcgisoutput/W/Flood_GPServer/W_Flood/spec/json-schema.json",
     Route("schema", is_for_programs=True)),
]  # fmt: skip


@pytest.mark.parametrize(("path", "route"), ROUTES)
def test_routes(path: str, route: Route) -> None:
    assert find_route_of_site(read_request(event(f"/arcgis/rest/{path}")).segments) == route


PATHS = [
    ("", ""),
    ("HEALTHCHECK", "healthCheck"),
    ("Services/Water", "services/Water"),
    ("services/Flood/gpserver/Depth/SUBMITJOB", "services/Flood/GPServer/Depth/submitJob"),
    (f"services/W/F/GPSERVER/D/Jobs/{JOB}/Results/Jobs", f"services/W/F/GPServer/D/jobs/{JOB}/results/Jobs"),
    ("services/Flood/GpServer/Uploads/i1/UPLOADPART", "services/Flood/GPServer/uploads/i1/uploadPart"),
    ("services/Flood/GPServer/INFO/ItemInfo", "services/Flood/GPServer/info/iteminfo"),
    ("services/GPServer/gpserver/Info", "services/GPServer/GPServer/info"),
    ("DIRECTORIES/arcgisoutput/A/b.CSV", "directories/arcgisoutput/A/b.CSV"),
]


@pytest.mark.parametrize(("path", "spelled"), PATHS)
def test_route_has_the_path_that_the_gateway_knows(path: str, spelled: str) -> None:
    assert find_route(tuple(filter(None, path.split("/")))).path == spelled


@pytest.mark.parametrize("path", ["/arcgis/admin", "/arcgis/services", "/arcgis/restless"])
def test_other_protocols_have_no_route_below_rest(path: str) -> None:
    with pytest.raises(NotFound):
        find_route_of_site(read_request(event(path)).segments)


NO_ROUTES = [
    ("services/Flood/GPServer/Depth/jobs", RequestError),
    ("services/Flood/GPServer/Depth/delete", RequestError),
    (f"services/Flood/GPServer/Depth/jobs/{JOB}/delete", RequestError),
    ("services/Flood/GPServer/Depth/jobs/nope", NotFound),
    ("services/a/b/Flood/GPServer", NotFound),
    ("services/Flood/MapServer", NotFound),
    ("admin", NotFound),
]


@pytest.mark.parametrize(("path", "error"), NO_ROUTES)
def test_no_routes(path: str, error: type[GPServerlessError]) -> None:
    with pytest.raises(error):
        find_route(tuple(path.split("/")))


def request(**fields: str) -> Request:
    return read_request(event(query=urlencode(fields)))


MERCATOR = {"wkid": 102100, "latestWkid": 3857}
BOX = {"xmin": 0.0, "ymin": 0.0, "xmax": 1.0, "ymax": 2.0}

OPTIONS = [
    ({}, CallOptions()),
    ({"env:outSR": "", "env:processSR": "", "returnZ": "", "context": ""}, CallOptions()),
    ({"returnZ": "True", "returnM": "FALSE"}, CallOptions(return_z=True)),
    ({"env:outSR": "102100"}, CallOptions(out_sr=MERCATOR)),
    ({"env:outSR": '{"wkid":102100}'}, CallOptions(out_sr=MERCATOR)),
    ({"ENV:OUTSR": "102100"}, CallOptions(out_sr=MERCATOR)),
    ({"env:outSR": "1.021e+05"}, CallOptions(out_sr=MERCATOR)),
    ({"env:outSR": "102100.0"}, CallOptions(out_sr=MERCATOR)),
    ({"env:outSR": '{"wkid":102100.0,"latestWkid":null}'}, CallOptions(out_sr=MERCATOR)),
    ({"env:outSR": "{'wkid': 102100}"}, CallOptions(out_sr=MERCATOR)),
    ({"env:outSR": "\ufeff102100"}, CallOptions(out_sr=MERCATOR)),
    ({"env:outSR": '{"wkid":null}', "env:processSR": "{}"}, CallOptions()),
    ({"returnZ": "1", "returnM": "1.0", "returnColumnName": "0"}, CallOptions(return_z=True, return_m=True)),
    ({"context": "\ufeff{'outSR': 102100.0, 'overwrite': True}"}, CallOptions(out_sr=MERCATOR)),
    ({"context": '{"OUTSR":102100}'}, CallOptions(out_sr=MERCATOR)),
    ({"context": '{"extent":{"xmin":"0","ymin":0.0,"xmax":1e0,"ymax":2,"spatialReference":{"wkid":null}}}'},
     CallOptions(extent=BOX)),
    ({"env:processSR": "4326"}, CallOptions(process_sr={"wkid": 4326, "latestWkid": 4326})),
    ({"context": '{"outSR":102100}', "env:outSR": "4326"}, CallOptions(out_sr=MERCATOR)),
    ({"context": '{"outSR":null,"processSR":null}'}, CallOptions()),
    ({"env:outSR": "null", "env:processSR": " null "}, CallOptions()),
    ({"context": '{outSR:{"wkid":102100}}'}, CallOptions(out_sr=MERCATOR)),
    ({"context": '{extent:{"xmin":0,"ymin":0,"xmax":1,"ymax":2}}'}, CallOptions(extent=BOX)),
    ({"context": '{"extent":{"xmin":0,"ymin":0,"xmax":1,"ymax":2,"spatial_reference":{"wkid":102100}}}'},
     CallOptions(extent={**BOX, "spatialReference": MERCATOR})),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "options"), OPTIONS)
def test_options(fields: dict[str, str], options: CallOptions) -> None:
    assert read_options(request(**fields)) == options


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"returnZ": "maybe"}, "returnZ"),
        ({"env:outSR": "999999"}, "env:outSR"),
        ({"env:outSR": "+proj=longlat"}, "env:outSR"),
        ({"context": "{{{"}, "context"),
        ({"context": "[]"}, "context"),
        ({"context": '{"outSr":4326,"cellSize":30}'}, "context"),
        ({"context": '{"outSR":4326,"outsr":102100}'}, "context"),
        ({"context": '{"extent":{"xmin":0,"ymin":0,"xmax":1,"ymax":1,"wkid":4326}}'}, "context.extent"),
        ({"env:outSR": '{"epsg":4326}'}, "env:outSR"),
        ({"env:outSR": "4326.5"}, "env:outSR"),
        ({"context": '{"outSR":{"wkid":"x"}}'}, "context.outSR"),
        ({"context": '{"extent":{"xmin":1,"ymin":0,"xmax":0,"ymax":1}}'}, "context.extent"),
        ({"context": '{"extent":{"xmin":"NaN","ymin":0,"xmax":0,"ymax":1}}'}, "context.extent"),
        ({"returnTrueCurves": "yes"}, "returnTrueCurves"),
        ({"simplifyFeatures": "99"}, "simplifyFeatures"),
    ],
)
def test_wrong_options_are_named(fields: dict[str, str], parameter: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        read_options(request(**fields))
    assert caught.value.parameter == parameter


def test_call_holds_declared_parameters_only() -> None:
    (echo,) = (
        t
        for box in discover()
        if box.spec.name == "Conformance/Sync"
        for t in box.spec.tasks
        if t.name == "Echo"
    )
    asked = read_request(
        event(query="in_gplong=3&In_GPString=&In_GPMultiValue_GPLong=1&in_gpmultivalue_gplong=2&jobId=x")
    )
    call = read_call(asked, "Conformance/Sync", echo)
    assert call.values == {"In_GPLong": "3", "In_GPMultiValue_GPLong": '["1","2"]'}


@pytest.mark.parametrize("name", ["esri_out_image_service", "ESRI_out_image_service_name"])
def test_image_service_is_refused_by_name(name: str) -> None:
    """A raster that nobody keeps would be gone with its job, and the caller would not know."""
    (sync,) = (box.spec for box in discover() if box.spec.name == "Conformance/Sync")
    echo = next(task for task in sync.tasks if task.name == "Echo")
    assert read_call(read_request(event(query=f"{name}=+")), sync.name, echo).values == {}
    with pytest.raises(InvalidParameter, match="rasters are not kept as services") as caught:
        read_call(read_request(event(query=f"{name}=heights")), sync.name, echo)
    assert caught.value.parameter == name.lower()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ingplong=3", "3"),
        ("in_gp_long=3", "3"),
        ("IN_GPLONG=3&ingplong=4", "3"),
        ("ingplong=4&In_GPLong=3", "3"),
        ("in-gplong=3", None),
    ],
)
def test_name_of_a_parameter_may_have_other_underscores(query: str, found: str | None) -> None:
    """Programs send z_factor where lists of tools say zfactor; ignored, it would be wrong without a word."""
    (sync,) = (box.spec for box in discover() if box.spec.name == "Conformance/Sync")
    echo = next(task for task in sync.tasks if task.name == "Echo")
    assert read_call(read_request(event(query=query)), sync.name, echo).values.get("In_GPLong") == found


@pytest.mark.parametrize(
    ("fields", "values"),
    [
        ([("In_GPLong", "\ufeff5.0"), ("In_GPString", "\ufeffx")], {"In_GPLong": "5.0", "In_GPString": "x"}),
        ([("In_GPLong", " \t"), ("In_GPString", " ")], {"In_GPString": " "}),
        ([("In_GPDate", "\n"), ("In_GPStringHidden", "  ")], {"In_GPStringHidden": "  "}),
        ([("In_GPValueTable", '["a",1,null]'), ("In_GPValueTable", "b,2,")],
         {"In_GPValueTable": '["[\\"a\\",1,null]","b,2,"]'}),
    ],
)  # fmt: skip
def test_values_are_taken_as_clients_send_them(fields: list[tuple[str, str]], values: dict[str, str]) -> None:
    (sync,) = (box.spec for box in discover() if box.spec.name == "Conformance/Sync")
    echo = next(task for task in sync.tasks if task.name == "Echo")
    assert read_call(read_request(event(query=urlencode(fields))), sync.name, echo).values == values


BODIES: list[tuple[dict[str, Any], bytes]] = [
    ({}, b""),
    ({"body": "<a/>"}, b"<a/>"),
    ({"body": "<a>\u00f6</a>"}, b"\xef\xbb\xbf<a>\xc3\xb6</a>"),
    ({"body": "\ufeff<a>\u00f6</a>"}, b"\xef\xbb\xbf<a>\xc3\xb6</a>"),
    ({"body": base64.b64encode(b"<a>\xf6</a>").decode(), "isBase64Encoded": True}, b"<a>\xf6</a>"),
]


@pytest.mark.parametrize(("more", "body"), BODIES)
def test_body_that_the_gateway_has_decoded_is_marked_as_utf8(more: dict[str, Any], body: bytes) -> None:
    assert read_body(event(**more)) == body
