"""The audit log: a line for each use of a service, with its caller and its size, and no value of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from gpserverless.access.audit import MESSAGE
from gpserverless.app.job_metrics import record_job_end
from gpserverless.caller import Role
from gpserverless.testing import ErrorAnswer, Site
from gpserverless.toolkit.toolboxes import discover

SECRET = "s3cr3t-0123456789"
FACTS = ("action", "caller", "status", "bytes_in", "bytes_out", "seconds")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site(box for box in discover(worker="core")) as made:
        object.__setattr__(made._stores.ledger, "on_end", record_job_end)  # as the functions have it
        yield made


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("gpserverless"), "propagate", True)
    caplog.set_level(logging.INFO, "gpserverless")


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Return the facts of the lines of the audit log."""
    records = [record for record in caplog.records if record.getMessage() == MESSAGE]
    return [{name: vars(record)[name] for name in FACTS if name in vars(record)} for record in records]


def test_execute_is_a_line(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.execute("Conformance/Sync", "Echo", {"In_GPString": SECRET})
    ann = site.sign_in("ann")
    with pytest.raises(ErrorAnswer):
        ann.execute("Conformance/Sync", "Fail", {})
    first, second = lines(caplog)
    assert (first["action"], first["caller"], first["status"]) == ("execute", "", "succeeded")
    assert (first["bytes_in"], first["bytes_out"] > 1_000, first["seconds"] > 0) == (len(SECRET), True, True)
    assert (second["action"], second["caller"], second["status"]) == ("execute", "ann", "failed")
    assert SECRET not in str([vars(record) for record in caplog.records])


def test_job_is_a_line_at_its_submit_its_cancel_and_its_end(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    ann, root = site.sign_in("ann"), site.sign_in("root", Role.ADMINISTRATOR)
    ann.submit("Conformance/Async", "Echo", {"In_GPString": SECRET})
    site.run_jobs()
    cancelled = ann.submit("Conformance/Async", "Echo", {"In_GPString": SECRET})
    root.cancel(cancelled)
    ann.submit("Conformance/Async", "Echo", {"In_GPLong": SECRET})
    seen = [(line["action"], line["caller"], line["status"]) for line in lines(caplog)]
    assert seen == [
        ("submitJob", "ann", "esriJobSubmitted"),
        ("end", "ann", "esriJobSucceeded"),
        ("submitJob", "ann", "esriJobSubmitted"),
        ("end", "ann", "esriJobCancelled"),
        ("cancel", "root", "esriJobCancelled"),
        ("end", "ann", "esriJobFailed"),
        ("submitJob", "ann", "esriJobFailed"),
    ]
    submitted, succeeded = lines(caplog)[:2]
    assert submitted["bytes_in"] == len(SECRET)
    assert succeeded["bytes_out"] > 1_000
    assert SECRET not in str([vars(r) for r in caplog.records if r.getMessage() == MESSAGE])


def test_refusal_is_a_line_without_the_token(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ErrorAnswer):
        site.get("/arcgis/rest/services/Samples/GPServer", {"token": SECRET}).json()
    with pytest.raises(ErrorAnswer):
        site.get("/arcgis/rest/services/Conformance/Secured/GPServer").json()
    refused = [record for record in caplog.records if record.getMessage() == "access refused"]
    assert [vars(record)["problem"] for record in refused] == ["InvalidToken", "TokenRequired"]
    assert SECRET not in str([vars(record) for record in caplog.records])
