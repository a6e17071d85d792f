"""The same call over REST and over SOAP, with what comes back in one form."""

from __future__ import annotations

import json
from typing import Any

from tests.wire.conftest import Site
from tests.wire.soap_site import SoapSite, Tree
from tests.wire.soap_values import results_of, to_json, to_xml

POINTS = {
    "geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 4326},
    "features": [
        {"attributes": {"NAME": f"point {n}"}, "geometry": {"x": n / 7, "y": n / 3}} for n in range(25)
    ],
}  # fmt: skip


def describe(site: Site, service: str, task: str, direction: str) -> dict[str, str]:
    """Return the data type of every input or output of a task by its name, in their order."""
    parameters = site.get(site.task(service, task))["parameters"]
    return {each["name"]: each["dataType"] for each in parameters if each["direction"].endswith(direction)}


def write_values(site: Site, service: str, task: str, given: dict[str, Any]) -> str:
    """Return the values of all inputs, those that are not given as empty elements."""
    inputs = describe(site, service, task, "Input")
    return "".join(to_xml(data_type, given.get(name)) for name, data_type in inputs.items())


def read_results(site: Site, service: str, task: str, response: Tree) -> dict[str, Any]:
    """Return the JSON of every output by its name."""
    outputs, results = describe(site, service, task, "Output"), results_of(response)
    assert len(results) == len(outputs)
    return {
        name: to_json(data_type, value)
        for (name, data_type), value in zip(outputs.items(), results, strict=True)
    }


def write_fields(given: dict[str, Any]) -> dict[str, str]:
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    return {**texts, "returnZ": "true", "returnM": "true"}


def plain(value: Any) -> Any:
    """Return a value without what the types of SOAP have no place for, and null for every empty one."""
    if isinstance(value, dict) and "features" in value:
        fields = [{"name": f["name"], "type": f["type"], "alias": f["alias"]} for f in value["fields"]]
        known = ("geometryType", "spatialReference", "features", "exceededTransferLimit")
        has = {name: True for name in ("hasZ", "hasM") if value.get(name)}
        return {**{name: value[name] for name in known if name in value}, **has, "fields": fields}
    if isinstance(value, dict) and "nullable" in value:  # fields of SOAP always tell it
        return {name: member for name, member in value.items() if name != "nullable"}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return None if value == {} else value


def run_both(site: Site, soap: SoapSite, service: str, task: str, given: dict[str, Any]) -> tuple[Any, Any]:
    """Return the values of all outputs over REST, and over SOAP."""
    rest = site.execute(service, task, **write_fields(given))
    response = soap.run(service, "Execute", task, write_values(site, service, task, given))
    found = read_results(site, service, task, response)
    return {name: plain(value) for name, value in rest.items()}, {n: plain(v) for n, v in found.items()}
