"""The scenarios of the lab: each is one fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MINUTE = 60_000
HOUR = 60 * MINUTE


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One fault.

    Attributes:
        number: Its number.
        name: The fault in words.
        chances: Probability of each thing that can go wrong, by its name; see `injection` and `tool`.
        cancels: Share of the jobs that are cancelled.
        cancel_ms: Between which times after the submit.
        visibility_ms: For how long a received message is hidden.
        receives: How often a message is received before it is a dead message.
        concurrency: How many workers there are at most.
        pollers: How many event source mappings read the queue.
        skew_ms: By how much the workers' clocks are ahead.
        jump_ms: By how much they jump a minute after the start.
        outage: From when to when nothing at AWS answers.
        reaper_off: From when to when the reaper does not run.
        reapers: How many reapers run at a time.
        strange_rows: Whether rows have attributes of another version of the code.
        inputs_bytes: Size of the inputs.
        results_removed: Whether the results' objects are removed from the bucket.
        rows_removed: Share of the running jobs whose rows are removed.
    """

    number: str
    name: str
    chances: Mapping[str, float] = field(default_factory=dict)
    cancels: float = 0
    cancel_ms: tuple[int, int] = (0, 40_000)
    visibility_ms: int = 90 * MINUTE
    receives: int = 5
    concurrency: int = 6
    pollers: int = 1
    skew_ms: int = 0
    jump_ms: int = 0
    outage: tuple[int, int] = (0, 0)
    reaper_off: tuple[int, int] = (0, 0)
    reapers: int = 1
    strange_rows: bool = False
    inputs_bytes: int = 0
    results_removed: bool = False
    rows_removed: float = 0

    @property
    def grace_ms(self) -> int:
        """Milliseconds by which jobs may end later than promised, because an outage held them up."""
        return sum(ends - begins for begins, ends in (self.outage, self.reaper_off)) + self.jump_ms


def _make(number: str, name: str, **chances: float) -> Scenario:
    """Make a scenario of chances alone; their names have underscores instead of blanks."""
    return Scenario(number=number, name=name, chances={n.replace("_", " "): c for n, c in chances.items()})


_EVERYTHING = {
    **{"delivered twice": 0.3, "send down": 0.1, "send lost": 0.1, "send swallowed": 0.1, "submit lost": 0.1},
    **{"claim down": 0.1, "claim dies after": 0.05, "claim again": 0.1, "sandbox killed": 0.03},
    **{"worker put dies after": 0.05, "succeed dies before": 0.05, "succeed lost": 0.1, "worker paused": 0.1},
    **{"worker blind": 0.1, "tool raises": 0.05, "tool hangs": 0.05, "worker get down": 0.1},
    **{"worker put down": 0.05, "reaper read dies before": 0.1, "beat down": 0.1, "due behind": 0.3},
}

