"""Limits and intervals of jobs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gpserverless.errors import SettingsError
from gpserverless.outputs.limits import LINK_SECONDS
from gpserverless.toolkit.message_budget import MessageLimits

OBJECT_DAYS = 3
"""Days after which the bucket removes the objects of a job: the rule `jobs` of its lifecycle."""

_DAY_MS = 86_400_000
_REAPING_MS = 120_000

PART_BYTES = 16 * 2**20
"""Size of the parts in which large files are written; S3 asks for 5 MiB at least, and takes 10,000."""


@dataclass(frozen=True, kw_only=True)
class JobRules(MessageLimits):
    """Limits and intervals; all times are milliseconds."""

    #: How long all attempts at a job may take together, from the first claim on. Below a worker function's
    #: longest time of 900 s.
    run_ms: int = 840_000
    #: How long a job can be seen after it ended; its objects must still be there, see `of`.
    retention_ms: int = 24 * 3_600_000
    #: How long a job may wait for a worker, from its submission on.
    wait_ms: int = 3_600_000
    #: How often a job is started at most.
    max_attempts: int = 3
    #: How long a claim holds without a beat.
    lease_ms: int = 60_000
    #: Time between two renewals of a lease; two may fail before the lease is over.
    beat_ms: int = 20_000
    #: Shortest time between two reads or writes of the row by a worker.
    poll_ms: int = 1_000
    #: How long the first message of a run waits; a run that is over by then writes its outcome only.
    silent_ms: int = 200
    #: How long before the end of its lease a worker that cannot renew it stops.
    give_up_ms: int = 10_000
    #: After how long a submit that did not end is failed; its function has 29 s.
    new_ms: int = 60_000
    #: Time that must be left to a function for a submit to be committed: a slow table takes up to 7 s for
    #: that, and as long again for withdrawing it when no answer came.
    commit_ms: int = 15_000
    #: After how long the message of a queued job counts as lost.
    resend_ms: int = 300_000
    #: How overdue a job may be before it is counted as stuck.
    stuck_ms: int = 300_000
    #: How long a worker waits for a submit that its message overtook.
    submit_race_ms: int = 1_500
    #: How long a job rests after a store failed it.
    backoff_ms: int = 5_000
    #: Time that must be left to a function for a job to be started.
    least_ms: int = 20_000
    #: Time kept for writing the outcome.
    reserve_ms: int = 15_000
    #: How long a presigned URL works at most.
    link_ms: int = LINK_SECONDS * 1000
    #: How many of an attempt's further messages are kept in an object.
    max_more_messages: int = 4_000
    #: Size of these; with those of all attempts a job's answer must stay below 4.4 MB.
    max_more_bytes: int = 800_000
    #: Size of the list of results and files in a row, which ends at 400 kB.
    max_manifest_bytes: int = 200_000
    #: Into how many parts the index of open jobs is split.
    shards: int = 4

    @classmethod
    def of(cls, run_seconds: float = 840, retention_hours: float = 24, lease_seconds: float = 60) -> JobRules:
        """Return the rules of a deployment with a longest run, a retention and a lease of its own.

        Further intervals follow from the lease: a beat is a third of it, giving up takes a sixth of it, and a
        message counts as lost after five of it.

        Args:
            run_seconds: Longest time of all attempts together.
            retention_hours: How long a finished job is shown.
            lease_seconds: How long a claim holds without a beat.

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
        """Time within which every accepted job ends; a lost worker is found after two minutes."""
        return self.wait_ms + self.max_attempts * (self.lease_ms + _REAPING_MS) + self.run_ms

    @property
    def overflow(self) -> JobRules:
        """The same rules, for messages that a row has no room for."""
        return replace(self, max_messages=self.max_more_messages, max_messages_bytes=self.max_more_bytes)
