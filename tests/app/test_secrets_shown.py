"""No secret of a URL is shown: in inputs, in the error of a fetch that fails, in messages and in logs."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpserverless.app.fetching import InputPreparation
from gpserverless.app.logs import make_logger
from gpserverless.datatypes.base import DataType
from gpserverless.datatypes.capabilities import echo
from gpserverless.datatypes.features import GPFeatureRecordSetLayer
from gpserverless.datatypes.files import GPDataFile, GPRasterData
from gpserverless.errors import InvalidParameter
from gpserverless.fetch.direct import DirectFetcher
from gpserverless.fetch.inputs import Inputs
from gpserverless.fetch.policy import Policy
from gpserverless.sandbox.child_logs import JsonLogHandler
from gpserverless.sandbox.preparation import RunContext
from gpserverless.testing.runner import NoUploads
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.message_budget import MessageBudget, MessageLimits
from gpserverless.toolkit.run import Message
from gpserverless.toolkit.spec import Parameter, TaskSpec
from tests.fake_feature_server import SAYING, FakeFeatureServer, fake_feature_server

SECRET = "s3cr3t-0123456789"
NAMES = [
    *("token", "access_token", "X-Amz-Signature", "X-Amz-Security-Token", "sig", "key", "api_key", "apikey"),
    *("code", "password", "client_secret", "subscription-key"),
]
URLS = [f"{{far}}/nowhere.zip?a=1&{name}={SECRET}" for name in NAMES]
URLS += [f"{{far}}{SAYING}?a=1&{name}={SECRET}" for name in NAMES]
URLS += [f"http://user:{SECRET}@{{place}}/nowhere.zip", f"{{far}}/nowhere.zip#access_token={SECRET}"]


@pytest.fixture(scope="module")
def far() -> Iterator[FakeFeatureServer]:
    with fake_feature_server() as served:
        yield served


@pytest.mark.parametrize("data_type", [GPDataFile(), GPRasterData(), GPFeatureRecordSetLayer()], ids=str)
@pytest.mark.parametrize("url", URLS)
def test_failing_fetch_shows_no_secret(
    far: FakeFeatureServer, tmp_path: Path, data_type: DataType, url: str
) -> None:
    sent = json.dumps({"url": url.replace("{far}", far.url).replace("{place}", far.place), "token": SECRET})
    task = TaskSpec("T", "T", "", (Parameter("In", "In", "", data_type),))
    inputs = Inputs(DirectFetcher(Policy(private=frozenset({far.place}))), NoUploads())
    context = RunContext(task, Limits.sync(), tmp_path, lambda: None)
    assert SECRET not in json.dumps(echo(data_type, sent))
    with pytest.raises(InvalidParameter) as caught:
        InputPreparation(lambda: inputs).prepare(Call("S", "T", {"In": sent}), context)
    assert SECRET not in repr(caught.value)


@pytest.mark.parametrize("url", URLS)
def test_messages_and_logs_show_no_secret(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    text = f"could not read {url}"
    admitted = MessageBudget(MessageLimits()).admit(Message("warning", text))
    assert admitted is not None
    assert SECRET not in admitted.text

    logger = make_logger()
    (handler,) = (each for each in logger.handlers if isinstance(each, logging.StreamHandler))
    before = handler.setStream(sys.stdout)
    logger.info(text, extra={"url": url, "reference": {"url": url, "token": SECRET}})
    try:
        raise ValueError(text)
    except ValueError:
        logging.getLogger("gpserverless.jobs").exception("failed")
    handler.setStream(before)
    JsonLogHandler().write_line("INFO", text, time.time(), {"reference": {"url": url, "token": SECRET}})
    shown = capfd.readouterr().out
    assert shown.count("could not read") >= 3
    assert SECRET not in shown
