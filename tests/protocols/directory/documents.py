"""Documents of every resource as the protocol writes them, for a made-up site with one hostile text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.errors import NotFound
from gpserverless.http.request import Request

HOSTILE = "\"'><script>alert(1)</script>&amp;{{ 7 * 7 }}"
JOB = "j" + "0" * 32

Document = dict[str, Any]


def parameter(name: str, data_type: str, default: Any = None, **more: Any) -> Document:
    """Return the document of an input, or with `direction` of an output."""
    direction = more.pop("direction", "Input")
    kind = "Derived" if direction == "Output" else "Required" if more.pop("required", False) else "Optional"
    return {
        "name": name,
        "dataType": data_type,
        "displayName": name.title(),
        "description": f"What {name} is: {HOSTILE}",
        "direction": f"esriGPParameterDirection{direction}",
        "defaultValue": default,
        "parameterType": f"esriGPParameterType{kind}",
        "category": "",
        **more,
    }


NO_POINTS = {"geometryType": "esriGeometryPoint", "features": [], "fields": []}
INPUTS = (
    parameter("points", "GPFeatureRecordSetLayer", NO_POINTS, required=True),
    parameter(
        "distance", "GPLinearUnit", {"distance": 5, "units": "esriKilometers"}, filter={"type": "range"}
    ),
    parameter("method", "GPString", "PLANAR", choiceList=["PLANAR", HOSTILE]),
    parameter("field", "Field", "", dependency="points"),
    parameter("count", "GPLong", 3, filter={"type": "range", "minimum": 1, "maximum": 9}),
)
OUTPUTS = (parameter("zones", "GPFeatureRecordSetLayer", NO_POINTS, direction="Output"),)


def task(execution: str = "Synchronous", *inputs: Document) -> Document:
    """Return the document of a task."""
    return {
        "name": "Buffer",
        "displayName": "Buffer points",
        "description": f"Draw zones.\n\n{HOSTILE}",
        "category": "",
        "helpUrl": "https://example.org/help",
        "executionType": f"esriExecutionType{execution}",
        "parameters": [*(inputs or INPUTS), *OUTPUTS],
    }


SERVICE: Document = {
    "currentVersion": 11.5,
    "serviceDescription": f"Zones about places.\n\n{HOSTILE}",
    "tasks": ["Buffer"],
    "executionType": "esriExecutionTypeSynchronous",
    "resultMapServerName": "",
    "maximumRecords": 1000,
    "capabilities": "Uploads",
    "schema": {"json-schema": {"url": "https://gp.example.org/arcgis/rest/directories/schema.json"}},
}

FIELDS = [
    {"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "Number"},
    {"name": "NAME", "type": "esriFieldTypeString", "alias": "Name"},
    {"name": "SEEN", "type": "esriFieldTypeDate", "alias": "Seen"},
]


def features(count: int = 1, *, exceeded: bool = False, system: int | None = 4326) -> Document:
    """Return a feature set of points at 7 degrees east, 50 north."""
    return {
        "displayFieldName": "",
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": system} if system else {},
        "fields": FIELDS,
        "features": [
            {
                "attributes": {"OBJECTID": n, "NAME": HOSTILE, "SEEN": 86_400_000},
                "geometry": {"x": 7.0, "y": 50.0},
            }
            for n in range(1, count + 1)
        ],
        "exceededTransferLimit": exceeded,
    }


def value(name: str, data_type: str, wire: Any) -> Document:
    """Return the document of a result or an input."""
    return {"paramName": name, "dataType": data_type, "value": wire}


def message(kind: str, text: str) -> Document:
    """Return a message."""
    return {"type": f"esriJobMessageType{kind}", "description": text}


MESSAGES = [message("Informative", "Begun."), message("Warning", HOSTILE), message("Error", "Lost.")]


def job(status: str, **more: Any) -> Document:
    """Return the document of a job."""
    usage = {"submitted": 1_000, "dollars": 0.000023}
    return {"jobId": JOB, "jobStatus": f"esriJob{status}", "messages": MESSAGES, "usage": usage, **more}


class Described:
    """Descriptions of the made-up site."""

    def __init__(self, execution: str = "Synchronous") -> None:
        self._task = task(execution)

    def folder(self, request: Request, name: str) -> Mapping[str, Any]:
        """Return the root, or its only folder."""
        if name not in ("", "Tests"):
            raise NotFound("There is no such folder.")
        return {"folders": [], "services": [{"name": "Tests/Zones", "type": "GPServer"}]}

    def service(self, request: Request, name: str) -> Mapping[str, Any]:
        """Return the service."""
        return SERVICE

    def task(self, request: Request, service: str, name: str) -> Mapping[str, Any]:
        """Return the task."""
        return self._task

    def layers(self, request: Request, service: str, task: str) -> Mapping[str, int]:
        """Return the layers of its outputs."""
        return {"zones": 3}
