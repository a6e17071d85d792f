"""Working on one job: claim it, run its tool, store what comes out, and write down how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gpserverless.errors import (
    Cancelled,
    DeadlinePassed,
    LeaseLost,
    RequestError,
    RunError,
    StorageError,
    StorageRefused,
)
from gpserverless.jobs.job import Job
from gpserverless.jobs.keys import messages_key, new_fence
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.messages import account, closing, error, warning
from gpserverless.jobs.outputs import Manifest, store_outputs
from gpserverless.jobs.ports import MoveResult, ObjectStore, RunTool
from gpserverless.jobs.pricing import UNKNOWN, FunctionSize
from gpserverless.jobs.read import read_inputs
from gpserverless.jobs.status import Status
from gpserverless.jobs.usage import Usage
from gpserverless.jobs.usage_meter import Meter
from gpserverless.jobs.watch import JobWatcher
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.run import Message, RunResult, peak_of

_INTERNAL = "The server could not run the tool."
_UNREACHABLE = "The server could not read the inputs or write the results."
_UNWRITABLE = "The server could not write the outcome."
_RACE_PAUSE_SECONDS = 0.3
_INSIST_PAUSE_SECONDS = 2.0


@dataclass(frozen=True)
class AttemptResult:
    """What became of one message, for the queue and for the log.

    Attributes:
        job_id: Which job it was about.
        what: Where the job stands now, or why nothing was done.
        hand_back_seconds: After how long the message should come again; None when it is done with.
        problem: The error behind a failure, if any.
        milliseconds: How long the attempt took.
    """

    job_id: str
    outcome: str
    hand_back_seconds: int | None = None
    problem: BaseException | None = None
    milliseconds: int = 0


def work(
    job_id: str,
    *,
    ledger: Ledger,
    objects: ObjectStore,
    run: RunTool,
    remaining_ms: int,
    fence: str = "",
    function_size: FunctionSize = UNKNOWN,
) -> AttemptResult:
    """Make one attempt at a job, if it is there to be worked on.

    Args:
        job_id: The job that a message named.
        ledger: The book of jobs.
        objects: Where inputs are and outputs go.
        run: Runs tools.
        remaining_ms: How long this function may still take; 0 or less counts as over.
        fence: Token of this attempt; made anew when not given.
        function_size: The machine of this function, for the bill.
    """
    fence = fence or new_fence()
    if remaining_ms < ledger.rules.least_ms:
        return AttemptResult(job_id, "no time left", hand_back_seconds=0)
    function_at = ledger.clock.now()
    try:
        claimed = _claim(ledger, job_id, fence)
    except StorageError as problem:
        return AttemptResult(job_id, "not claimed", ledger.rules.backoff_ms // 1000, problem)
    if isinstance(claimed, AttemptResult):
        return claimed
    deadline = min(claimed.run_deadline or 0, function_at + remaining_ms - ledger.rules.reserve_ms)
    began = ledger.clock.now()
    meter = Meter(claimed, began, function_at, function_size)
    watcher = JobWatcher(ledger, claimed, fence, deadline, meter)
    return _Attempt(ledger, claimed, fence, watcher, meter, deadline, began).make(objects, run)


def _claim(ledger: Ledger, job_id: str, fence: str) -> Job | AttemptResult:
    """Claim a job, waiting a moment for a submit that its message overtook.

    A job that is over, queued for too long, or in another worker's hands is left to the reaper.
    """
    patience_ends = ledger.clock.now() + ledger.rules.submit_race_ms
    while True:
        moved = ledger.claim(job_id, fence)
        if moved.applied and moved.job is not None:
            return moved.job
        if moved.job is None or moved.job.status is not Status.NEW:
            return AttemptResult(
                job_id, f"not to be claimed: {moved.job.status.value if moved.job else 'no such job'}"
            )
        if ledger.clock.now() >= patience_ends:
            return AttemptResult(job_id, "not submitted yet", ledger.rules.backoff_ms // 1000)
        ledger.clock.sleep(_RACE_PAUSE_SECONDS)


@dataclass(frozen=True)
class _Attempt:
    """One attempt of this worker at a job that it has claimed."""

    ledger: Ledger
    job: Job
    fence: str
    watcher: JobWatcher
    meter: Meter
    deadline: int
    began: int

    def make(self, objects: ObjectStore, run: RunTool) -> AttemptResult:
        """Run the tool and write down the outcome, unless the lease is lost."""
        try:
            write, problem = self._run(objects, run)
            self.watcher.store_messages(objects, messages_key(self.job.id, self.job.attempt, self.fence))
            try:
                moved = self._insist(write)
            except (
                StorageRefused
            ) as refused:  # the table will never take this outcome, but perhaps a short one
                problem, moved = refused, self._insist(self._fail_shortly)
            if not moved.applied and self._is_being_cancelled(moved.job):
                moved = self._insist(self._stop)
        except LeaseLost as lost:
            return self._worked("lease lost", lost)
        except StorageError as failure:
            return self._worked("outcome not written", failure, self._backoff)
        status = moved.job.status if moved.job else Status.DELETED
        return self._worked(status.value, problem, self._backoff if status is Status.WAITING else None)

    def _run(self, objects: ObjectStore, run: RunTool) -> tuple[Callable[[], MoveResult], Exception | None]:
        """Return the move that writes the outcome down, and the error behind it if there is one."""
        try:
            call = read_inputs(objects, self.job.id)
            self.watcher.check_cancelled()
            outputs = self._run_tool(call, run).outputs
            most = self.ledger.rules.max_manifest_bytes
            manifest = store_outputs(
                objects, self.job, self.fence, outputs, self.watcher.check_cancelled, most
            )
            self.meter.puts += manifest.puts
        except Cancelled:
            return self._stop, None
        except (StorageError, OSError) as problem:  # also this machine's disk, which may be full
            return partial(self._release, problem), problem
        except DeadlinePassed as problem:
            return self._time_out, problem
        except (RunError, RequestError) as problem:
            return partial(self._fail, " ".join(map(str, problem.args)) or type(problem).__name__), problem
        except Exception as problem:  # a fault of ours: told in general words, logged in full
            return partial(self._fail, _INTERNAL), problem
        return partial(self._succeed, manifest), None

    def _run_tool(self, call: Call, run: RunTool) -> RunResult:
        """Run the tool, and count its memory, however it ends."""
        try:
            result = run(call, self.watcher, (self.deadline - self.ledger.clock.now()) / 1000)
        except BaseException as ended:
            self.meter.had(peak_of(ended))
            raise
        self.meter.had(result.peak_bytes)
        return result

    def _insist(self, write: Callable[[], MoveResult]) -> MoveResult:
        """Repeat a write while the table fails and the lease holds: only this is missing."""
        while True:
            try:
                return write()
            except StorageRefused:
                raise
            except StorageError:
                if not self.watcher.holds():
                    raise
                self.ledger.clock.sleep(_INSIST_PAUSE_SECONDS)

    def _is_being_cancelled(self, found: Job | None) -> bool:
        return found is not None and found.status is Status.CANCELLING and found.lease_owner == self.fence

    def _succeed(self, manifest: Manifest) -> MoveResult:
        usage, said = self._closing(Status.SUCCEEDED)
        return self.ledger.succeed(self.job.id, self.fence, said, manifest.results, manifest.files, usage)

    def _fail(self, why: str) -> MoveResult:
        why = why[: self.ledger.rules.max_message_chars]
        failed = error(f"Failed to execute ({self.job.task}).")
        usage, said = self._closing(Status.FAILED, error(why), failed)
        return self.ledger.fail(self.job.id, self.fence, said, why, usage)

    def _fail_shortly(self) -> MoveResult:
        now = self.ledger.clock.now()
        last = (error(_UNWRITABLE), closing(Status.FAILED, now, self.began))
        return self.ledger.fail(self.job.id, self.fence, last, _UNWRITABLE, self.meter.usage(now))

    def _time_out(self) -> MoveResult:
        usage, said = self._closing(Status.TIMED_OUT, error("The tool ran longer than it may."))
        return self.ledger.time_out(self.job.id, self.fence, said, usage)

    def _stop(self) -> MoveResult:
        usage, said = self._closing(Status.CANCELLED)
        return self.ledger.stop(self.job.id, self.fence, said, usage)

    def _release(self, problem: Exception) -> MoveResult:
        if isinstance(problem, StorageRefused) or self.job.attempt >= self.ledger.rules.max_attempts:
            return self._fail(_UNREACHABLE)
        last = warning("The server could not read or write; the job will be tried again.")
        said, usage = (*self.watcher.unsent_messages(), last), self.meter.usage(self.ledger.clock.now())
        return self.ledger.release(self.job.id, self.fence, said, usage)

    def _closing(self, status: Status, *why: Message) -> tuple[Usage, tuple[Message, ...]]:
        """Return what the job has spent in the end, and all that is left to be said."""
        now = self.ledger.clock.now()
        usage = self.meter.usage(now)
        last = closing(status, now, self.began)
        return usage, (*self.watcher.unsent_messages(), *why, account(usage), last)

    @property
    def _backoff(self) -> int:
        return self.ledger.rules.backoff_ms // 1000

    def _worked(
        self, outcome: str, problem: BaseException | None, hand_back_seconds: int | None = None
    ) -> AttemptResult:
        milliseconds = self.ledger.clock.now() - self.began
        return AttemptResult(self.job.id, outcome, hand_back_seconds, problem, milliseconds)
