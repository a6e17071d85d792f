"""Every legal move of a job, as data: its sources and target, its writer, its conditions, its changes.

    from                 to
    (no row)             New T1 · Failed T22
    New                  Submitted T2 · Failed T3 T4 T20
    Submitted, Waiting   Executing T5 · Cancelled T11 · TimedOut T19 · Failed T19 T20 · the same T18
    Executing            Succeeded T7 · Failed T8 T17 · TimedOut T9 T15 · Waiting T10 T16 · Cancelling T12 ·
                         the same T6
    Cancelling           Cancelled T13 T14 · the same T6
    a final status       Deleting T21 · gone T21
    Deleting             gone T21

A move is one conditional write of one row; the loser of a race stops. T7 may be one transaction with writes
of the table of items, and is made only if they are. Storage builds its expressions from this table, the
in-memory table of `testing` interprets it, and nothing else in the package changes a status.
"""

from __future__ import annotations

from gpserverless.jobs.move import Guard, Move, Writer
from gpserverless.jobs.status import FINAL, Status

_LEASE = ("lease_owner", "lease_until")
_OUTCOME = ("done_by", "ended_at", "expires_at", "ttl_at", "usage")
_SAME_ROW = Guard("rev", "=", "rev")
_SAME_SUBMIT = Guard("create_token", "=", "create_token")
_MINE = Guard("lease_owner", "=", "fence")
_LEASE_OVER = Guard("lease_until", "<=", "now")
_ATTEMPTS_LEFT = Guard("attempt", "<", "max_attempts")
_ATTEMPTS_USED_UP = Guard("attempt", ">=", "max_attempts")
_QUEUED = (Status.SUBMITTED, Status.WAITING)


def _end(
    number: str,
    name: str,
    writer: Writer,
    sources: tuple[Status, ...],
    target: Status,
    guards: tuple[Guard, ...],
    sets: tuple[str, ...] = (),
) -> Move:
    """Return a move into a final status: no lease, no place in the index of open jobs, a date of expiry."""
    return Move(
        number=number,
        name=name,
        writer=writer,
        sources=sources,
        target=target,
        guards=guards,
        sets=(*sets, *_OUTCOME),
        appends=("messages",),
        removes=(*_LEASE, "open_shard", "due_at", "progress"),
        proof=("status", "done_by"),
    )


