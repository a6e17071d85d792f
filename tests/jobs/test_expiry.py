"""What disappears when: first the link, then the job from sight, then its objects, and its row in the end."""

from __future__ import annotations

import pytest

from gpserverless.errors import SettingsError, UnknownJob
from gpserverless.jobs.find import get_job_of_any_task
from gpserverless.jobs.job import Job, NewJob
from gpserverless.jobs.keys import file_key, inputs_key, messages_key, result_key
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.read import link_seconds
from gpserverless.jobs.rules import OBJECT_DAYS, JobRules
from gpserverless.testing import InMemoryJobTable, VirtualClock
from gpserverless.toolkit.call import Call
from tests.jobs.rig import parameter, resource

ID = "j" + "0" * 32
DAY = 86_400_000
HOURS = [1, 24, 70]


def life(hours: float, clock: VirtualClock, waits: float = 1, runs: float = 1) -> tuple[Ledger, Job, int]:
    """Return the ledger, a job that has waited and run for some seconds, and until when its row stays."""
    table = InMemoryJobTable()
    ledger = Ledger(table, JobRules.of(retention_hours=hours), clock)
    ledger.create(NewJob(ID, Call("Samples", "Buffer", {})), "token")
    ledger.submit(ID, "token")
    clock.sleep(waits)
    ledger.claim(ID, "fence")
    clock.sleep(runs)
    ended = ledger.succeed(ID, "fence", [], {}, {}).job
    assert ended is not None
    return ledger, ended, table.rows[ID]["ttl_at"] * 1000


@pytest.mark.parametrize("hours", HOURS)
def test_job_is_shown_for_its_retention_exactly(hours: float, clock: VirtualClock) -> None:
    ledger, ended, _ = life(hours, clock)
    clock.sleep(hours * 3600 - 0.001)
    assert get_job_of_any_task(ledger, ID) == ended
    clock.sleep(0.001)
    with pytest.raises(UnknownJob):
        get_job_of_any_task(ledger, ID)


@pytest.mark.parametrize("before", [3600, 900, 899, 60, 1.5])
def test_link_ends_with_its_job(before: float, clock: VirtualClock) -> None:
    ledger, ended, _ = life(24, clock)
    clock.sleep(24 * 3600 - before)
    assert link_seconds(ledger, ended) <= min(before, 900)


@pytest.mark.parametrize("hours", HOURS)
def test_objects_outlive_their_job_and_the_row_outlives_them(hours: float, clock: VirtualClock) -> None:
    submitted_at = clock.now()
    rules = JobRules()
    assert rules.longest_ms == (60 + 3 * (1 + 2) + 14) * 60_000
    _, ended, row_goes_at = life(hours, clock, waits=59 * 60, runs=14 * 60)
    later = rules.longest_ms - (clock.now() - submitted_at)  # would it have been, had its workers been lost
    oldest_object_goes_at = submitted_at + OBJECT_DAYS * DAY
    newest_object_goes_at = -(-((ended.ended_at or 0) + OBJECT_DAYS * DAY) // DAY) * DAY  # the next midnight
    assert (ended.expires_at or 0) + later + rules.link_ms <= oldest_object_goes_at
    assert newest_object_goes_at <= row_goes_at


@pytest.mark.parametrize("hours", [70.5, 72, 168])
def test_rules_refuse_a_retention_beyond_the_objects(hours: float) -> None:
    with pytest.raises(SettingsError, match=r"RETENTION_HOURS must be at most 70\.4"):
        JobRules.of(retention_hours=hours)


def test_template_allows_only_retentions_that_the_functions_accept() -> None:
    allowed = parameter("RetentionHours")
    assert JobRules.of(retention_hours=allowed["MaxValue"]).retention_ms == 70 * 3_600_000
    with pytest.raises(SettingsError):
        JobRules.of(retention_hours=allowed["MaxValue"] + 1)


def test_bucket_removes_every_object_of_a_job() -> None:
    rules = {rule["Id"]: rule for rule in resource("Bucket")["LifecycleConfiguration"]["Rules"]}
    assert (rules["jobs"]["Status"], rules["jobs"]["ExpirationInDays"]) == ("Enabled", OBJECT_DAYS)
    attempt = (ID, 2, "fence")
    keys = [inputs_key(ID), result_key(*attempt, "a"), file_key(*attempt, "a.csv"), messages_key(*attempt)]
    assert [key for key in keys if not key.startswith(rules["jobs"]["Prefix"])] == []
    assert rules["unfinished-uploads"]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
