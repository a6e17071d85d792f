"""Events as Lambda hands them to the functions, and which function gets them."""

from __future__ import annotations

import re
from typing import Any, Literal

from gpserverless.storage.job_queue import write_job_message

_FORM = "application/x-www-form-urlencoded"
_ADDRESS = "192.0.2.1"
_EXECUTE = re.compile(r"/GPServer/[^/]+/execute(/|$)")
_JOBS = re.compile(r"/GPServer/[^/]+/(submitJob(/|$)|jobs/)|^/arcgis/rest/(directories/|jobs(/|$))")
_LAYERS = re.compile(
    r"^/arcgis/(rest/services/Hosted($|/[^/]+/FeatureServer(/|$))|admin/services/Hosted/)"
    r"|^/arcgis/rest/services/([^/]+/){1,2}MapServer(/|$)"
)
_RASTER_MAPS = re.compile(r"^/arcgis/rest/services/([^/]+/){1,2}ImageServer/")


def function_of(path: str) -> Literal["directory", "execute", "jobs", "layers", "raster_maps"]:
    """Return which function serves a path, as template.yaml says; no uploads, sign-ins or SOAP are served.

    Args:
        path: Path of the request.
    """
    if _EXECUTE.search(path):
        return "execute"
    if _LAYERS.search(path):
        return "layers"
    if _RASTER_MAPS.search(path):
        return "raster_maps"
    return "jobs" if _JOBS.search(path) else "directory"


def http_event(method: str, path: str, query: str, form: str = "", token: str = "") -> dict[str, Any]:
    """Return a request as an HTTP API hands it over (payload 2.0).

    Args:
        method: "GET" or "POST".
        path: The decoded path.
        query: The encoded query string.
        form: The encoded fields of a form.
        token: A token for the header, "" for none.
    """
    authorization = {"x-esri-authorization": f"Bearer {token}"} if token else {}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": authorization | ({"content-type": _FORM} if form else {}),
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": _ADDRESS},
            "stage": "$default",
        },
        "body": form,
        "isBase64Encoded": False,
    }


def queue_event(job_id: str) -> dict[str, Any]:
    """Return a message that names a job, as SQS hands it over; its receipt is the job's id.

    Args:
        job_id: Id of the job.
    """
    return {"Records": [{"messageId": job_id, "receiptHandle": job_id, "body": write_job_message(job_id)}]}