SCENARIOS = (
    _make("00", "nothing"),
    _make("01", "the queue delivers twice", delivered_twice=1),
    _make("02", "the message is not sent", send_down=0.5),
    _make("03", "the message is sent, its answer lost", send_lost=0.5),
    _make("04", "the queue loses the message", send_swallowed=0.5),
    _make("05", "submit dies after the row", create_dies_after=0.5),
    _make("06", "submit dies after the message", send_dies_after=0.5),
    _make("07", "the submit is not written", submit_down=0.5),
    _make("08", "the submit is written, its answer lost", submit_lost=0.5),
    _make("09", "the row is written twice", create_again=1),
    _make("10", "the claim is written twice", claim_again=0.5),
    _make("11", "the claim is throttled", claim_down=0.5),
    _make("12", "the worker dies after its claim", claim_dies_after=0.4),
    _make("13", "the sandbox is killed during the run", sandbox_killed=0.08),
    _make("14", "the worker dies between two outputs", worker_put_dies_after=0.3),
    _make("15", "the worker dies before the outcome", succeed_dies_before=0.4),
    _make("16", "the worker dies after the outcome", succeed_dies_after=0.5),
    _make("17", "the outcome is written twice", succeed_again=1),
    _make("18", "the outcome is written, its answer lost", succeed_lost=0.5),
    _make("19", "the tool runs out of memory", tool_out_of_memory=0.5),
    _make("20", "the tool raises", tool_raises=0.5),
    _make("21", "the tool hangs past its deadline", tool_hangs=0.5),
    Scenario(
        number="22",
        name="it hangs, and the worker dies writing so",
        chances={"tool hangs": 0.5, "time out dies before": 1},
    ),
    _make("23", "the worker is paused beyond its lease", worker_paused=0.5),
    _make("24", "the worker does not look", worker_blind=0.6),
    _make("25", "beats fail", beat_down=0.7),
    _make("26", "the inputs cannot be read", worker_get_down=0.5),
    _make("27", "the results cannot be written", worker_put_down=0.3),
    Scenario(number="28", name="AWS is away for 10 minutes", outage=(40_000, 640_000)),
    Scenario(number="29", name="everybody cancels", cancels=1),
    Scenario(number="30", name="… and sandboxes are killed", chances={"sandbox killed": 0.08}, cancels=1),
    Scenario(number="31", name="cancels race with outcomes", cancels=1, cancel_ms=(10_000, 60_000)),
    Scenario(number="32", name="two reapers at once", chances={"sandbox killed": 0.1}, reapers=2),
    Scenario(
        number="33",
        name="the reaper dies in its sweep",
        chances={"sandbox killed": 0.1, "reaper read dies before": 0.5},
    ),
    Scenario(
        number="34",
        name="the reaper is off for an hour",
        chances={"sandbox killed": 0.1},
        reaper_off=(0, HOUR),
    ),
    Scenario(number="35", name="every delivery fails", chances={"cold start fails": 1}, visibility_ms=10_000),
    Scenario(number="36", name="messages come back in mid-run", visibility_ms=5_000, receives=50),
    Scenario(number="37", name="messages are received once", chances={"sandbox killed": 0.1}, receives=1),
    Scenario(
        number="38", name="workers' clocks 45 s ahead", chances={"sandbox killed": 0.05}, skew_ms=45_000
    ),
    Scenario(number="39", name="… and 45 s behind", chances={"sandbox killed": 0.05}, skew_ms=-45_000),
    Scenario(number="40", name="one worker for all", concurrency=1),
    Scenario(number="41", name="everything at once", chances=_EVERYTHING, cancels=0.2),
    _make("42", "paused, and does not look afterwards", worker_blind=0.6, worker_paused=0.6),
    _make("43", "half of the cold starts fail", cold_start_fails=0.5),
    _make("44", "the gateway gives the submit up", send_late=0.5),
    _make("45", "writing results is denied", worker_put_refused=1),
    _make("46", "the tool says 2,000 long messages", tool_talks=0.5),
    Scenario(number="47", name="inputs of 1 MB", inputs_bytes=1_000_000),
    _make("48", "writing results is slow", worker_put_late=0.5),
    Scenario(number="49", name="results are removed by hand", results_removed=True),
    Scenario(number="50", name="rows of running jobs are removed", rows_removed=0.5),
    Scenario(number="51", name="rows of another version of the code", strange_rows=True),
    _make("52", "the task is gone when its job starts", task_removed=0.5),
    _make("53", "the disk is full", disk_full=0.5),
    _make("54", "connections are stale after a freeze", claim_stale=0.5, worker_get_stale=0.5, due_stale=0.5),
    Scenario(number="55", name="workers' clocks jump by 10 minutes", jump_ms=10 * MINUTE),
    Scenario(number="58", name="two deployments read the queue", chances={"delivered twice": 0.3}, pollers=2),
    Scenario(
        number="59",
        name="the index of due jobs is behind",
        chances={"due behind": 0.5, "sandbox killed": 0.1},
    ),
)
"""56 and 57 are about tokens and fetching, which are not part of a job's life."""
