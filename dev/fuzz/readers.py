"""Everything that reads a text of a caller in the functions themselves, where no deadline ends it.

Each reader takes a text and raises a `GPServerlessError` for what it refuses, and nothing else.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from email.message import Message
from functools import partial
from typing import Any
from urllib.parse import quote

import orjson

from dev.fuzz.data_types import TYPES
from gpserverless.access.binding import read_binding
from gpserverless.access.web_address import read_page, read_web_address
from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import LoadOptions
from gpserverless.datatypes.capabilities import check_at_submit, echo
from gpserverless.datatypes.files import file_name
from gpserverless.datatypes.referable import fetch_references, is_given
from gpserverless.datatypes.references import Reference, find_reference
from gpserverless.features.attribute_values import check_calendar_texts, to_moments
from gpserverless.features.fields import DATE_ONLY, TIME_ONLY, TIMESTAMP_OFFSET
from gpserverless.fetch.check import check_reference
from gpserverless.fetch.http_response import read_file_name
from gpserverless.fetch.image_service import parse_image_service
from gpserverless.fetch.layer_client import read_error
from gpserverless.fetch.layer_description import LayerDescription
from gpserverless.fetch.layer_url import parse_layer
from gpserverless.fetch.policy import Policy, split_url
from gpserverless.formats.esri_json.document import read_document
from gpserverless.http.answer_format import read_format
from gpserverless.http.cors import name_origin
from gpserverless.http.credentials import read_cookie, read_token
from gpserverless.http.request import Request, read_request
from gpserverless.http.request_body import FORM
from gpserverless.http.response import Response, preflight
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.read import read_values
from gpserverless.protocols.directory.forms.task_form import draw_form
from gpserverless.protocols.gpserver.options import read_options
from gpserverless.protocols.gpserver.own_urls import find_own_route
from gpserverless.protocols.sharing.urls import is_own_url, own_path
from gpserverless.values.areal_units import ArealUnit
from gpserverless.values.moments import parse_moment
from gpserverless.values.numbers import read_float, read_whole
from gpserverless.values.quotation import quoted
from gpserverless.values.secrets import blank_secrets
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.time_units import TimeUnit
from gpserverless.values.units import LinearUnit

Reader = Callable[[str], object]

ROOT = "https://site.test/arcgis"
OPTIONS = (
    *("context", "env:outSR", "env:processSR", "returnZ", "returnM", "returnTrueCurves", "simplifyFeatures"),
    *("returnFeatureCollection", "returnColumnName"),
)
HEADERS = (
    *("accept-encoding", "content-type", "content-encoding", "origin", "referer", "cookie", "authorization"),
    *("x-esri-authorization", "idempotency-key", "sec-fetch-site"),
)
_HEAD = '--B\r\nContent-Disposition: form-data; name="a"'


def make_event(**members: Any) -> dict[str, Any]:
    """Return a request as an HTTP API hands it over.

    Args:
        members: Members of the event that are not the usual ones.
    """
    http = {"method": "POST", "sourceIp": "192.0.2.1"}
    return {
        "rawPath": "/arcgis/rest/services/A/GPServer/B/execute",
        "rawQueryString": "",
        "headers": {"content-type": FORM},
        "requestContext": {"http": http, "stage": "$default", "domainName": "site.test"},
        "body": "",
        "isBase64Encoded": False,
        **members,
    }


def _read(**members: Any) -> Request:
    return read_request(make_event(**members), ROOT)


def _read_fields(request: Request) -> object:
    return request.all("a"), request.all("f"), read_format(request), read_token(request)


def _encode(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


def _read_multipart(before: str, after: str, text: str) -> object:
    body = _encode(f"{before}{text}{after}")
    headers = {"content-type": "multipart/form-data; boundary=B"}
    return _read_fields(_read(headers=headers, body=body, isBase64Encoded=True))


def _read_option(name: str, text: str) -> object:
    form = f"{quote(name)}={quote(text, errors='replace')}"
    return read_options(_read(body=form))


FORM_TASK = {
    "parameters": [
        {"name": f"P{number}", "dataType": kind.name, "direction": "esriGPParameterDirectionInput"}
        | {"defaultValue": None, **kind.describe()}
        for number, kind in enumerate(TYPES)
    ]
}
FORM_PARTS = ("", ".number", ".units", ".xmin", ".wkid", ".type", ".value", ".lines", ".0", ".0.0", ".each")


def _read_form(text: str) -> object:
    """Read and draw a form that has a text in every part of every data type."""
    texts = {f"P{number}{part}": [text] for number in range(len(TYPES)) for part in FORM_PARTS}
    return [_read_form_of(texts), _read_form_of({name: texts[name] for name in texts if "." in name})]


def _read_form_of(texts: Mapping[str, list[str]]) -> object:
    parts = Parts.of(texts)
    values = read_values(FORM_TASK, parts)
    return draw_form("/", FORM_TASK, parts, values.mistakes)


def _read_form_names(text: str) -> object:
    """Read a form whose names of fields are a text."""
    names = [f"P{number}.{text}" for number in range(len(TYPES))]
    return _read_form_of({name: ["1"] for name in (text, *names)})


def _read_header(name: str, text: str) -> object:
    event = make_event(headers={"content-type": FORM, name: text}, cookies=[text])
    request = read_request(event, ROOT)
    named = name_origin(Response(), event, ROOT)
    return (
        named,
        request.accepts_gzip,
        _read_fields(request),
        read_cookie(request, changes=True),
        preflight(text),
    )


def _read_file_name(text: str) -> object:
    headers = Message()
    headers["content-disposition"] = "".join(c if 31 < ord(c) < 127 else "?" for c in text)
    return file_name(read_file_name(headers, split_url(ROOT)))


def _load(data_type: Any, text: str) -> object:
    if not is_given(data_type, text):
        return None
    raw = fetch_references(data_type, text, lambda _: None)
    return check_at_submit(data_type, raw, LoadOptions())


def _echo(data_type: Any, text: str) -> object:
    return echo(data_type, text)


def _check_reference(text: str) -> None:
    check_reference(_refer(text), Policy(("*",)), "")


def _refer(url: str) -> Reference:
    """Return the reference of a URL; of one that is none, that of another."""
    return find_reference({"url": url, "filter": "A = 1"}, "features") or Reference("features", url=ROOT)


def _read_moment(text: str) -> object:
    try:
        return parse_moment(text)
    except (ValueError, OverflowError):  # which its callers turn into errors of theirs
        return None


def _read_answer(text: str) -> object:
    """Read what another server answers: an error, or the description of a layer."""
    try:
        answer = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(answer, dict):
        return None
    return read_error(answer, ["secret"]), LayerDescription.of(answer)


VALUES: Mapping[str, Reader] = {
    **{f"{type(kind).__name__} {kind.name}": partial(_load, kind) for kind in TYPES},
    **{f"{type(kind).__name__} {kind.name} shown": partial(_echo, kind) for kind in TYPES},
}
"""The loading and the showing of each data type."""

OTHERS: Mapping[str, Reader] = {
    **{f"option {name}": partial(_read_option, name) for name in OPTIONS},
    **{f"header {name}": partial(_read_header, name) for name in HEADERS},
    "form of a task": _read_form,
    "names in the form of a task": _read_form_names,
    "path": lambda text: _read(rawPath="/arcgis/rest/services/" + text),
    "query": lambda text: _read_fields(_read(rawQueryString=text)),
    "form": lambda text: _read_fields(_read(body=text)),
    "form value": lambda text: _read_fields(_read(body="a=" + text)),
    "form in base64": lambda text: _read_fields(_read(body=_encode(text), isBase64Encoded=True)),
    "gzip": lambda text: _read(body=text, headers={"content-encoding": "gzip"}),
    "multipart value": partial(_read_multipart, f"{_HEAD}\r\n\r\n", "\r\n--B--\r\n"),
    "multipart name": partial(_read_multipart, f'{_HEAD[:-2]}"', '"\r\n\r\nx\r\n--B--\r\n'),
    "multipart header": partial(_read_multipart, f"{_HEAD}; ", "\r\n\r\nx\r\n--B--\r\n"),
    "multipart file name": partial(_read_multipart, f'{_HEAD}; filename="', '"\r\n\r\nx\r\n--B--\r\n'),
    "multipart other name": partial(_read_multipart, f"{_HEAD}; filename*=utf-8''", "\r\n\r\nx\r\n--B--\r\n"),
    "multipart type": partial(_read_multipart, f"{_HEAD}\r\nContent-Type: ", "\r\n\r\nx\r\n--B--\r\n"),
    "multipart encoding": partial(
        _read_multipart, f"{_HEAD}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", "\r\n--B--\r\n"
    ),
    "multipart": partial(_read_multipart, "", ""),
    "boundary": lambda text: _read(headers={"content-type": f"multipart/form-data; {text}"}, body="--B"),
    "own URL": lambda text: find_own_route(text, ROOT),
    "own URL of a job": lambda text: find_own_route(f"{ROOT}/rest/services/{text}", ROOT),
    "own page": lambda text: (is_own_url(text, ROOT), own_path(text, ROOT)),
    "page of a token": lambda text: (read_page(text), read_web_address(text)),
    "binding": lambda text: read_binding("referer", text, "", ""),
    "address of a token": lambda text: read_binding("ip", "", text, "192.0.2.1"),
    "URL": split_url,
    "URL of a layer": lambda text: parse_layer(_refer(text)),
    "URL of an image service": lambda text: parse_image_service(_refer(text)),
    "reference": _check_reference,
    "answer of a server": _read_answer,
    "error of a server": lambda text: read_error({"error": {"message": text}}),
    "file name of a server": _read_file_name,
    "name of a file": file_name,
    "JSON": lambda text: json_text.parse(text, ""),
    "feature set": read_document,
    "spatial reference": lambda text: SpatialReference.from_json(text).resolve(),
    "distance": LinearUnit.parse,
    "area": ArealUnit.parse,
    "time": TimeUnit.parse,
    "number": lambda text: (read_float(text), read_whole(text)),
    "moment": _read_moment,
    "date of an attribute": lambda text: to_moments("A", [text]),
    "day of an attribute": lambda text: check_calendar_texts("A", DATE_ONLY, [text]),
    "time of an attribute": lambda text: check_calendar_texts("A", TIME_ONLY, [text]),
    "moment of an attribute": lambda text: check_calendar_texts("A", TIMESTAMP_OFFSET, [text]),
    "quotation": quoted,
    "secrets": blank_secrets,
}
"""The other readers."""

READERS: Mapping[str, Reader] = {**VALUES, **OTHERS}
