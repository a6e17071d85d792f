"""Who sees which job, which of its results, and for how long links to them work."""

from __future__ import annotations

from typing import Any

import pytest

from gpserverless.caller import Caller, Role
from gpserverless.errors import NotFound
from gpserverless.jobs.find import find_file, find_result, get_job
from gpserverless.jobs.job import StoredFile, StoredResult
from gpserverless.jobs.keys import inputs_key
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.read import link_to_job_file, read_inputs, read_result
from gpserverless.jobs.status import Status
from gpserverless.outputs.limits import INLINE_BYTES
from gpserverless.outputs.store import Inline, Link
from gpserverless.testing import FaultInjection, InMemoryJobQueue, InMemoryObjectStore
from gpserverless.toolkit.call import Call
from tests.jobs.rig import Put, submit

HOUR = 3_600_000
RESULTS = {
    "Zones": {
        "key": "jobs/j/1-f/Zones.json",
        "size": 9,
        "data_type": "GPString",
        "has_z": False,
        "has_m": False,
    }
}
FILES = {"zones.png": {"key": "jobs/j/1-f/files/zones.png", "size": 3}}


@pytest.mark.parametrize("status", Status)
def test_get_job_hides_new_and_deleted_jobs(ledger: Ledger, put: Put, status: Status) -> None:
    job = put(status)
    if status in (Status.NEW, Status.DELETING, Status.DELETED):
        with pytest.raises(NotFound):
            get_job(ledger, job.id, "Samples", "Buffer")
    else:
        assert get_job(ledger, job.id, "Samples", "Buffer") == job


HIDDEN: list[tuple[dict[str, Any], tuple[Any, ...]]] = [
    ({}, ("Samples", "Union")),
    ({}, ("Analysis", "Buffer")),
    ({}, ("samples", "buffer")),
    ({"owner": "ada"}, ("Samples", "Buffer")),
    ({"owner": "ada"}, ("Samples", "Buffer", Caller("grace", Role.PUBLISHER))),
]


@pytest.mark.parametrize(("given", "asked"), HIDDEN)
def test_get_job_hides_jobs_of_others(
    ledger: Ledger, put: Put, given: dict[str, Any], asked: tuple[Any, ...]
) -> None:
    job = put(Status.SUCCEEDED, **given)
    with pytest.raises(NotFound, match="There is no job"):
        get_job(ledger, job.id, *asked)


def test_get_job_shows_an_owner_the_job(ledger: Ledger, put: Put) -> None:
    job = put(Status.SUCCEEDED, owner="ada")
    assert get_job(ledger, job.id, "Samples", "Buffer", Caller("ada", Role.USER)) == job


def test_get_job_shows_an_administrator_the_jobs_of_others(ledger: Ledger, put: Put) -> None:
    job = put(Status.SUCCEEDED, owner="ada")
    assert get_job(ledger, job.id, "Samples", "Buffer", Caller("root", Role.ADMINISTRATOR)) == job


def test_get_job_shows_a_job_until_it_expires(ledger: Ledger, put: Put) -> None:
    job = put(Status.SUCCEEDED)
    ledger.clock.sleep(24 * 3600 - 1)
    assert get_job(ledger, job.id, "Samples", "Buffer")
    ledger.clock.sleep(1)
    with pytest.raises(NotFound, match="has expired: its data is no longer available"):
        get_job(ledger, job.id, "Samples", "Buffer")


def test_get_job_tells_nobody_but_the_owner_that_a_job_has_expired(ledger: Ledger, put: Put) -> None:
    job = put(Status.SUCCEEDED, owner="ada", expires_at=1)
    with pytest.raises(NotFound, match="There is no job"):
        get_job(ledger, job.id, "Samples", "Buffer", Caller("grace", Role.PUBLISHER))


@pytest.mark.parametrize("job_id", ["", "j1", "../../etc", "J" + "0" * 32, "j" + "0" * 5000])
def test_get_job_of_a_malformed_id_does_not_reach_the_table(
    memory_ledger: Ledger, faults: FaultInjection, job_id: str
) -> None:
    with pytest.raises(NotFound) as refused:
        get_job(memory_ledger, job_id, "Samples", "Buffer")
    assert faults.calls == []
    assert len(str(refused.value)) < 100


@pytest.mark.parametrize("status", Status)
def test_find_result_and_file_only_of_a_success(ledger: Ledger, put: Put, status: Status) -> None:
    job = put(status, results=RESULTS, files=FILES)
    if status is Status.SUCCEEDED:
        assert find_result(job, "Zones") == ("Zones", StoredResult(**RESULTS["Zones"]))
        assert find_file(job, "zones.png") == StoredFile(**FILES["zones.png"])
        return
    with pytest.raises(NotFound):
        find_result(job, "Zones")
    with pytest.raises(NotFound):
        find_file(job, "zones.png")


def test_find_result_ignores_case_and_find_file_does_not(put: Put) -> None:
    job = put(Status.SUCCEEDED, results=RESULTS, files=FILES)
    assert find_result(job, "zones")[0] == "Zones"
    with pytest.raises(NotFound):
        find_result(job, "points")
    with pytest.raises(NotFound):
        find_file(job, "Zones.png")


def test_read_inputs_returns_the_submitted_call(memory_ledger: Ledger, objects: InMemoryObjectStore) -> None:
    call = Call("Samples", "Buffer", {"name": "Ærøskøbing \ud800"}, files_url="https://x/")
    job = submit("j" + "0" * 32, call, ledger=memory_ledger, objects=objects, queue=InMemoryJobQueue())
    assert read_inputs(objects, job.id) == call
    del objects.bodies[inputs_key(job.id)]
    with pytest.raises(NotFound):
        read_inputs(objects, job.id)


@pytest.mark.parametrize("size", [9, INLINE_BYTES, INLINE_BYTES + 1])
def test_read_result_passes_small_results_and_links_large_ones(
    ledger: Ledger, put: Put, objects: InMemoryObjectStore, size: int
) -> None:
    job = put(Status.SUCCEEDED)
    objects.put("key", b"bytes", "application/json")
    answer = read_result(ledger, objects, job, StoredResult("key", size, "GPString"))
    if size <= INLINE_BYTES:
        assert answer == Inline(b"bytes")
    else:
        assert answer == Link("https://objects.test/key?seconds=900&type=application%2Fjson&name=key")


def test_read_result_links_the_gzipped_twin_if_accepted(
    ledger: Ledger, put: Put, objects: InMemoryObjectStore
) -> None:
    job, size = put(Status.SUCCEEDED), INLINE_BYTES + 1
    for stored, gzipped, key in (
        (StoredResult("key", size, "GPString", gzipped_size=9), True, "key.gz"),
        (StoredResult("key", size, "GPString", gzipped_size=9), False, "key"),
        (StoredResult("key", size, "GPString"), True, "key"),
    ):
        link = read_result(ledger, objects, job, stored, gzipped)
        assert link == Link(f"https://objects.test/{key}?seconds=900&type=application%2Fjson&name=key")


@pytest.mark.parametrize(("left_ms", "seconds"), [(24 * HOUR, 900), (60_000, 60), (500, 1)])
def test_link_to_job_file_ends_with_its_job(
    ledger: Ledger, put: Put, objects: InMemoryObjectStore, left_ms: int, seconds: int
) -> None:
    job = put(Status.SUCCEEDED, expires_at=ledger.clock.now() + left_ms)
    link = link_to_job_file(ledger, objects, job, StoredFile("key", 3), "zones.png")
    assert link == Link(
        f"https://objects.test/key?seconds={seconds}&type=application%2Foctet-stream&name=zones.png"
    )
