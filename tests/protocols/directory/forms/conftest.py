"""Forms of tasks, drawn as pages and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from gpserverless.http.request import Request, read_request
from gpserverless.http.response import Response
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.read import Values, read_values
from gpserverless.protocols.directory.pages import DirectoryPages
from gpserverless.protocols.directory.ports import DirectorySite, NoDescriptions
from gpserverless.protocols.gpserver.describe import task as describe
from gpserverless.protocols.gpserver.routes import find_route_of_site
from gpserverless.toolkit.toolboxes import discover
from tests.protocols.directory.forms.page_form import PageForm

ROOT = "https://gp.example.org/arcgis"
RUN = "/arcgis/rest/services/S/GPServer/Task/execute"
INPUT = "esriGPParameterDirectionInput"


class OneTask(NoDescriptions):
    """The descriptions of a site with one task."""

    def __init__(self, document: Mapping[str, Any], capabilities: str = "Uploads") -> None:
        self._document = document
        self._capabilities = capabilities

    def service(self, request: Request, name: str) -> Mapping[str, Any]:
        return {"capabilities": self._capabilities}

    def task(self, request: Request, service: str, name: str) -> Mapping[str, Any]:
        return self._document


def make_task(*parameters: Mapping[str, Any], execution: str = "Synchronous") -> dict[str, Any]:
    """Return the document of a task with some inputs."""
    return {
        "name": "Task",
        "displayName": "A task",
        "description": "",
        "category": "",
        "helpUrl": "",
        "executionType": f"esriExecutionType{execution}",
        "parameters": [
            {
                "displayName": parameter["name"],
                "description": "",
                "direction": INPUT,
                "defaultValue": None,
                "parameterType": "esriGPParameterTypeOptional",
                "category": "",
                **parameter,
            }
            for parameter in parameters
        ],
    }


class Site:
    """A site with one task."""

    def __init__(self, document: Mapping[str, Any], capabilities: str = "Uploads") -> None:
        self.document = document
        self.pages = DirectoryPages(DirectorySite(ROOT, OneTask(document, capabilities)))

    def ask(self, fields: Sequence[tuple[str, str]] = (), method: str = "GET") -> Request | Response:
        """Send a form, and return what the handler gets, or the page that is answered at once."""
        request = make_request(fields, method)
        return self.pages.prepare(request, find_route_of_site(request.segments))

    def open(self, fields: Sequence[tuple[str, str]] = ()) -> PageForm:
        """Return the form of the page that is answered."""
        answer = self.ask(fields)
        assert isinstance(answer, Response)
        return PageForm(answer.body.decode())

    def draw_error(self, fields: Sequence[tuple[str, str]], error: Exception) -> str:
        """Return the page of an error that the handler raises for a form."""
        request = make_request(fields, "POST")
        route = find_route_of_site(request.segments)
        document = {"error": {"code": 400, "message": "", "details": [str(error)]}}
        return self.pages.draw_error(request, route, error, document).body.decode()

    def read(self, form: PageForm) -> Values:
        """Return the values that a form would send."""
        texts: dict[str, list[str]] = {}
        for name, text in form.pairs():
            texts.setdefault(name, []).append(text)
        return read_values(self.document, Parts.of(texts))


def make_request(fields: Sequence[tuple[str, str]], method: str) -> Request:
    """Return the request of a form."""
    context = {"http": {"method": method}, "domainName": "gp.example.org", "stage": "$default"}
    text = urlencode(fields, quote_via=quote)
    place = "rawQueryString" if method == "GET" else "body"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return read_request({"rawPath": RUN, place: text, "headers": headers, "requestContext": context}, ROOT)


@pytest.fixture(scope="session")
def echo() -> dict[str, Any]:
    """Return the document of the task that has an input of every data type."""
    boxes = {box.spec.name: box.spec for box in discover(switched_on=("PUBLISH_CONFORMANCE",))}
    service = boxes["Conformance/Sync"]
    spec = next(task for task in service.tasks if task.name == "Echo")
    document: dict[str, Any] = {**describe(service, spec, ROOT)}
    return document
