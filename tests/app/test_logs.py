"""Every line of a function's log tells whose it is."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest

from gpserverless.app.logs import current_ids, log_ids, log_request_ids, make_logger
from gpserverless.caller import ANYBODY
from gpserverless.http.dispatch import Dispatcher
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.protocols.gpserver.routes import find_route_of_site

ROOT = Path(__file__).parents[2]
JOB = "j" + "0" * 32
ROW = {"function_request_id": "f1", "gateway_request_id": "g1"}


class Context:
    """What Lambda tells of an invocation."""

    aws_request_id = "f1"


def event(path: str = "/arcgis/rest/info") -> dict[str, Any]:
    http = {"method": "GET", "path": path}
    context = {"requestId": "g1", "http": http, "domainName": "example.org", "stage": "$default"}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "f=json",
        "headers": {},
        "requestContext": context,
    }


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("sent", "ids"),
    [
        (event(), ROW),
        ({"Records": []}, {"function_request_id": "f1"}),
        ({"requestContext": None}, {"function_request_id": "f1"}),
    ],
)
def test_invocation_is_known_while_it_lasts(sent: dict[str, Any], ids: dict[str, str]) -> None:
    seen: list[dict[str, str]] = []

    @log_request_ids
    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        seen.append(dict(current_ids()))
        return {}

    handler(sent, Context())
    assert seen == [ids]
    assert current_ids() == {}


def test_what_is_known_ends_with_an_error_too() -> None:
    @log_request_ids
    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        raise ValueError("a fault of ours")

    with pytest.raises(ValueError, match="a fault of ours"):
        handler({}, Context())
    assert current_ids() == {}


def test_blocks_within_blocks() -> None:
    with log_ids(job="j1", task="Buffer"):
        with log_ids(job="j2", toolbox="Samples"):
            assert current_ids() == {"job": "j2", "toolbox": "Samples", "task": "Buffer"}
        assert current_ids() == {"job": "j1", "task": "Buffer"}
    with log_ids(job="", task=None):
        assert current_ids() == {}


def test_lines_of_every_room_carry_them(capsys: pytest.CaptureFixture[str]) -> None:
    logger = make_logger()
    (handler,) = (each for each in logger.handlers if isinstance(each, logging.StreamHandler))
    before = handler.setStream(sys.stdout)  # the one that is captured
    with log_ids(job="j1", function_request_id="f1"):
        logger.info("from the app")
        logging.getLogger("gpserverless.jobs").warning("a warning from below")
        logging.getLogger("gpserverless.protocols").info("from below")
    handler.setStream(before)
    found = lines(capsys)
    assert [line["message"] for line in found] == ["from the app", "a warning from below", "from below"]
    assert [(line["job"], line["function_request_id"]) for line in found] == [("j1", "f1")] * 3


def test_lines_of_libraries_have_no_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.StreamHandler(sys.stdout)  # as Lambda has one
    logging.root.addHandler(root)
    try:
        make_logger()
        logging.getLogger("urllib3").warning("Retrying after /x?token=%s&a=1", "s3cr3t")
        try:
            raise ValueError("no answer from https://user:s3cr3t@example.org/")
        except ValueError:
            logging.getLogger("a_library").exception("failed")
    finally:
        logging.root.removeHandler(root)
    shown = capsys.readouterr().out
    assert "Retrying after /x?token=***&a=1" in shown
    assert "https://***@example.org/" in shown
    assert "s3cr3t" not in shown


@pytest.mark.parametrize("name", ["boto3", "botocore.auth", "s3transfer.tasks", "urllib3.connectionpool"])
def test_requests_of_libraries_are_in_no_log(name: str) -> None:
    make_logger()
    assert not logging.getLogger(name).isEnabledFor(logging.INFO)


def test_request_about_a_job_is_known_by_it_even_when_it_fails(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[dict[str, str]] = []

    class Sees(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            seen.append(dict(current_ids()))
            return True

    def get_job(request: Request, service: str, task: str, job: str) -> Response:
        raise ValueError("a fault of ours")

    caplog.handler.addFilter(sees := Sees())
    path = f"/arcgis/rest/services/Samples/GPServer/Buffer/jobs/{JOB}"
    dispatcher = Dispatcher("", find_route_of_site, lambda request, route: ANYBODY, log_ids)
    answer = dispatcher.answer(event(path), {"job": get_job})
    assert json.loads(answer["body"])["error"]["code"] == 500
    caplog.handler.removeFilter(sees)
    assert seen == [{"job": JOB, "toolbox": "Samples", "task": "Buffer"}]
    assert current_ids() == {}


@pytest.mark.parametrize("path", sorted(ROOT.glob("functions/*/app.py")), ids=lambda path: path.parent.name)
def test_every_function_logs_the_ids_of_its_requests(path: Path) -> None:
    assert "@log_request_ids\ndef handler(" in path.read_text("utf-8")
