"""The faults that a call to AWS can meet, by the words that the lab, the soak and the tests share."""

from __future__ import annotations

from enum import StrEnum


class FaultKind(StrEnum):
    """A fault of one call."""

    DOWN = "down"
    """The call is not applied; its caller gets no answer."""

    REFUSED = "refused"
    """The call is not applied, and never will be: AWS denies it."""

    THROTTLED = "throttled"
    """The call is not applied; AWS asks its caller to slow down."""

    LOST = "lost"
    """The call is applied; its answer is lost."""

    LATE = "late"
    """The call takes longer than its caller waits."""

    AGAIN = "again"
    """The call is applied twice: the client library repeats it after a lost answer."""

    STALE = "stale"
    """The connection has been closed meanwhile; the client library repeats the call."""

    SWALLOWED = "swallowed"
    """The call is answered, but not applied: a message that is accepted and forgotten."""

    DIES_BEFORE = "dies before"
    """The caller's process dies before the call is applied."""

    DIES_AFTER = "dies after"
    """The caller's process dies after the call is applied."""


def parse_fault(name: str) -> tuple[str, FaultKind]:
    """Split the name of a fault into the call that it befalls and its kind.

    Args:
        name: Such as "claim dies after".

    Raises:
        ValueError: It does not end with a kind.
    """
    for kind in FaultKind:
        if name.endswith(f" {kind}"):
            return name.removesuffix(f" {kind}"), kind
    raise ValueError(f"{name} does not end with the kind of a fault")
