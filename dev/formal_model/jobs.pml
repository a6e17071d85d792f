/* The life of one job, for Spin: a submit, SQS with duplicates and losses, two workers, the reaper, the dead
 * letters, one cancel, expiry, and a reader of results. `make model` checks it; README.md says what is checked.
 *
 * Every move of jobs/transitions.py stands here under its number and name: a CAN_… line with what the row must
 * be for the conditional write to go through, and an inline with what the write leaves. A test reads both and
 * compares them with the table. One atomic step is one conditional write of one row; a crash is a process that
 * stops between two steps; a lease may end at any moment, also while its owner is alive but paused.
 *
 * spin -D<MUTANT> breaks one rule; each must make a check fail. */
#define MOST_RUNS 2
#ifdef ATTEMPTS_FOR_EVER
#define MAX_ATTEMPTS 3
#else
#define MAX_ATTEMPTS MOST_RUNS
#endif
#define MAX_MESSAGES 2

mtype = { NONE, NEW, SUBMITTED, WAITING, EXECUTING, CANCELLING, SUCCEEDED, FAILED, TIMED_OUT, CANCELLED, DELETING, DELETED };
mtype status = NONE;

byte attempt = 0;             /* claims so far; also the fence of the latest */
byte lease_owner = 0;         /* fence of the worker that holds the job */
bool lease_over = false;      /* lease_until <= now */
bool run_over = false;        /* run_deadline <= now */
bool queue_over = false;      /* queue_deadline <= now */
bool due = false;             /* due_at <= now; only a New job's matters */
bool submitted = false;       /* submitted_at is set */
byte manifest = 0;            /* the attempt whose outputs the row names */

bool seen_by_reaper = false;  /* rev is as the reaper read it */
bool seen_by_burier = false;  /* rev is as the consumer of dead letters read it */

byte messages = 0;            /* in the queue */
byte written[8];              /* written[2*prefix+n]: the fence that wrote output n under that prefix last */
bool unlisted = false;          /* expires_at <= now: no answer names the job any more */
bool stored = true;           /* its objects are there */

byte duplicates = 1;          /* how often SQS still delivers twice */
byte crashes = 2;             /* how many processes may still stop half way */
byte deaths = 1;              /* how many messages the queue may still give up */

byte endings = 0;             /* writes of a final status */
byte runs = 0;                /* runs started */
bool refused = false;         /* submitJob answered an error */
bool accepted = false;        /* submitJob answered the job's id */
bool cancel_accepted = false; /* cancel was answered with Cancelling or Cancelled */

#define FINAL (status == SUCCEEDED || status == FAILED || status == TIMED_OUT || status == CANCELLED)
#define OVER (FINAL || status == DELETING || status == DELETED)
#define MINE (lease_owner == me)

inline touch() { seen_by_reaper = false; seen_by_burier = false }   /* rev + 1 */
inline become(target) { status = target; touch() }
inline end(target) {
  assert(!FINAL); endings++; lease_owner = 0; become(target);
  lease_over = false; run_over = false; queue_over = false     /* nobody asks any more: fewer states */
}
inline send() { if :: messages < MAX_MESSAGES -> messages++ :: else -> skip fi }

/* ------------------------------------------------------------------------------------- the moves */
#define CAN_T1_create (status == NONE)
inline t1_create() { become(NEW) }

#define CAN_T22_reject (status == NONE)
inline t22_reject() { endings++; become(FAILED); submitted = true }

#define CAN_T2_submit (status == NEW)
inline t2_submit() { become(SUBMITTED); submitted = true; due = false }

#define CAN_T3_withdraw (status == NEW)
inline t3_withdraw() { end(FAILED) }

#define CAN_T4_abandon (status == NEW && seen_by_reaper && due)
inline t4_abandon() { end(FAILED); due = false }

