"""Answers in every format, and errors in every format."""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from gpserverless.datatypes.base import DumpOptions
from gpserverless.datatypes.features import GPFeatureRecordSetLayer
from gpserverless.errors import (
    InvalidParameter,
    MissingParameter,
    NotFound,
    RequestError,
    StorageError,
    TooLarge,
    ToolError,
    UnsupportedFormat,
)
from gpserverless.http.answer_format import Format, read_format
from gpserverless.http.request import Request, read_request
from gpserverless.http.response import LONG_BODY, MAX_BODY, MAX_HANDED_OVER, Response
from gpserverless.http.write import envelope, write, write_error, write_file
from gpserverless.protocols.gpserver.feature_formats import encode_features


def request(**fields: str) -> Request:
    context = {"http": {"method": "GET"}, "domainName": "gp.example.org", "stage": "$default"}
    return read_request(
        {"rawPath": "/arcgis/rest/info", "rawQueryString": urlencode(fields), "requestContext": context}
    )


@pytest.mark.parametrize(
    ("fields", "answer_format"),
    [
        ({}, Format("html")),
        ({"f": "json"}, Format("json")),
        ({"f": "PJSON"}, Format("pjson")),
        ({"f": "pgeojson"}, Format("geojson")),
        ({"f": "CSV", "callback": "fn"}, Format("csv")),
        (
            {"f": "json", "callback": "dojo.io.script.jsonp_1._cb"},
            Format("json", "dojo.io.script.jsonp_1._cb"),
        ),
        ({"callback": "fn"}, Format("html")),
    ],
)
def test_formats(fields: dict[str, str], answer_format: Format) -> None:
    assert read_format(request(**fields)) == answer_format


@pytest.mark.parametrize(
    "fields",
    [{"f": "lyr"}, {"f": "json2"}, {"f": "json", "callback": "alert(1)"}, {"f": "json", "callback": "ä"}],
)
def test_unsupported_formats(fields: dict[str, str]) -> None:
    with pytest.raises((UnsupportedFormat, InvalidParameter)):
        read_format(request(**fields))


def test_unsupported_format_says_which_are_supported() -> None:
    with pytest.raises(UnsupportedFormat, match="Supported are html, json, pjson"):
        read_format(request(f="lyr"))


@pytest.mark.parametrize(
    ("answer_format", "content_type", "body"),
    [
        (Format("json"), "application/json; charset=utf-8", b'{"a":[1]}'),
        (Format("pjson"), "application/json; charset=utf-8", b'{\n  "a": [\n    1\n  ]\n}'),
        (Format("json", "fn"), "application/javascript; charset=utf-8", b'/**/fn({"a":[1]});'),
    ],
)
def test_answers(answer_format: Format, content_type: str, body: bytes) -> None:
    for document in ({"a": [1]}, b'{"a":[1]}'):
        response = write(document, answer_format)
        assert (response.content_type, response.body) == (content_type, body)


def test_format_of_features_is_saved_under_a_name() -> None:
    saved = write_file(b"a\r\n", Format("csv"), "Zones")
    assert saved.content_type == "text/csv; charset=utf-8"
    assert saved.headers["content-disposition"] == 'attachment; filename="Zones.csv"'
    assert "content-disposition" not in write_file(b"{}", Format("geojson", "fn"), "Zones").headers


LONG = LONG_BODY + 1
PAYLOADS = [
    ("short", b'"', LONG_BODY, "application/json", False),
    ("digits", b"1", LONG, "application/json; charset=utf-8", False),
    ("features", b'[{"x":1.234567890123456,"y":1.234567890123456}]', 2_000, "application/geo+json", False),
    ("quotes", b'{"":""}', 10_000, "application/json", True),
    ("backslashes", b"\\", LONG, "application/json", True),
    ("ends of lines", b"[\n1\n]", 20_000, "application/json", True),
    ("another alphabet", "é".encode(), LONG, "application/json", True),
    ("no JSON", b"1", LONG, "text/html; charset=utf-8", True),
    ("a picture", b"1", 1, "image/png", True),
]
"""Each body as a piece and how often it stands there: a worker keeps these tables until its end."""


