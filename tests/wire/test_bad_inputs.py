"""Whatever a caller sends: answers have the headers that keep browsers safe and tell nothing of the inside.

Logs at DEBUG show no secret and no value of a parameter, and nobody forges a line of them.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gpserverless.errors import NotFound
from gpserverless.http.response import HEADERS
from gpserverless.protocols.directory.pages import DirectoryPages
from local.cloud import LocalCloud
from local.options import ServeOptions
from tests.local_users import add_user
from tests.wire.bad_inputs import CASES, Planted, build_requests
from tests.wire.conftest import Site

SECRET = "s3cr3t-0123456789abcdef"
VALUE = "v4lue-of-a-parameter"
NAMES = ("password", "X-Amz-Signature", "X-Amz-Security-Token", "access_token", "client_secret")
CREDENTIALS = ("Signature=", "X-Amz-Security-Token", "Credential=", "AWS_SECRET_ACCESS_KEY", "whsec_")
PAGE = (
    DirectoryPages()
    .draw_error(None, None, NotFound(""), {"error": {"code": 404, "message": "", "details": []}})
    .to_payload()["headers"]
)
HEADERS_OF_A_PAGE = {name: PAGE[name] for name in HEADERS}
STORE = re.compile(r" http://127\.0\.0\.1:\d+(?=;)")
"""The origin of the bucket, from which the scripts of some pages may read."""

LEFT_OUT = ("$star", "$manyrings", "'length'", "'te'")
"""Forms that keep a tool busy for seconds, and frames that a server waits for: no function hears of them."""


INSIDE = re.compile(
    rb"Traceback|File \"[^\"]+\", line|site-packages|/var/task|/opt/python|arn:aws|botocore|ClientError"
    rb"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|AWS_[A-Z_]+|root:[^:]*:0:0:"
    rb"|\b(?:Key|Type|Value|Attribute|Index|Recursion|UnicodeDecode|JSONDecode|Assertion)Error\b"
)


def plant(token: str) -> Planted:
    """Return what is added to every request: secrets, and a token that counts, else none would get far."""
    fields = (("token", token), *((name, SECRET) for name in NAMES))
    headers = {"Authorization": f"Bearer {token}", "X-Esri-Authorization": f"Bearer {token}"}
    hidden = ("In_GPStringHidden", SECRET)
    shown = ("In_GPString", f"{VALUE} https://user:{SECRET}@example.org/?sig={SECRET}")
    return Planted(
        query=(*fields, ("In_GPString", VALUE)),
        form=(*fields, hidden, shown),
        headers={**headers, "Cookie": f"agstoken={SECRET}"},
    )


@dataclass(frozen=True)
class Sent:
    """The token in the requests, the requests, an answer to each, and the lines of all functions' logs."""

    token: str
    requests: list[bytes]
    answers: list[bytes]
    lines: list[str]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """Send every request."""
    state = tmp_path_factory.mktemp("state")
    parameters = {"LogLevel": "DEBUG", "FetchAllowedHosts": "nowhere.invalid"}
    with LocalCloud(ServeOptions(parameters=parameters, state=state, warm=False)) as cloud:
        site, host = Site(cloud.url), cloud.url.removeprefix("http://")
        ana = add_user(cloud, "ana")
        login = {"username": ana.name, "password": ana.password}
        token = site.post("/arcgis/tokens/generateToken", login)["token"]
        job = site.submit("Conformance/Async", "Echo", In_GPString=VALUE, In_GPStringHidden=SECRET)
        site.wait(job, seconds=120)
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
        planted = plant(token)
        requests = [raw for case, raw in build_requests(places, host, planted) if case not in left_out]
        assert len(requests) > 290
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda raw: send(host, raw), requests))
        assert sum(answer.startswith(b"HTTP/1.1 ") for answer in answers) > 290
        site.wait(site.submit("Conformance/Async", "Echo"), seconds=120)
        logs = [path.read_text("utf-8") for path in sorted(Path(state, "logs").iterdir())]
        return Sent(token, requests, answers, [line for log in logs for line in log.splitlines()])


@pytest.fixture
def lines(sent: Sent) -> list[str]:
    return sent.lines


def send(host: str, raw: bytes) -> bytes:
    """Send the bytes of a request, and return those of the answer."""
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port)), timeout=90) as connection:
        try:
            connection.sendall(raw)
        except OSError:
            return b""  # the server has seen enough
        return b"".join(iter(lambda: connection.recv(65536), b""))


def head_of(answer: bytes) -> dict[str, str]:
    """Return the headers of an answer, by their names in lower case."""
    lines = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def is_of_the_gateway(answer: bytes) -> bool:
    """Return whether the gateway refused a request, as API Gateway does: no function has heard of it."""
    body = answer.partition(b"\r\n\r\n")[2]
    return not answer or body.startswith((b'{"message":', b"Invalid HTTP request"))


def test_every_answer_has_the_headers_that_keep_browsers_safe(sent: Sent) -> None:
    answers = [answer for answer in sent.answers if not is_of_the_gateway(answer)]
    assert len(answers) > 250
    for answer in answers:
        headers = head_of(answer)
        policy = STORE.sub("", headers.get("content-security-policy", ""))
        told = {name: headers.get(name) for name in HEADERS} | {"content-security-policy": policy}
        assert told in (HEADERS, HEADERS_OF_A_PAGE)
        assert "set-cookie" not in headers
        assert "access-control-allow-credentials" not in headers
        assert "x-injected" not in headers


@pytest.mark.parametrize("headers", [HEADERS, HEADERS_OF_A_PAGE])
def test_policy_allows_no_script_of_others_and_no_frame(headers: Mapping[str, str]) -> None:
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == "'none'"
    assert rules.get("script-src", "'none'") in ("'none'", "'self'")
    assert "unsafe" not in headers["content-security-policy"]


def test_no_answer_redirects_to_where_the_caller_wants(sent: Sent) -> None:
    places = {urlsplit(head_of(answer).get("location", "")).hostname for answer in sent.answers}
    assert places <= {None, "127.0.0.1"}


def test_no_answer_tells_of_the_inside(sent: Sent) -> None:
    told = [
        (found[0], answer[:300])
        for request, answer in zip(sent.requests, sent.answers, strict=True)
        for found in INSIDE.finditer(answer)
        if found[0] not in request
    ]
    assert told == []


def test_script_is_sent_to_a_callback_by_name_alone(sent: Sent) -> None:
    for answer in sent.answers:
        is_script = "javascript" in head_of(answer).get("content-type", "")
        body = answer.partition(b"\r\n\r\n")[2]
        assert is_script == (re.match(rb"/\*\*/[A-Za-z_$][\w$.]{0,99}\(", body) is not None)


def test_logs_tell_of_runs_of_every_kind(lines: list[str]) -> None:
    told = {json.loads(line).get("message") for line in lines}
    assert told >= {"audit", "attempt ended", "job ended", "executed"}


def test_logs_show_no_secret(sent: Sent) -> None:
    assert [line for line in sent.lines if SECRET in line or sent.token in line] == []


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