#ifdef CLAIM_EXECUTING
#define CAN_T5_claim (status == EXECUTING || ((status == SUBMITTED || status == WAITING) && attempt < MAX_ATTEMPTS && !queue_over))
#elif defined(CLAIM_DELETING)
#define CAN_T5_claim ((status == DELETING || status == SUBMITTED || status == WAITING) && attempt < MAX_ATTEMPTS && !queue_over)
#elif defined(CLAIM_FINAL)
#define CAN_T5_claim ((FINAL || status == SUBMITTED || status == WAITING) && attempt < MAX_ATTEMPTS && !queue_over)
#else
#define CAN_T5_claim ((status == SUBMITTED || status == WAITING) && attempt < MAX_ATTEMPTS && !queue_over)
#endif
inline t5_claim() { attempt++; runs++; me = attempt; lease_owner = me; lease_over = false; become(EXECUTING) }

#define CAN_T6_beat ((status == EXECUTING || status == CANCELLING) && MINE)
inline t6_beat() { lease_over = false; touch() }

#ifdef COMMIT_NO_FENCE
#define CAN_T7_succeed (status == EXECUTING)
#elif defined(COMMIT_CANCELLING)
#define CAN_T7_succeed ((status == EXECUTING || status == CANCELLING) && MINE)
#elif defined(COMMIT_BLIND)
#define CAN_T7_succeed true
#else
#define CAN_T7_succeed (status == EXECUTING && MINE)
#endif
#ifdef SHARED_KEYS
#define PREFIX 0
#else
#define PREFIX me
#endif
inline t7_succeed() { assert(MINE); manifest = PREFIX; end(SUCCEEDED) }

#define CAN_T8_fail (status == EXECUTING && MINE)
inline t8_fail() { end(FAILED) }

#define CAN_T9_time_out (status == EXECUTING && MINE)
inline t9_time_out() { end(TIMED_OUT) }

#define CAN_T10_release (status == EXECUTING && MINE && attempt < MAX_ATTEMPTS)
inline t10_release() { lease_owner = 0; lease_over = false; become(WAITING) }

#define CAN_T11_drop (status == SUBMITTED || status == WAITING)
inline t11_drop() { end(CANCELLED) }

#define CAN_T12_ask_to_stop (status == EXECUTING)
inline t12_ask_to_stop() { become(CANCELLING) }

#define CAN_T13_stop (status == CANCELLING && MINE)
inline t13_stop() { end(CANCELLED) }

#define CAN_T14_reap_cancelled (status == CANCELLING && seen_by_reaper && lease_over)
inline t14_reap_cancelled() { end(CANCELLED) }

#define CAN_T15_reap_overdue (status == EXECUTING && seen_by_reaper && lease_over && run_over)
inline t15_reap_overdue() { end(TIMED_OUT) }

#define CAN_T16_retry (status == EXECUTING && seen_by_reaper && lease_over && attempt < MAX_ATTEMPTS)
inline t16_retry() { lease_owner = 0; lease_over = false; become(WAITING) }

#ifdef REAP_ON_SIGHT
#define CAN_T17_reap_lost true
#else
#define CAN_T17_reap_lost (status == EXECUTING && seen_by_reaper && lease_over && attempt >= MAX_ATTEMPTS)
#endif
inline t17_reap_lost() { end(FAILED) }

#define CAN_T18_resend ((status == SUBMITTED || status == WAITING) && seen_by_reaper)
inline t18_resend() { touch() }

#define CAN_T19_expire ((status == SUBMITTED || status == WAITING) && seen_by_reaper && queue_over)
inline t19_expire() { end(TIMED_OUT) }

#define CAN_T19_exhaust ((status == SUBMITTED || status == WAITING) && seen_by_reaper && attempt >= MAX_ATTEMPTS)
inline t19_exhaust() { end(FAILED) }

#define CAN_T20_bury ((status == NEW || status == SUBMITTED || status == WAITING) && seen_by_burier)
inline t20_bury() { end(FAILED) }

#define CAN_T21_hide FINAL
inline t21_hide() { become(DELETING) }

#define CAN_T21_erase (status == DELETING && seen_by_reaper)
inline t21_erase() { become(DELETED) }

#define CAN_T21_forget (FINAL || status == DELETING)
inline t21_forget() { become(DELETED) }

