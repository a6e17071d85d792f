"""Whatever a caller sends, logs at DEBUG show no secret and no value, and nobody forges a line."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.cloud import LocalCloud
from local.options import ServeOptions
from tests.wire.bad_inputs import CASES, Planted, build_requests
from tests.wire.conftest import Site

SECRET = "s3cr3t-0123456789abcdef"
VALUE = "v4lue-of-a-parameter"
NAMES = ("token", "password", "X-Amz-Signature", "X-Amz-Security-Token", "access_token", "client_secret")
PLANTED = Planted(
    query=(*((name, SECRET) for name in NAMES), ("In_GPString", VALUE)),
    form=(
        *((name, SECRET) for name in NAMES),
        ("In_GPStringHidden", SECRET),
        ("In_GPString", f"{VALUE} https://user:{SECRET}@example.org/?sig={SECRET}"),
    ),
    headers={
        "Authorization": f"Bearer {SECRET}",
        "X-Esri-Authorization": f"Bearer {SECRET}",
        "Cookie": f"agstoken={SECRET}",
    },
)
CREDENTIALS = ("Signature=", "X-Amz-Security-Token", "Credential=", "AWS_SECRET_ACCESS_KEY", "whsec_")
LEFT_OUT = ("$star", "$manyrings", "'length'", "'te'")
"""Forms that keep a tool busy for seconds, and frames that a server waits for: no function hears of them."""


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Send every request, and return the lines of the logs of all functions."""
    state = tmp_path_factory.mktemp("state")
    parameters = {"LogLevel": "DEBUG", "FetchAllowedHosts": "nowhere.invalid"}
    with LocalCloud(ServeOptions(parameters=parameters, state=state, warm=False)) as cloud:
        site, host = Site(cloud.url), cloud.url.removeprefix("http://")
        job = site.submit("Conformance/Async", "Echo", In_GPString=VALUE, In_GPStringHidden=SECRET)
        site.wait(job, seconds=90)
        places = {
            **{
                "sync_task": "Echo",
                "async_task": "Echo",
                "job": job.rpartition("/")[2],
                "param": "In_GPString",
            },
            **{"out_param": "Out_GPString", "user": "user", "password": SECRET, "rest_root": "/arcgis/rest"},
            "token_path": "/arcgis/tokens/generateToken",
        }
        left_out = {case["id"] for case in CASES if any(form in str(case) for form in LEFT_OUT)}
        requests = [raw for case, raw in build_requests(places, host, PLANTED) if case not in left_out]
        assert len(requests) > 290
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda raw: send(host, raw), requests))
        assert sum(answer.startswith(b"HTTP/1.1 ") for answer in answers) > 290
        site.wait(site.submit("Conformance/Async", "Echo"), seconds=90)
        return [
            line for log in sorted(Path(state, "logs").iterdir()) for line in log.read_text().splitlines()
        ]


def send(host: str, raw: bytes) -> bytes:
    """Send the bytes of a request, and return the beginning of the answer."""
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port)), timeout=90) as connection:
        try:
            connection.sendall(raw)
        except OSError:
            return b""  # the server has seen enough
        return connection.recv(65536)


def test_logs_tell_of_runs_of_every_kind(lines: list[str]) -> None:
    told = {json.loads(line).get("message") for line in lines}
    assert told >= {"job submitted", "attempt ended", "job ended", "executed"}


def test_logs_show_no_secret(lines: list[str]) -> None:
    assert [line for line in lines if SECRET in line] == []


def test_logs_show_no_value_of_a_parameter(lines: list[str]) -> None:
    assert [line for line in lines if VALUE in line] == []


def test_logs_show_no_credentials_of_a_function(lines: list[str]) -> None:
    assert [line for line in lines for name in CREDENTIALS if name in line] == []


def test_every_line_is_one_object_of_json(lines: list[str]) -> None:
    assert [line for line in lines if not (line.startswith("{") and is_json(line))] == []


def is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def test_no_bad_request_surprises_a_function(lines: list[str]) -> None:
    assert [line for line in lines if '"request failed"' in line or '"ERROR"' in line] == []
