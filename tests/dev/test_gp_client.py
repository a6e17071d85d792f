"""The client of geoprocessing services, against a site of fixed answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from dev.gp_client import GpClient, GpError

TASK = "Samples/GPServer/Echo"
JOB = f"/arcgis/rest/services/{TASK}/jobs/j1"


class Site(ThreadingHTTPServer):
    """Gives each answer once, in order, and keeps the requests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[tuple[int, bytes]] = []
        self.requests: list[tuple[str, str, Message, bytes]] = []

    def answer(self, *documents: Any, status: int = 200) -> None:
        self.answers += [(status, json.dumps(document).encode()) for document in documents]


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.requests.append((self.command, self.path, self.headers, body))
        status, answer = self.server.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = _answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as serve:
        thread = threading.Thread(target=serve.serve_forever)
        thread.start()
        yield serve
        serve.shutdown()
        thread.join()


@pytest.fixture
def client(site: Site) -> Iterator[GpClient]:
    client = GpClient(f"http://127.0.0.1:{site.server_port}")
    yield client
    client.pool.clear()


def test_execute_returns_outputs_by_name(site: Site, client: GpClient) -> None:
    site.answer({"results": [{"paramName": "out", "value": 1}]})
    assert client.execute(TASK, text="a b", distance={"units": "esriMeters"}) == {"out": 1}
    ((method, path, headers, body),) = site.requests
    assert (method, path) == ("POST", f"/arcgis/rest/services/{TASK}/execute")
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert body == b"f=json&text=a+b&distance=%7B%22units%22%3A+%22esriMeters%22%7D"


def test_job_is_submitted_polled_and_read(site: Site, client: GpClient) -> None:
    states = [{"jobStatus": "esriJobExecuting"}, {"jobStatus": "esriJobSucceeded"}]
    site.answer({"jobId": "j1", "jobStatus": "esriJobSubmitted"}, *states, {"value": "x"})
    job = client.submit(TASK, text="x")
    assert job == JOB
    assert client.wait(job, pause=0) == states[-1]
    assert client.result(job, "out") == "x"
    assert [path for _, path, _, _ in site.requests[1:]] == [f"{JOB}?f=json"] * 2 + [
        f"{JOB}/results/out?f=json"
    ]


def test_upload_is_a_multipart_form(site: Site, client: GpClient) -> None:
    site.answer({"success": True, "item": {"itemID": "i1"}})
    assert client.upload("Raster/GPServer", "dem.tif", b"bytes") == "i1"
    ((_, path, headers, body),) = site.requests
    assert path == "/arcgis/rest/services/Raster/GPServer/uploads/upload"
    assert headers["content-type"].startswith("multipart/form-data")
    assert b'filename="dem.tif"' in body


def test_cancel_is_a_post(site: Site, client: GpClient) -> None:
    site.answer({"jobStatus": "esriJobCancelling"})
    assert client.cancel(JOB)["jobStatus"] == "esriJobCancelling"
    assert [request[:2] for request in site.requests] == [("POST", f"{JOB}/cancel")]


@pytest.mark.parametrize(
    ("document", "status"),
    [({"error": {"code": 400}}, 200), ({}, 503), ([], 200), ({"jobStatus": float("nan")}, 200)],
    ids=["error", "status", "no object", "no JSON"],
)
def test_wrong_answer_is_an_error(site: Site, client: GpClient, document: Any, status: int) -> None:
    site.answer(document, status=status)
    with pytest.raises(GpError):
        client.poll(JOB)


def test_wait_ends_with_another_final_status(site: Site, client: GpClient) -> None:
    site.answer({"jobStatus": "esriJobFailed"})
    with pytest.raises(GpError, match="esriJobFailed"):
        client.wait(JOB, {"esriJobSucceeded"})