/* -------------------------------------------------------------------------------------- who moves */
active proctype Api() {
  if
  :: atomic { CAN_T1_create -> t1_create() }
  :: atomic { CAN_T22_reject -> t22_reject() };   /* its call is wrong */
     if :: accepted = true :: refused = true :: skip fi;      /* the answer of the write may be lost */
     goto answered
  fi;
  if
  :: goto answered                                /* the function dies, or the caller's connection does */
  :: refused = true; goto answered                /* the answer of the write was lost */
  :: atomic { true -> send() }; goto mark
  :: atomic { true -> send() }; goto withdraw             /* sent, but the answer was lost */
  :: goto mark                                    /* "sent", but the queue lost it */
  :: goto withdraw                                /* not sent */
  fi;
mark:
  if
  :: goto answered                                /* the function dies between the message and the row */
  :: goto withdraw                                /* not written */
  :: atomic { CAN_T2_submit -> t2_submit() };
     if :: accepted = true; goto answered
        :: goto withdraw                          /* written, but the answer was lost */
     fi
  :: atomic { status != NEW -> skip }; goto found
  fi;
withdraw:
  if
  :: atomic { CAN_T3_withdraw -> t3_withdraw() }; refused = true; goto answered
  :: atomic { status != NEW -> skip }; goto found
#ifdef REFUSE_IN_DOUBT
  :: refused = true; goto answered
#else
  :: accepted = true; goto answered               /* in doubt the id is given out */
#endif
  fi;
found:
  if
  :: status == FAILED && !submitted -> refused = true
  :: else -> accepted = true
  fi;
answered: skip
}

inline obey() { if :: CAN_T13_stop -> t13_stop() :: else -> skip fi }   /* a worker whose last write is refused */

active [2] proctype Worker() {
  byte me = 0;
end_idle:
  do
  :: atomic {
       messages > 0 -> messages--;
       if :: duplicates > 0 -> duplicates--; messages++ :: skip fi;
       me = 0
     };
     atomic {
       if
       :: CAN_T5_claim -> t5_claim()
       :: !(CAN_T5_claim) && status == NEW -> send()       /* not submitted yet: handed back */
       :: else -> skip
       fi;
       assert(runs <= MOST_RUNS)
     };
     if
     :: me == 0 -> goto next
     :: else -> skip
     fi;
#ifdef COMMIT_FIRST
     atomic { if :: CAN_T7_succeed -> t7_succeed() :: else -> obey() fi };
#endif
     written[2 * PREFIX] = me;
     if :: atomic { crashes > 0 -> crashes--; goto crashed } :: skip fi;
     if
     :: atomic { CAN_T6_beat -> t6_beat() }
     :: skip                                      /* a paused worker notices nothing */
     fi;
     written[2 * PREFIX + 1] = me;
     if :: atomic { crashes > 0 -> crashes--; goto crashed } :: skip fi;
     if
     :: atomic { true -> if :: CAN_T7_succeed -> t7_succeed() :: else -> obey() fi }
     :: atomic { true -> if :: CAN_T8_fail -> t8_fail() :: else -> obey() fi }
     :: atomic { true -> if :: CAN_T9_time_out -> t9_time_out() :: else -> obey() fi }
     :: atomic {
          true ->
          if
          :: CAN_T10_release -> t10_release(); send()
          :: else -> if :: CAN_T8_fail -> t8_fail() :: else -> obey() fi
          fi }
     fi;
     goto next;
crashed:
     atomic { send() };                           /* the message shows up again, or does not */
     break;
next: skip
  od
}