CREATE = Move(
    number="T1", name="create", writer=Writer.API, sources=(), target=Status.NEW, proof=("create_token",)
)
REJECT = Move(  # its call is wrong: nobody but its readers and the table ever sees the row
    number="T22", name="reject", writer=Writer.API, sources=(), target=Status.FAILED, proof=("create_token",)
)
SUBMIT = Move(  # the commit point of a submit: a claim refuses New
    number="T2",
    name="submit",
    writer=Writer.API,
    sources=(Status.NEW,),
    target=Status.SUBMITTED,
    guards=(_SAME_SUBMIT,),
    sets=("submitted_at", "due_at"),
    proof=("create_token", "submitted_at"),
)
WITHDRAW = _end("T3", "withdraw", Writer.API, (Status.NEW,), Status.FAILED, (_SAME_SUBMIT,), sets=("reason",))
ABANDON = _end(
    "T4",
    "abandon",
    Writer.REAPER,
    (Status.NEW,),
    Status.FAILED,
    (_SAME_ROW, Guard("due_at", "<=", "now")),
    sets=("reason",),
)
CLAIM = Move(
    number="T5",
    name="claim",
    writer=Writer.WORKER,
    sources=_QUEUED,
    target=Status.EXECUTING,
    guards=(_ATTEMPTS_LEFT, Guard("queue_deadline", ">", "now")),
    sets=("lease_owner", "lease_until", "due_at", "progress"),
    sets_once=("started_at", "run_deadline"),
    counts=("attempt",),
    appends=("messages",),
    proof=("lease_owner",),
)
BEAT = Move(  # a late duplicate must not move the lease back
    number="T6",
    name="beat",
    writer=Writer.WORKER,
    sources=(Status.EXECUTING, Status.CANCELLING),
    target=None,
    guards=(_MINE, Guard("lease_until", "<", "lease_until")),
    sets=("lease_until", "due_at", "progress", "usage"),
    appends=("messages",),
    proof=("lease_owner", "lease_until"),
)
SUCCEED = _end(
    "T7",
    "succeed",
    Writer.WORKER,
    (Status.EXECUTING,),
    Status.SUCCEEDED,
    (_MINE,),
    sets=("results", "files"),
)
FAIL = _end("T8", "fail", Writer.WORKER, (Status.EXECUTING,), Status.FAILED, (_MINE,), sets=("reason",))
TIME_OUT = _end("T9", "time out", Writer.WORKER, (Status.EXECUTING,), Status.TIMED_OUT, (_MINE,))
RELEASE = Move(
    number="T10",
    name="release",
    writer=Writer.WORKER,
    sources=(Status.EXECUTING,),
    target=Status.WAITING,
    guards=(_MINE, _ATTEMPTS_LEFT),
    sets=("due_at", "usage"),
    appends=("messages",),
    removes=(*_LEASE, "progress"),
)
DROP = _end("T11", "drop", Writer.API, _QUEUED, Status.CANCELLED, ())
ASK_TO_STOP = Move(
    number="T12",
    name="ask to stop",
    writer=Writer.API,
    sources=(Status.EXECUTING,),
    target=Status.CANCELLING,
    sets=("cancel_at",),
)
STOP = _end("T13", "stop", Writer.WORKER, (Status.CANCELLING,), Status.CANCELLED, (_MINE,))
REAP_CANCELLED = _end(
    "T14",
    "reap cancelled",
    Writer.REAPER,
    (Status.CANCELLING,),
    Status.CANCELLED,
    (_SAME_ROW, _LEASE_OVER),
)
REAP_OVERDUE = _end(
    "T15",
    "reap overdue",
    Writer.REAPER,
    (Status.EXECUTING,),
    Status.TIMED_OUT,
    (_SAME_ROW, _LEASE_OVER, Guard("run_deadline", "<=", "now")),
)
RETRY = Move(
    number="T16",
    name="retry",
    writer=Writer.REAPER,
    sources=(Status.EXECUTING,),
    target=Status.WAITING,
    guards=(_SAME_ROW, _LEASE_OVER, _ATTEMPTS_LEFT),
    sets=("due_at",),
    appends=("messages",),
    removes=(*_LEASE, "progress"),
)
REAP_LOST = _end(
    "T17",
    "reap lost",
    Writer.REAPER,
    (Status.EXECUTING,),
    Status.FAILED,
    (_SAME_ROW, _LEASE_OVER, _ATTEMPTS_USED_UP),
    sets=("reason",),
)
RESEND = Move(  # the message goes out first
    number="T18",
    name="resend",
    writer=Writer.REAPER,
    sources=_QUEUED,
    target=None,
    guards=(_SAME_ROW,),
    sets=("due_at",),
)
EXPIRE = _end(
    "T19",
    "expire",
    Writer.REAPER,
    _QUEUED,
    Status.TIMED_OUT,
    (_SAME_ROW, Guard("queue_deadline", "<=", "now")),
)
EXHAUST = _end(
    "T19",
    "exhaust",
    Writer.REAPER,
    _QUEUED,
    Status.FAILED,
    (_SAME_ROW, _ATTEMPTS_USED_UP),
    sets=("reason",),
)
BURY = _end(  # New and queued only: never touches a live lease
    "T20",
    "bury",
    Writer.DEAD_LETTERS,
    (Status.NEW, *_QUEUED),
    Status.FAILED,
    (_SAME_ROW,),
    sets=("reason",),
)
HIDE = Move(  # from here on no answer names the job; what belongs to it can go
    number="T21",
    name="hide",
    writer=Writer.OPERATOR,
    sources=FINAL,
    target=Status.DELETING,
    sets=("open_shard", "due_at"),
)
ERASE = Move(  # its objects are gone by now
    number="T21",
    name="erase",
    writer=Writer.REAPER,
    sources=(Status.DELETING,),
    target=Status.DELETED,
    guards=(_SAME_ROW,),
)
FORGET = Move(  # made by the table itself, a day after the job stopped being shown: `ttl_at`
    number="T21",
    name="forget",
    writer=Writer.EXPIRY,
    sources=(*FINAL, Status.DELETING),
    target=Status.DELETED,
)

MOVES = (
    *(
        CREATE,
        REJECT,
        SUBMIT,
        WITHDRAW,
        ABANDON,
        CLAIM,
        BEAT,
        SUCCEED,
        FAIL,
        TIME_OUT,
        RELEASE,
        DROP,
        ASK_TO_STOP,
        STOP,
    ),
    *(REAP_CANCELLED, REAP_OVERDUE, RETRY, REAP_LOST, RESEND, EXPIRE, EXHAUST, BURY),
    *(HIDE, ERASE, FORGET),
)
