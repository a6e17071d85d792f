"""The end of a job, told to the webhook of its service: a toolbox of this test on the real template."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.cloud import LocalCloud
from local.options import ROOT, ServeOptions
from tests.local.stack import eventually
from tests.webhook_receiver import WebhookReceiver, serve_webhook
from tests.wire.conftest import Site

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()

TOOLBOX = '''"""Places."""

from gpserverless import Service

service = Service(execution="async", webhook="{url}")
'''
TOOL = '''from gpserverless import ToolError, tool


@tool
def greet(name: str) -> str:
    """Greet somebody.

    Args:
        name: Who.
    """
    if name == "nobody":
        raise ToolError("There is nobody.")
    return f"Hello, {name}!"
'''


@pytest.fixture(scope="module")
def receiver() -> Iterator[WebhookReceiver]:
    with serve_webhook() as served:
        yield served


@pytest.fixture(scope="module")
def told(receiver: WebhookReceiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a copy of the project whose only toolbox has a webhook on this machine."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("template.yaml", "functions", "layers"):
        (folder / name).symlink_to(ROOT / name)
    toolbox = folder / "tools/toolboxes/places"
    toolbox.mkdir(parents=True)
    (toolbox.parent / "__init__.py").write_text('"""Toolboxes."""\n')
    (toolbox / "__init__.py").write_text(TOOLBOX.format(url=f"{receiver.url}/hooks/jobs?of=places"))
    (toolbox / "greet.py").write_text(TOOL)
    parameters = {"WebhookSecret": SECRET, "WebhookPrivateHosts": receiver.place}
    options = ServeOptions(template=folder / "template.yaml", parameters=parameters, minute=5, warm=False)
    with LocalCloud(options) as cloud:
        yield Site(cloud.url)


def message_about(receiver: WebhookReceiver, job: str) -> dict[str, Any]:
    """Return the body of the webhook's call about a job, its signature checked by hand."""
    path, headers, body = eventually(
        lambda: next((each for each in receiver.received if job.encode() in each[2]), None)
    )
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(bytes(range(32)), content, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    assert (path, headers["content-type"]) == ("/hooks/jobs?of=places", "application/json")
    message: dict[str, Any] = json.loads(body)
    assert headers["webhook-id"] == message["data"]["id"]
    return message


def test_webhook_is_called_for_a_job_with_a_wrong_value(told: Site, receiver: WebhookReceiver) -> None:
    job = told.post(f"{told.task('Places', 'Greet')}/submitJob", {"name": ""})["jobId"]
    data = message_about(receiver, job)["data"]
    assert data["jobStatus"] == "esriJobFailed"
    assert data["endedAt"] == data["submittedAt"]


@pytest.mark.parametrize(("name", "status"), [("Ada", "esriJobSucceeded"), ("nobody", "esriJobFailed")])
def test_webhook_is_called_at_the_end_of_a_job(
    name: str, status: str, told: Site, receiver: WebhookReceiver
) -> None:
    path = told.submit("Places", "Greet", name=name)
    assert told.wait(path)["jobStatus"] == status
    message = message_about(receiver, path.rpartition("/")[2])
    assert message["type"] == "job.ended"
    assert message["data"]["jobStatus"] == status
    assert message["data"]["jobUrl"] == told.url + path
    assert message["data"]["spent"].keys() >= {"queue_ms", "run_ms", "dollars"}
    assert message["timestamp"] == message["data"]["endedAt"] >= message["data"]["submittedAt"]
