"""Submitting with a key of the caller's own: docs/how-to/submit-once.md."""

from __future__ import annotations

import uuid

import orjson
import pytest

from tests.wire.conftest import Site

ASYNC = "Conformance/Async"


@pytest.fixture
def key() -> str:
    return str(uuid.uuid4())


def submit(site: Site, fields: dict[str, str], key: str = "") -> str:
    """Return the id of the job when it has ended."""
    path = f"{site.task(ASYNC, 'Sleep')}/submitJob"
    headers = {"Idempotency-Key": key} if key else {}
    answer = site.send("POST", path, {"f": "json", "Seconds": "0", **fields}, headers=headers)
    job_id: str = orjson.loads(answer.data)["jobId"]
    site.wait(f"{site.task(ASYNC, 'Sleep')}/jobs/{job_id}")
    return job_id


def test_repeated_key_gets_the_same_job(site: Site, key: str) -> None:
    first = submit(site, {"clientRequestId": key})
    assert submit(site, {"clientRequestId": key}) == first
    assert submit(site, {}) != first


def test_header_means_the_same_as_the_field(site: Site, key: str) -> None:
    assert submit(site, {}, key) == submit(site, {"clientRequestId": key})


def test_repeated_key_of_a_wrong_value_gets_the_same_failed_job(site: Site, key: str) -> None:
    path = f"{site.task(ASYNC, 'Sleep')}/submitJob"
    first = site.post(path, {"Seconds": "x", "clientRequestId": key})
    assert first["jobStatus"] == "esriJobFailed"
    assert site.post(path, {"Seconds": "x", "clientRequestId": key}) == first
    corrected = site.post(path, {"Seconds": "0", "clientRequestId": key})
    assert "it was used for other inputs" in corrected["error"]["details"][0]


def test_repeated_key_with_other_inputs_is_refused(site: Site, key: str) -> None:
    submit(site, {"clientRequestId": key})
    path = f"{site.task(ASYNC, 'Sleep')}/submitJob"
    answer = site.post(path, {"Seconds": "1", "clientRequestId": key})
    assert answer["error"]["code"] == 400
    assert "clientRequestId" in answer["error"]["details"][0]