#ifndef NO_REAPER
active proctype Reaper() {
end_reaper:
  do
  :: atomic { (status == NEW || status == SUBMITTED || status == WAITING ||
               status == EXECUTING || status == CANCELLING || status == DELETING) -> seen_by_reaper = true };
#ifdef REAP_ON_SIGHT
     if
     :: atomic { status == EXECUTING && lease_over && attempt >= MAX_ATTEMPTS -> skip };
        atomic { CAN_T17_reap_lost -> t17_reap_lost() }
     :: else -> skip
     fi;
#endif
     if
     :: atomic { CAN_T4_abandon -> t4_abandon() }
     :: atomic { CAN_T14_reap_cancelled -> t14_reap_cancelled() }
     :: atomic { CAN_T15_reap_overdue -> t15_reap_overdue() }
     :: atomic { !run_over && CAN_T16_retry -> t16_retry() };
        if :: atomic { true -> send() } :: atomic { crashes > 0 -> crashes-- } fi
     :: atomic { !run_over && CAN_T17_reap_lost -> t17_reap_lost() }
     :: atomic { CAN_T19_expire -> t19_expire() }
     :: atomic { CAN_T19_exhaust -> t19_exhaust() }
     :: atomic { !queue_over && attempt < MAX_ATTEMPTS && messages == 0 && CAN_T18_resend -> send() };
        if :: atomic { CAN_T18_resend -> t18_resend() } :: else -> skip fi
     :: atomic { CAN_T21_erase -> stored = false; t21_erase() }     /* the objects first, and nobody asks */
     :: atomic { !seen_by_reaper -> skip }        /* somebody else was faster */
     fi
  od
}
#endif

active proctype DeadLetters() {
end_burier:
  do
  :: atomic { messages > 0 && deaths > 0 -> deaths--; messages--; seen_by_burier = true };
     if
     :: atomic { CAN_T20_bury -> t20_bury() }
     :: else -> skip
     fi
  od
}

active proctype Canceller() {
  if
  :: atomic { CAN_T11_drop -> t11_drop(); cancel_accepted = true }
  :: atomic { CAN_T12_ask_to_stop -> t12_ask_to_stop(); cancel_accepted = true }
  :: atomic { OVER -> skip }
  fi
}

active proctype Clock() {                         /* every deadline passes some time, at the worst moment too */
end_clock:
  do
  :: atomic { lease_owner != 0 && !lease_over -> lease_over = true }
  :: atomic { lease_owner != 0 && !run_over -> run_over = true }
  :: atomic { (status == SUBMITTED || status == WAITING) && !queue_over -> queue_over = true }
  :: atomic { status == NEW && !due -> due = true }
  od
}

active proctype Removal() {                       /* by the table when its time is over, or by an operator before */
  if
  :: FINAL ->
#ifdef OBJECTS_FIRST
     stored = false;
     unlisted = true;
#else
     unlisted = true;
     stored = false;
#endif
  :: atomic { CAN_T21_hide -> t21_hide(); unlisted = true }
  fi;
  if
  :: atomic { CAN_T21_forget -> t21_forget(); stored = false }
  :: atomic { status == DELETED -> skip }         /* the reaper has erased it */
  fi
}

active proctype Reader() {
end_reader:
  do
  :: atomic { status == SUCCEEDED && !unlisted ->
       assert(stored);
       assert(written[2 * manifest] != 0 && written[2 * manifest] == written[2 * manifest + 1]) }
  :: atomic { FINAL -> assert(endings == 1) }
  :: atomic { status == SUCCEEDED -> assert(!refused && !cancel_accepted) }
  od
}

/* -------------------------------------------------------------------------------------- the checks */
#define GOES_ON(final) (status == final || status == DELETING || status == DELETED)

ltl no_ghost     { [] (refused -> [] (status != SUCCEEDED)) }
ltl cancel_holds { [] (cancel_accepted -> [] (status != SUCCEEDED)) }
ltl stable       { [] ((status == SUCCEEDED -> [] GOES_ON(SUCCEEDED)) && (status == FAILED -> [] GOES_ON(FAILED))
                       && (status == TIMED_OUT -> [] GOES_ON(TIMED_OUT)) && (status == CANCELLED -> [] GOES_ON(CANCELLED))) }
ltl gone         { [] ((status == DELETING || status == DELETED) -> [] (status == DELETING || status == DELETED)) }
ltl ends         { [] (accepted -> <> OVER) }
ltl new_goes     { [] (status == NEW -> <> (status != NEW)) }