@pytest.mark.parametrize(
    ("piece", "times", "content_type", "encoded"), [p[1:] for p in PAYLOADS], ids=[p[0] for p in PAYLOADS]
)
def test_body_is_handed_over_in_the_way_that_makes_it_less_long(
    piece: bytes, times: int, content_type: str, encoded: bool
) -> None:
    body = piece * times
    payload = Response(body, content_type).to_payload()
    assert payload["isBase64Encoded"] is encoded
    assert (b64decode(payload["body"]) if encoded else payload["body"].encode()) == body
    if len(body) > LONG_BODY:
        assert len(json.dumps(payload)) < 1.34 * len(body) + 1_000


@pytest.mark.parametrize(
    ("make", "headers", "fits"),
    [
        (lambda: b"1" * (MAX_HANDED_OVER - 2) + b"\n", {}, True),
        (lambda: b"1" * MAX_HANDED_OVER + b"\n", {}, False),
        (lambda: b"1" * MAX_HANDED_OVER, {"content-encoding": "gzip"}, False),
        (lambda: b'"' * MAX_BODY, {}, True),
        (lambda: b'"' * (MAX_HANDED_OVER // 4 * 3 + 3_000), {}, False),
        (lambda: b'"' * LONG_BODY, {}, True),
    ],
    ids=["digits", "a digit more", "packed", "base64", "more base64", "quotes"],
)
def test_what_fits_can_be_handed_over(make: Callable[[], bytes], headers: dict[str, str], fits: bool) -> None:
    response = Response(make(), headers=headers)
    assert response.fits is fits
    assert (len(json.dumps(response.to_payload())) < 6 * 2**20) >= fits


def test_every_answer_has_the_headers_that_keep_browsers_safe() -> None:
    headers = write({}, Format()).to_payload()["headers"]
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]


ENVELOPES = [
    (
        InvalidParameter("Distance", "'x' is not a number", "a number"),
        400,
        "Invalid or missing input parameters.",
        ["Parameter 'Distance': 'x' is not a number. Accepted: a number."],
    ),
    (
        MissingParameter("Distance", "a number"),
        400,
        "Invalid or missing input parameters.",
        ["Parameter 'Distance': a value is required. Accepted: a number."],
    ),
    (NotFound("Job not found."), 404, "Not found.", ["Job not found."]),
    (RequestError("Invalid URL"), 400, "Unable to complete operation.", ["Invalid URL"]),
    (ToolError("No points."), 400, "Unable to complete operation.", ["No points."]),
    (
        StorageError("secret table name"),
        500,
        "Unable to complete operation.",
        ["The service failed; try again."],
    ),
    (ZeroDivisionError("secret"), 500, "Unable to complete operation.", ["The service failed; try again."]),
]


@pytest.mark.parametrize(("error", "code", "message", "details"), ENVELOPES)
def test_envelopes(error: Exception, code: int, message: str, details: list[str]) -> None:
    assert envelope(error) == {"error": {"code": code, "message": message, "details": details}}


def test_errors_are_http_200_for_clients_and_real_codes_for_browsers() -> None:
    assert write_error(NotFound("x"), Format("json")).status == 200
    assert write_error(NotFound("x"), Format("html")).status == 404
    padded = write_error(NotFound("x"), Format("json", "fn"))
    assert orjson.loads(padded.body[len(b"/**/fn(") : -2])["error"]["code"] == 404


@pytest.mark.parametrize("as_collection", [False, True])
@pytest.mark.parametrize("exceeded", [False, True])
def test_features_over_the_limit_say_so_in_every_format(exceeded: bool, as_collection: bool) -> None:
    value: Any = {
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 4326},
        "fields": [],
        "features": [],
        "exceededTransferLimit": exceeded,
    }
    if as_collection:
        value = {"layerDefinition": {}, "featureSet": value}
    result = orjson.dumps({"paramName": "a", "dataType": "GPFeatureRecordSetLayer", "value": value})
    kind, options = GPFeatureRecordSetLayer(), DumpOptions()
    geojson = orjson.loads(encode_features("geojson", result, kind, options))
    assert geojson.get("exceededTransferLimit", False) is exceeded
    with zipfile.ZipFile(io.BytesIO(encode_features("kmz", result, kind, options))) as archive:
        assert ("limit of features is exceeded" in archive.read("doc.kml").decode()) is exceeded
    if exceeded:
        with pytest.raises(TooLarge, match="CSV cannot say so"):
            encode_features("csv", result, kind, options)
    else:
        assert encode_features("csv", result, kind, options) == b"\xef\xbb\xbflongitude,latitude\r\n"
