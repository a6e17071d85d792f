"""Working on a job: claim it, run its tool, store the outputs, and write the outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gpserverless.errors import (
    Cancelled,
    DeadlinePassed,
    InvalidParameter,
    LeaseLost,
    RequestError,
    RunError,
    StorageError,
    StorageRefused,
)
from gpserverless.jobs.hosting import Hosting, Publication
from gpserverless.jobs.job import Job
from gpserverless.jobs.job_usage import AttemptUsage
from gpserverless.jobs.keys import messages_key, new_fence
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.messages import describe_failure, describe_outcome, describe_usage, error, warning
from gpserverless.jobs.outputs import Manifest, store_outputs
from gpserverless.jobs.ports import MoveResult, RunTool
from gpserverless.jobs.pricing import UNKNOWN, FunctionSize
from gpserverless.jobs.read import read_inputs
from gpserverless.jobs.status import Status
from gpserverless.jobs.transfer import TransferLimits
from gpserverless.jobs.usage import Usage
from gpserverless.jobs.watch import JobWatcher
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.hosted import SERVICE_NAME
from gpserverless.toolkit.run import Message, RunResult, peak_of

_INTERNAL = "The server could not run the tool."
_UNREACHABLE = "The server could not read the inputs or write the results."
_UNWRITABLE = "The server could not write the outcome."
_RACE_PAUSE_SECONDS = 0.3
_INSIST_PAUSE_SECONDS = 2.0
_MOST_RACES = 10
_NAME_TAKEN = "The name of the hosted service was taken at the same moment; the job will be tried again."
_RACES_LOST = "The hosted service was written by others again and again."


@dataclass(frozen=True)
class AttemptResult:
    """The result of handling one message, for the queue and for the log."""

    job_id: str
    #: The status of the job after it, or why nothing was done.
    outcome: str
    #: After how long the message should be delivered again; None if it is done with.
    hand_back_seconds: int | None = None
    #: The error behind a failure, if any.
    problem: BaseException | None = None
    #: How long the attempt took.
    milliseconds: int = 0


@dataclass(frozen=True)
class JobWorker:
    """Works on jobs, one at a time."""

    ledger: Ledger
    #: Where inputs are and outputs go.
    objects: ObjectStore
    run: RunTool
    #: The machine of this function, by which its time is priced.
    function_size: FunctionSize = UNKNOWN
    #: Keeps features as hosted services; None where there are none.
    hosting: Hosting | None = None
    #: Tells of results that are cut; None where there are no maps of jobs.
    transfer: TransferLimits | None = None

    def work(self, job_id: str, remaining_ms: int, fence: str = "") -> AttemptResult:
        """Make one attempt at a job, if it can be claimed.

        Args:
            job_id: The job that a message named.
            remaining_ms: How long this function may still take; 0 or less counts as over.
            fence: Token of this attempt; a new one if empty.
        """
        fence = fence or new_fence()
        rules = self.ledger.rules
        if remaining_ms < rules.least_ms:
            return AttemptResult(job_id, "no time left", hand_back_seconds=0)
        function_at = self.ledger.clock.now()
        try:
            claimed = _claim(self.ledger, job_id, fence)
        except StorageError as problem:
            return AttemptResult(job_id, "not claimed", rules.backoff_ms // 1000, problem)
        if isinstance(claimed, AttemptResult):
            return claimed
        deadline = min(claimed.run_deadline or 0, function_at + remaining_ms - rules.reserve_ms)
        claimed_at = self.ledger.clock.now()
        usage = AttemptUsage(claimed, claimed_at, function_at, self.function_size)
        watcher = JobWatcher(self.ledger, claimed, fence, deadline, usage)
        attempt = _Attempt(self.ledger, claimed, fence, watcher, usage, deadline, claimed_at)
        return attempt.make(self.objects, self.run, self.hosting, self.transfer)


def _claim(ledger: Ledger, job_id: str, fence: str) -> Job | AttemptResult:
    """Claim a job; wait a moment for a submit that its message overtook.

    A job that is over, has waited for too long, or belongs to another worker is left to the reaper.
    """
    give_up_at = ledger.clock.now() + ledger.rules.submit_race_ms
    while True:
        result = ledger.claim(job_id, fence)
        job = result.job
        if result.applied and job is not None:
            return job
        if job is None or job.status is not Status.NEW:
            found = job.status.value if job else "no such job"
            return AttemptResult(job_id, f"not to be claimed: {found}")
        if ledger.clock.now() >= give_up_at:
            return AttemptResult(job_id, "not submitted yet", ledger.rules.backoff_ms // 1000)
        ledger.clock.sleep(_RACE_PAUSE_SECONDS)


@dataclass(frozen=True)
class _Attempt:
    """One attempt at a job that this worker has claimed."""

    ledger: Ledger
    job: Job
    fence: str
    watcher: JobWatcher
    usage: AttemptUsage
    deadline: int
    claimed_at: int

    def make(
        self, objects: ObjectStore, run: RunTool, hosting: Hosting | None, transfer: TransferLimits | None
    ) -> AttemptResult:
        """Run the tool and write the outcome, unless the lease is lost."""
        try:
            write, problem = self._run(objects, run, hosting, transfer)
            self.watcher.store_messages(objects, messages_key(self.job.id, self.job.attempt, self.fence))
            try:
                result = self._insist(write)
            except StorageRefused as refused:
                # The table will never take this outcome, but perhaps a short one.
                problem, result = refused, self._insist(self._fail_shortly)
            if not result.applied and self._is_being_cancelled(result.job):
                result = self._insist(self._stop)
        except LeaseLost as lost:
            return self._report("lease lost", lost)
        except StorageError as failure:
            return self._report("outcome not written", failure, self._backoff)
        status = result.job.status if result.job else Status.DELETED
        return self._report(status.value, problem, self._backoff if status is Status.WAITING else None)

    def _run(
        self, objects: ObjectStore, run: RunTool, hosting: Hosting | None, transfer: TransferLimits | None
    ) -> tuple[Callable[[], MoveResult], Exception | None]:
        """Run the tool, store its outputs, and return the move that writes the outcome, and any error."""
        try:
            manifest, publication = self._make_outputs(objects, run, hosting, transfer)
        except Cancelled:
            return self._stop, None
        except (StorageError, OSError) as problem:  # also this machine's disk, which may be full
            return partial(self._release, problem), problem
        except DeadlinePassed as problem:
            return self._time_out, problem
        except (RunError, RequestError) as problem:
            return partial(self._fail, " ".join(map(str, problem.args)) or type(problem).__name__), problem
        except Exception as problem:  # an error of ours: the caller gets a general message, the log all of it
            return partial(self._fail, _INTERNAL), problem
        return partial(self._publish, manifest, publication and publication.refresh()), None

    def _make_outputs(
        self, objects: ObjectStore, run: RunTool, hosting: Hosting | None, transfer: TransferLimits | None
    ) -> tuple[Manifest, Publication | None]:
        """Run the tool and store its outputs; return their places, and the service that keeps them."""
        call = read_inputs(objects, self.job.id)
        self.watcher.check_cancelled()
        if hosting is not None:
            hosting.announce(call, self.job)
        outputs = self._run_tool(call, run).outputs
        publication = self._plan(call, outputs, hosting)
        if publication is None and transfer is not None:
            for message in transfer.describe(self.job, call, outputs):
                self.watcher.message(message)
        return self._store(objects, outputs, publication), publication

    def _plan(self, call: Call, outputs: tuple[Output, ...], hosting: Hosting | None) -> Publication | None:
        """Return the service that keeps the outputs, None if the caller wants none."""
        if hosting is not None:
            return hosting.plan(call, self.job, outputs, self.fence)
        if call.values.get(SERVICE_NAME):
            raise InvalidParameter(SERVICE_NAME, "this site keeps no features as a service", "no value")
        return None

    def _store(
        self, objects: ObjectStore, outputs: tuple[Output, ...], publication: Publication | None
    ) -> Manifest:
        """Store the outputs, and the objects of the service that keeps them."""
        check_cancelled, max_bytes = self.watcher.check_cancelled, self.ledger.rules.max_manifest_bytes
        if publication is not None:
            publication.store(objects, outputs, check_cancelled)
            self.usage.puts += publication.puts
            outputs = publication.point(outputs)
        manifest = store_outputs(objects, self.job, self.fence, outputs, check_cancelled, max_bytes)
        self.usage.puts += manifest.puts
        return manifest

    def _run_tool(self, call: Call, run: RunTool) -> RunResult:
        """Run the tool, and count its memory, however it ends."""
        try:
            # A reader of a result drops the ordinates that the caller does not want.
            seconds = (self.deadline - self.ledger.clock.now()) / 1000
            result = run(call.for_worker(), self.watcher, seconds)
        except BaseException as ended:
            self.usage.add_peak(peak_of(ended))
            raise
        self.usage.add_peak(result.peak_bytes)
        return result

    def _insist(self, write: Callable[[], MoveResult]) -> MoveResult:
        """Repeat a write while the table fails and the lease lasts: nothing else is left to do."""
        while True:
            try:
                return write()
            except StorageRefused:
                raise
            except StorageError:
                if not self.watcher.has_lease():
                    raise
                self.ledger.clock.sleep(_INSIST_PAUSE_SECONDS)

    def _is_being_cancelled(self, found: Job | None) -> bool:
        return found is not None and found.status is Status.CANCELLING and found.lease_owner == self.fence

    def _publish(self, manifest: Manifest, publication: Publication | None) -> MoveResult:
        """Write a success and its service; fail if the name has been taken while the tool ran."""
        for _ in range(_MOST_RACES):
            result = self._succeed(manifest, publication)
            if publication is None or not result.is_refused_beside:
                return result
            try:
                publication = publication.reset()
            except InvalidParameter as problem:
                if publication.request.renames and self.job.attempt < self.ledger.rules.max_attempts:
                    return self._try_again(_NAME_TAKEN)  # its results have the URL of the name
                return self._fail(str(problem))
        return self._fail(_RACES_LOST)

    def _succeed(self, manifest: Manifest, publication: Publication | None) -> MoveResult:
        told, beside = (publication.messages, publication.writes) if publication else ((), ())
        usage, messages = self._end(Status.SUCCEEDED, *told)
        results, files = manifest.results, manifest.files
        return self.ledger.succeed(self.job.id, self.fence, messages, results, files, usage, beside=beside)

    def _fail(self, why: str) -> MoveResult:
        why = why[: self.ledger.rules.max_message_chars]
        usage, messages = self._end(Status.FAILED, error(why), describe_failure(self.job.task))
        return self.ledger.fail(self.job.id, self.fence, messages, why, usage)

    def _fail_shortly(self) -> MoveResult:
        now = self.ledger.clock.now()
        last = (error(_UNWRITABLE), describe_outcome(Status.FAILED, now, self.claimed_at))
        return self.ledger.fail(self.job.id, self.fence, last, _UNWRITABLE, self.usage.until(now))

    def _time_out(self) -> MoveResult:
        usage, messages = self._end(Status.TIMED_OUT, error("The tool ran longer than it may."))
        return self.ledger.time_out(self.job.id, self.fence, messages, usage)

    def _stop(self) -> MoveResult:
        usage, messages = self._end(Status.CANCELLED)
        return self.ledger.stop(self.job.id, self.fence, messages, usage)

    def _release(self, problem: Exception) -> MoveResult:
        if isinstance(problem, StorageRefused) or self.job.attempt >= self.ledger.rules.max_attempts:
            return self._fail(_UNREACHABLE)
        return self._try_again("The server could not read or write; the job will be tried again.")

    def _try_again(self, why: str) -> MoveResult:
        last = warning(why)
        messages, usage = (*self.watcher.unsent_messages(), last), self.usage.until(self.ledger.clock.now())
        return self.ledger.release(self.job.id, self.fence, messages, usage)

    def _end(self, status: Status, *why: Message) -> tuple[Usage, tuple[Message, ...]]:
        """Return the final usage of the job, and its last messages."""
        now = self.ledger.clock.now()
        usage = self.usage.until(now)
        last = describe_outcome(status, now, self.claimed_at)
        return usage, (*self.watcher.unsent_messages(), *why, describe_usage(usage), last)

    @property
    def _backoff(self) -> int:
        return self.ledger.rules.backoff_ms // 1000

    def _report(
        self, outcome: str, problem: BaseException | None, hand_back_seconds: int | None = None
    ) -> AttemptResult:
        milliseconds = max(0, self.ledger.clock.now() - self.claimed_at)
        return AttemptResult(self.job.id, outcome, hand_back_seconds, problem, milliseconds)
