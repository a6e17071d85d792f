"""`python -m local.record`: write `events/`, one recorded event for every route, trigger and function.

The same builders serve requests, so that `sam local invoke` gives functions the same events as the local
cloud.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from local.events import HttpRequest, build_http_event
from local.functions import add_functions
from local.options import ROOT
from local.queues import build_sqs_event
from local.resolver import ACCOUNT, REGION, STACK, Resolver
from local.routes import RouteTable, read_routes
from local.schedules import build_schedule_event
from local.soap_calls import HEADERS, RECORDED, write_envelope
from local.streams import build_stream_record
from local.template import Template, TemplateError

FOLDER = ROOT / "events"

_HOST = "example.execute-api.us-east-1.amazonaws.com"
_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_ID = "00000000-0000-4000-8000-000000000000"
_JOB = "j0123456789abcdef0123456789abcdef"
_SERVICES = "/arcgis/rest/services"
_BUFFER = f"{_SERVICES}/Samples/GPServer/BufferPoints"
_SUMMARIZE = f"{_SERVICES}/Analysis/GPServer/SummarizeWithin"
_ONE_JOB = f"{_SUMMARIZE}/jobs/{_JOB}"
_UPLOADS = f"{_SERVICES}/Analysis/GPServer/uploads"
_ITEM = "i00000000-0000-4000-8000-000000000000"
_MAP = f"{_SERVICES}/Analysis/MapServer"
_ONE_MAP = f"{_MAP}/jobs/{_JOB}"
_HOSTED = f"{_SERVICES}/Hosted"
_PARCELS = f"{_HOSTED}/Parcels/FeatureServer"
_BOUNDARY = "0123456789abcdef"

_POINT = {
    "geometryType": "esriGeometryPoint",
    "spatialReference": {"wkid": 4326},
    "features": [{"geometry": {"x": 8.55, "y": 47.37}, "attributes": {"name": "Zurich"}}],
}
_SQUARE = {
    "geometryType": "esriGeometryPolygon",
    "spatialReference": {"wkid": 4326},
    "features": [{"geometry": {"rings": [[[8, 47], [8, 48], [9, 48], [9, 47], [8, 47]]]}, "attributes": {}}],
}
_BUFFER_CALL = {
    "points": json.dumps(_POINT),
    "distance": json.dumps({"distance": 5, "units": "esriKilometers"}),
    "f": "json",
}
_SUMMARIZE_CALL = {"in_polygons": json.dumps(_SQUARE), "in_sum_features": json.dumps(_POINT), "f": "json"}
_SIGN_IN = {"username": "ana", "password": "correct horse", "client": "requestip", "f": "json"}
_QUERY_CALL = {"where": "POP > 1000", "outFields": "*", "outSR": "4326", "f": "json"}
_EXPORT_CALL = {"bbox": "8,47,9,48", "bboxSR": "4326", "size": "400,400", "format": "png32", "f": "image"}
_AUTHORIZE = {
    "client_id": "pythonapi",
    "response_type": "code",
    "redirect_uri": "urn:ietf:wg:oauth:2.0:oob",
    "state": "0123",
}

_REQUESTS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("info", "GET", "/arcgis/rest/info", {"f": "json"}),
    ("catalogue", "GET", _SERVICES, {"f": "json"}),
    ("folder", "GET", f"{_SERVICES}/Conformance", {"f": "json"}),
    ("service", "GET", f"{_SERVICES}/Samples/GPServer", {"f": "json"}),
    ("task", "GET", _BUFFER, {"f": "json"}),
    ("execute-get", "GET", f"{_BUFFER}/execute", _BUFFER_CALL),
    ("execute-post", "POST", f"{_BUFFER}/execute", _BUFFER_CALL),
    ("execute-preflight", "OPTIONS", f"{_BUFFER}/execute", {}),
    ("submit-job", "POST", f"{_SUMMARIZE}/submitJob", _SUMMARIZE_CALL),
    ("job", "GET", _ONE_JOB, {"f": "json"}),
    ("own-jobs", "GET", "/arcgis/rest/jobs", {"f": "json"}),
    ("job-cancel", "POST", f"{_ONE_JOB}/cancel", {"f": "json"}),
    ("job-results", "GET", f"{_ONE_JOB}/results", {"f": "json"}),
    ("job-result", "GET", f"{_ONE_JOB}/results/out_feature_class", {"f": "json"}),
    ("job-inputs", "GET", f"{_ONE_JOB}/inputs", {"f": "json"}),
    ("portal-self", "GET", "/arcgis/sharing/rest/portals/self", {"f": "json"}),
    ("portal-preflight", "OPTIONS", "/arcgis/sharing/rest/portals/self", {}),
    ("generate-token", "POST", "/arcgis/tokens/generateToken", _SIGN_IN),
    ("authorize", "GET", "/arcgis/sharing/rest/oauth2/authorize", _AUTHORIZE),
    ("login", "GET", "/arcgis/rest/login", {"next": _SERVICES}),
    ("uploads-info", "GET", f"{_UPLOADS}/info", {"f": "json"}),
    ("uploads-upload", "POST", f"{_UPLOADS}/upload", {"f": "json", "file": "id,name\n1,Zurich\n"}),
    ("uploads-register", "POST", f"{_UPLOADS}/register", {"itemName": "dem.tif", "f": "json"}),
    ("uploads-commit", "POST", f"{_UPLOADS}/{_ITEM}/commit", {"parts": "1,2", "f": "json"}),
    ("hosted", "GET", _HOSTED, {"f": "json"}),
    ("feature-service", "GET", _PARCELS, {"f": "json"}),
    ("layer-query", "POST", f"{_PARCELS}/0/query", _QUERY_CALL),
    ("remove-service", "POST", "/arcgis/admin/services/Hosted/Parcels.FeatureServer/delete", {"f": "json"}),
    ("map-service", "GET", _MAP, {"f": "json"}),
    ("map-export", "GET", f"{_ONE_MAP}/export", _EXPORT_CALL),
    ("map-layer-query", "GET", f"{_ONE_MAP}/0/query", _QUERY_CALL),
    ("file", "GET", f"/arcgis/rest/directories/arcgisjobs/analysis_gpserver/{_JOB}/scratch/report.csv", {}),
)
_STREAM = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{STACK}-JobsTable/stream/2026-01-01T00:00:00.000"
_ITEMS_STREAM = _STREAM.replace("JobsTable", "ItemsTable")
_MOMENT = str(int(_AT.timestamp() * 1000))
_ROW: Mapping[str, Any] = {
    "pk": {"S": _JOB},
    "status": {"S": "esriJobExecuting"},
    "rev": {"N": "3"},
    "attempt": {"N": "1"},
    "create_token": {"S": "0123456789abcdef"},
    "owner": {"S": ""},
    "root": {"S": f"https://{_HOST}/arcgis"},
    "service": {"S": "Analysis"},
    "task": {"S": "SummarizeWithin"},
    "inputs": {"L": [{"S": "in_polygons"}, {"S": "in_sum_features"}]},
    "messages": {"L": []},
    **{name: {"N": _MOMENT} for name in ("created_at", "queue_deadline", "submitted_at", "started_at")},
}
_ENDED: Mapping[str, Any] = {
    "eventID": _ID.replace("-", ""),
    "eventName": "MODIFY",
    "eventVersion": "1.1",
    "eventSource": "aws:dynamodb",
    "awsRegion": REGION,
    "dynamodb": {
        "ApproximateCreationDateTime": _AT,
        "Keys": {"pk": {"S": _JOB}},
        "OldImage": _ROW,
        "NewImage": {
            **_ROW,
            "status": {"S": "esriJobSucceeded"},
            "rev": {"N": "4"},
            "done_by": {"S": "0123456789abcdef"},
            "ended_at": {"N": _MOMENT},
            "expires_at": {"N": _MOMENT},
        },
        "SequenceNumber": "100000000000000000001",
        "SizeBytes": 900,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    },
}
_DETAIL = {
    "id": f"{_JOB}-ended",
    "jobId": _JOB,
    "jobStatus": "esriJobSucceeded",
    "service": "Analysis",
    "task": "SummarizeWithin",
    "jobUrl": f"https://{_HOST}{_ONE_JOB}",
    **dict.fromkeys(("submittedAt", "startedAt", "endedAt"), "2026-01-02T03:04:05.000Z"),
}
_SERVICE_ROW: Mapping[str, Any] = {
    "pk": {"S": "service#zones"},
    "id": {"S": _ID.replace("-", "")},
    "name": {"S": "Zones"},
    "version": {"S": "0123456789abcdef01234567"},
    "job_id": {"S": _JOB},
    "root": {"S": f"https://{_HOST}/arcgis"},
    "expires_at": {"NULL": True},
    "tags": {"L": []},
    **{name: {"S": ""} for name in ("owner", "description", "snippet", "layers")},
    **{name: {"N": _MOMENT} for name in ("created_at", "modified_at")},
}
_REMOVED: Mapping[str, Any] = {
    **_ENDED,
    "eventName": "REMOVE",
    "dynamodb": {
        "ApproximateCreationDateTime": _AT,
        "Keys": {"pk": _SERVICE_ROW["pk"]},
        "OldImage": _SERVICE_ROW,
        "SequenceNumber": "100000000000000000002",
        "SizeBytes": 400,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    },
}
_FETCH = {
    "v": 1,
    "request": {
        "reference": {
            "kind": "file",
            "url": "https://gis.example.org/towns.csv",
            **dict.fromkeys(("item_id", "portal_item_id", "where", "time", "token", "format"), ""),
        },
        "max_features": 100_000,
        "max_bytes": 50_000_000,
        "own": [f"{_HOST}:443"],
        "seconds": 20,
    },
    "place": "fetch/0123456789abcdef0123456789abcdef",
    "log_ids": {"job": _JOB},
}
_PREFLIGHT = (
    ("access-control-request-method", "POST"),
    ("access-control-request-headers", "x-esri-authorization"),
    ("origin", "https://app.example.org"),
)


def build_events() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the name and the event of every route and trigger."""
    template = Template.read(ROOT / "template.yaml")
    resolver = Resolver(template, {})
    add_functions(template, resolver)
    routes = RouteTable(read_routes(template, resolver))
    for name, request in _build_requests():
        match = routes.match(request.method, request.decoded_path)
        if match is None:
            raise TemplateError(f"no route for {request.path}")
        yield name, build_http_event(request, match, request_id=_ID, at=_AT.timestamp())
    yield "worker", _build_delivery("JobsQueue", {"v": 1, "job": _JOB})
    yield "dead-letters", _build_delivery("DeadLettersQueue", {"v": 1, "job": _JOB})
    yield "announce", {"Records": [build_stream_record(_ENDED, _STREAM)]}
    yield "webhook", _build_delivery("WebhooksQueue", {"v": 1, "detail": _DETAIL})
    yield "registration", {"Records": [build_stream_record(_REMOVED, _ITEMS_STREAM)]}
    yield "fetch", _FETCH
    yield "delete-job", {"delete": [_JOB]}
    yield "reaper", build_schedule_event("ReaperFunctionEveryMinute", _AT, _ID)


