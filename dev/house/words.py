"""The words that names may not have."""

from __future__ import annotations

import re

EMPTY_WORDS = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "misc"})
"""Words that say nothing about what a file, a function or a class is for."""

REPLACED = {
    "Allowance": "RequestDeadline",
    "PASSED_ON": "INLINE_BYTES",
    "Patience": "Deadline",
    "Fetched": "LocalFile",
    "Mapped": "QueueTrigger",
    "Moved": "MoveResult",
    "NOTHING": "NO_USAGE",
    "Reserved": "KeyReservation",
    "Shelf": "Uploads",
    "Spent": "Usage",
    "StreamMapped": "StreamTrigger",
    "Submitter": "IdempotentSubmit",
    "Swept": "SweepReport",
    "Wanted": "AnswerPlan",
    "Worked": "AttemptResult",
    "account": "pricing",
    "actor": "process",
    "birth": "startup_hook",
    "done_one_by_one": "process_batch",
    "far_side": "fake_feature_server",
    "fate": "startup_faults",
    "gatekeeper": "iam_middleware",
    "library_names": "sandbox",
    "mailbox": "SimulatedQueue",
    "meter": "usage",
    "module_state": "sandbox",
    "one_by_one": "wsgi_adapter",
    "_passed_or_stored": "inline_or_store",
    "process_state": "sandbox",
    "rehearsal": "predeploy",
    "to_come_again": "partial_failure",
    "twins": "in_memory",
    "visible_anywhere": "get_job_of_any_task",
}
"""Names that have been replaced, and by what: nothing is called so any more, no variable either."""

REPLACED_DEFINITIONS = {
    "Ask": "FetchRequest",
    "Door": "HttpFetcher",
    "Line": "Connection",
    "Reading": "LoadOptions",
    "Sandbox": "FunctionSize",
    "Writing": "DumpOptions",
    "alive": "check_cancelled",
    "bind": "check_against",
    "bill": "pricing",
    "company": "WorkerPool",
    "ending": "exit_function",
    "flat": "coordinate_arrays",
    "horizon": "antimeridian",
    "kinds": "geometry_kinds",
    "last_words": "unsent_messages",
    "left": "leftovers",
    "letter": "QueuedMessage",
    "_obey": "_raise_if_stopped",
    "once": "idempotency",
    "play": "run",
    "published": "load_catalogue",
    "reach": "buffer_distance",
    "refers": "may_be_reference",
    "renew": "reset",
    "restored": "snapstart",
    "rights": "policies",
    "_settle": "_resolve_doubt",
    "shown": "quoted",
    "spent": "usage",
    "stage": "Scheduler",
    "_talk": "_heartbeat",
    "visible": "get_job",
}
"""The same for files, functions and classes. Variables may have these names, in their everyday sense."""

PARTICIPLES_OF_FUNCTIONS = 0.01
"""How many of all functions may be named by a participle, as a share."""

PARTICIPLES_OF_CLASSES = 0.02
"""The same for classes that are named by a participle alone."""

_IRREGULAR = (
    "told said done made heard held known left seen sent kept found given taken written shown begun broken"
    " built drawn driven laid led lost met paid sold spent stuck swept taught thought won"
)
_PARTICIPLE = re.compile(rf"(?:[a-z]+ed|(?:re|un|mis)?(?:{'|'.join(_IRREGULAR.split())}))(?=_|$)")
_VERBS = frozenset(
    {"bleed", "embed", "exceed", "feed", "need", "proceed", "seed", "shed", "speed", "succeed"}
)


def starts_with_participle(name: str) -> bool:
    """Tell whether the first word of a name in snake_case is a past participle.

    Args:
        name: The name, with or without underscores before it.
    """
    found = _PARTICIPLE.match(name.lstrip("_").lower())
    return found is not None and found[0] not in _VERBS
