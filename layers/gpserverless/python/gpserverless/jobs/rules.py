"""The numbers that jobs live by."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gpserverless.errors import SettingsError
from gpserverless.outputs.limits import LINK_SECONDS
from gpserverless.toolkit.message_budget import MessageLimits

OBJECT_DAYS = 3
"""After how many days the store removes what belongs to a job: the rule `jobs` of the bucket's lifecycle."""

_DAY_MS = 86_400_000
_REAPING_MS = 120_000

PART_BYTES = 16 * 2**20
"""Size of the parts in which large files are written; S3 asks for 5 MiB at least, and takes 10,000."""


@dataclass(frozen=True, kw_only=True)
class JobRules(MessageLimits):
    """Limits and intervals; all times are milliseconds.

    Attributes:
        run_ms: How long all attempts at a job may take together, from the first claim on. Below a worker
            function's longest time of 900 s.
        retention_ms: How long a job can be seen after it ended; its objects must still be there, see `of`.
        wait_ms: How long a job may wait for a worker, from its submission on.
        max_attempts: How often a job is started at most.
        lease_ms: How long a claim holds without a beat.
        beat_ms: How often a worker renews its lease: twice may fail before the lease is over.
        poll_ms: How often a worker asks for a cancel and relays messages at most.
        silent_ms: How long a run's first message waits: one that is over by then writes its outcome only.
        give_up_ms: How long before the end of its lease a worker that cannot renew it stops.
        new_ms: After how long a submit that did not end is failed; its function has 28 s.
        commit_ms: Time that must be left to a function for a submit to be committed: a slow table takes up to
            7 s for that, and as long again for taking it back when no answer came.
        resend_ms: After how long a queued job's message is taken for lost.
        stuck_ms: How overdue a job may be before it is counted as stuck.
        submit_race_ms: How long a worker waits for a submit that its message overtook.
        backoff_ms: How long a job rests after a store failed it.
        least_ms: Time that must be left to a function for a job to be started.
        reserve_ms: Time kept for writing the outcome.
        link_ms: How long a presigned URL works at most.
        max_more_messages: How many of an attempt's further messages are kept in an object.
        max_more_bytes: Size of these; with those of all attempts a job's answer must stay below 4.4 MB.
        max_manifest_bytes: Size of the list of results and files in a row, which ends at 400 kB.
        shards: Into how many parts the index of open jobs is split.
    """

    run_ms: int = 840_000
    retention_ms: int = 24 * 3_600_000
    wait_ms: int = 3_600_000
    max_attempts: int = 3
    lease_ms: int = 60_000
    beat_ms: int = 20_000
    poll_ms: int = 1_000
    silent_ms: int = 200
    give_up_ms: int = 10_000
    new_ms: int = 60_000
    commit_ms: int = 15_000
    resend_ms: int = 300_000
    stuck_ms: int = 300_000
    submit_race_ms: int = 1_500
    backoff_ms: int = 5_000
    least_ms: int = 20_000
    reserve_ms: int = 15_000
    link_ms: int = LINK_SECONDS * 1000
    max_more_messages: int = 4_000
    max_more_bytes: int = 800_000
    max_manifest_bytes: int = 200_000
    shards: int = 4

    @classmethod
    def of(cls, run_seconds: float = 840, retention_hours: float = 24, lease_seconds: float = 60) -> JobRules:
        """Return the rules of a deployment that has its own longest run, retention and lease.

        What has to do with the lease goes with it: three beats, a sixth of it to give up in, and five of it
        until a message is taken for lost.

        Raises:
            SettingsError: Jobs could be seen when their inputs, the oldest of their objects, are gone.
        """
        lease = int(lease_seconds * 1000)
        rules = cls(
            run_ms=int(run_seconds * 1000),
            retention_ms=int(retention_hours * 3_600_000),
            lease_ms=lease,
            beat_ms=lease // 3,
            give_up_ms=lease // 6,
            new_ms=max(lease, 35_000),
            resend_ms=5 * lease,
        )
        most_ms = OBJECT_DAYS * _DAY_MS - rules.longest_ms - rules.link_ms
        if rules.retention_ms > most_ms:
            raise SettingsError(
                f"The environment variable RETENTION_HOURS must be at most {most_ms / 3_600_000:.1f}, since "
                f"the bucket keeps objects for {OBJECT_DAYS} days, not '{retention_hours:g}'."
            )
        return rules

    @property
    def longest_ms(self) -> int:
        """Within which a job that was accepted ends, whatever dies: a worker is missed after two minutes."""
        return self.wait_ms + self.max_attempts * (self.lease_ms + _REAPING_MS) + self.run_ms

    @property
    def beyond_the_row(self) -> JobRules:
        """The same rules for the messages that a row has no room for."""
        return replace(self, max_messages=self.max_more_messages, max_messages_bytes=self.max_more_bytes)