def format_event(event: Mapping[str, Any]) -> str:
    """Return the text of an event's file."""
    return json.dumps(event, indent=2) + "\n"


def _build_requests() -> Iterator[tuple[str, HttpRequest]]:
    for name, method, path, fields in _REQUESTS:
        yield name, _build_form_request(method, path, fields)
    yield "soap-wsdl", _build_form_request("GET", "/arcgis/services", {"wsdl": ""})
    for name, path, operation in RECORDED:
        yield name, _build_request("POST", path, "", HEADERS, write_envelope(operation))


def _build_form_request(method: str, path: str, fields: Mapping[str, str]) -> HttpRequest:
    form, kind = urlencode(fields), "application/x-www-form-urlencoded"
    if "file" in fields:
        form, kind = _build_multipart(fields), f"multipart/form-data; boundary={_BOUNDARY}"
    own = {"POST": (("content-type", kind),), "OPTIONS": _PREFLIGHT}
    if method == "POST":
        return _build_request(method, path, "", own[method], form.encode())
    return _build_request(method, path, form, own.get(method, ()), b"")


def _build_request(
    method: str, path: str, query: str, headers: tuple[tuple[str, str], ...], body: bytes
) -> HttpRequest:
    common = (("host", _HOST), ("user-agent", "curl/8.9.1"), ("accept", "*/*"))
    return HttpRequest(
        method=method,
        path=path,
        query=query,
        headers=(*common, *headers),
        body=body,
        source_ip="192.0.2.1",
        host=_HOST,
    )


def _build_multipart(fields: Mapping[str, str]) -> str:
    parts = []
    for name, value in fields.items():
        file = '; filename="towns.csv"\r\nContent-Type: text/csv' if name == "file" else ""
        parts.append(
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{value}\r\n'
        )
    return "".join(parts) + f"--{_BOUNDARY}--\r\n"


def _build_delivery(queue: str, content: Mapping[str, Any]) -> dict[str, Any]:
    body = json.dumps(content, separators=(",", ":"))
    milliseconds = str(int(_AT.timestamp() * 1000))
    message = {
        "MessageId": _ID,
        "ReceiptHandle": "a-receipt-handle",
        "Body": body,
        "MD5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "Attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": milliseconds,
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": milliseconds,
        },
    }
    return build_sqs_event([message], f"arn:aws:sqs:{REGION}:{ACCOUNT}:{STACK}-{queue}")


if __name__ == "__main__":
    for name, event in build_events():
        (FOLDER / f"{name}.json").write_text(format_event(event), encoding="utf-8")
