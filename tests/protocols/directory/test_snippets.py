"""Ready-made code: each is right for its client, with the values of the form, whatever is in them."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest

from gpserverless.protocols.directory.snippets.make import make_snippets
from gpserverless.protocols.directory.snippets.python import name_function
from gpserverless.protocols.directory.snippets.values import give_values
from tests.protocols.directory.conftest import draw
from tests.protocols.directory.documents import HOSTILE, INPUTS, parameter, task

URL = "https://gp.example.org/arcgis/rest/services/Tests/Zones/GPServer/Buffer"
CLIENTS = ["curl", "arcgis-python", "arcgis-core", "arcgis-rest-request", "arcpy"]
TRICKY = f"it's $HOME `ls` \\ {HOSTILE} ü\n@x"
CURL = shutil.which("curl") or "curl"


def code(client: str, document: Mapping[str, Any], url: str = URL, **values: str) -> str:
    return next(each.text for each in make_snippets(url, document, values) if each.key == client)


@pytest.fixture
def server() -> Iterator[tuple[str, list[tuple[str, dict[str, list[str]]]]]]:
    """Return the URL of a task, and the requests that come for it: their paths and fields."""
    asked: list[tuple[str, dict[str, list[str]]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._answer(parse_qs(body, keep_blank_values=True, strict_parsing=True))

        def do_GET(self) -> None:
            self._answer({})

        def _answer(self, fields: dict[str, list[str]]) -> None:
            asked.append((self.path, fields))
            answer = b'{"jobId":"j1","jobStatus":"esriJobSucceeded"}'
            self.send_response(200)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    running = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}/Zones/GPServer/Buffer", asked
    running.shutdown()
    thread.join()
    running.server_close()


def run(script: str, folder: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    subprocess.run(["sh", "-eu", "-c", script], env=environment, cwd=folder, capture_output=True, check=True)


def test_curl_executes_with_the_values_as_they_are(server: Any, tmp_path: Path) -> None:
    url, asked = server
    run(code("curl", task(), url, method=TRICKY, count="7"), tmp_path)
    ((path, fields),) = asked
    assert path == "/Zones/GPServer/Buffer/execute"
    assert fields.pop("points") == [json.dumps(give_values(task())[0].value)]
    assert fields == {
        "f": ["json"],
        "distance": ['{"distance": 5, "units": "esriKilometers"}'],
        "method": [TRICKY],
        "field": [""],
        "count": ["7"],
    }


def test_curl_submits_waits_and_reads_the_results(server: Any, tmp_path: Path) -> None:
    url, asked = server
    run(code("curl", task("Asynchronous"), url, method=TRICKY), tmp_path)
    job = "/Zones/GPServer/Buffer/jobs/j1"
    assert [path for path, _ in asked][1:] == [f"{job}?f=json", f"{job}/results/zones?f=json"]
    assert asked[0][1]["method"] == [TRICKY]


@pytest.mark.parametrize("execution", ["Synchronous", "Asynchronous"])
@pytest.mark.parametrize("client", ["arcgis-python", "arcpy"])
def test_python_calls_the_function_of_the_task(client: str, execution: str) -> None:
    parsed = ast.parse(code(client, task(execution), method=TRICKY))
    call = next(
        node
        for node in ast.walk(parsed)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "buffer"
    )
    given = {each.arg: each.value for each in call.keywords}
    assert ast.literal_eval(given["method"]) == TRICKY
    assert ast.literal_eval(given["distance"]) == {"distance": 5, "units": "esriKilometers"}
    assert ast.literal_eval(given["field"]) is None
    assert "FeatureSet" in ast.unparse(given["points"])
    assert ("future" in given) == (client == "arcgis-python" and execution == "Asynchronous")
    url = next(
        node.value for node in ast.walk(parsed) if isinstance(node, ast.Constant) and node.value == URL[:-7]
    )
    assert url.endswith("/GPServer")


@pytest.mark.parametrize("execution", ["Synchronous", "Asynchronous"])
@pytest.mark.parametrize("client", ["arcgis-core", "arcgis-rest-request"])
def test_javascript_names_the_operation_and_every_value(client: str, execution: str) -> None:
    text = code(client, task(execution), method=TRICKY)
    assert f"method: {json.dumps(TRICKY, ensure_ascii=False)}," in text
    assert 'distance: {"distance": 5, "units": "esriKilometers"},' in text
    assert "field: undefined," in text
    operation = {
        ("arcgis-core", "Synchronous"): f'geoprocessor.execute("{URL}", {{',
        ("arcgis-core", "Asynchronous"): f'geoprocessor.submitJob("{URL}", {{',
        ("arcgis-rest-request", "Synchronous"): f'request("{URL}/execute", {{',
        ("arcgis-rest-request", "Asynchronous"): f'url: "{URL}/submitJob",',
    }
    assert operation[client, execution] in text


def test_lists_travel_as_json_where_the_client_would_join_them_with_commas() -> None:
    document = task("Synchronous", parameter("names", "GPMultiValue:GPString", ["a,b"]))
    assert 'names: JSON.stringify(["a,b"]),' in code("arcgis-rest-request", document)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("BufferPoints", "buffer_points"),
        ("Buffer", "buffer"),
        ("buffer_distance_or_field", "buffer_distance_or_field"),
        ("Buffer Points", "buffer_points"),
        ("ZonalStatisticsAsTable", "zonal_statistics_as_table"),
    ],
)
def test_function_has_the_name_that_the_client_makes(name: str, function: str) -> None:
    """As in docs/how-to/call-from-clients.md and in the client's measured requests."""
    assert name_function(name) == function


@pytest.mark.parametrize(
    "kind", ["esriGeometryPoint", "esriGeometryMultipoint", "esriGeometryPolyline", "esriGeometryPolygon"]
)
def test_required_features_have_an_example_of_their_geometry(kind: str) -> None:
    empty = {"geometryType": kind, "features": []}
    (given,) = give_values(
        task("Synchronous", parameter("in", "GPFeatureRecordSetLayer", empty, required=True))
    )
    assert given.value["geometryType"] == kind
    assert len(given.value["features"]) == 1


def test_page_marks_every_value_and_hides_the_lines_of_blank_ones() -> None:
    page = draw("task", task(), service="Tests/Zones", task="Buffer")
    assert [each.attributes["data-snippet"] for each in page.find_all("pre", data_snippet=None)] == CLIENTS
    curl = page.find("pre", data_snippet="curl")
    lines = {each.attributes["data-line"]: each for each in curl.find_all("span", data_line=None)}
    assert list(lines) == [each["name"] for each in INPUTS]
    assert [name for name, line in lines.items() if "hidden" in line.attributes] == ["field"]
    place = lines["count"].find("span", data_value="count")
    assert (place.text, place.attributes["data-style"]) == ("3", "shell")
    assert curl.find("code").raw == code("curl", task()) + "\n"
