"""Quotas: the use that one caller may make of the site in a day.

A caller is a user by name, or anybody by the network: the address, or the first half of one of IPv6. A day
is one of UTC. A job counts on the day of its submit, whenever it ends; so a count that was lost with its
process is forgotten at midnight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from gpserverless.caller import Caller
from gpserverless.clock import Clock
from gpserverless.errors import QuotaReached

QuotaName = Literal["jobs", "milliseconds", "bytes", "open_jobs"]

_IPV6_NETWORK_BITS = 64
_PAYER_DIGITS = 32


@dataclass(frozen=True)
class Quotas:
    """The most use of one caller in a day; 0 is no limit.

    Attributes:
        jobs: Jobs and executes.
        seconds: Run time of tools. The run that passes it is the last one.
        megabytes: Inputs, uploads and outputs, in units of 2^20 bytes. What passes it is the last.
        open_jobs: Jobs at a time that have not ended.
    """

    jobs: int = 0
    seconds: int = 0
    megabytes: int = 0
    open_jobs: int = 0

    @property
    def are_set(self) -> bool:
        """Whether there is any limit."""
        return any(vars(self).values())

    @property
    def limits(self) -> dict[QuotaName, int]:
        """The limits that there are, in the units of `Use`."""
        limits: dict[QuotaName, int] = {
            "jobs": self.jobs,
            "milliseconds": self.seconds * 1000,
            "bytes": self.megabytes * 2**20,
            "open_jobs": self.open_jobs,
        }
        return {name: limit for name, limit in limits.items() if limit}


@dataclass(frozen=True)
class Use:
    """An addition to the use of a caller.

    Attributes:
        jobs: Jobs and executes.
        milliseconds: Run time of tools.
        bytes: Inputs, uploads and outputs.
        begun: Id of a job that is open from now on, "" for none.
        ended: Id of a job that is open no more, "" for none.
    """

    jobs: int = 0
    milliseconds: int = 0
    bytes: int = 0
    begun: str = ""
    ended: str = ""


class UseRows(Protocol):
    """The use of callers. Every method raises `StorageError` when the table cannot be reached."""

    def add(self, key: str, use: Use, limits: dict[QuotaName, int], ttl_at: int) -> QuotaName | None:
        """Add to a row, which is made if there is none, unless a limit is reached.

        Args:
            key: Key of the row.
            use: The addition.
            limits: What must still be below. Open jobs are compared only if one is begun that is not among
                them.
            ttl_at: Second of 1970 UTC after which the row may be removed.

        Returns:
            The limit that is reached, in which case nothing was added; None for none.
        """


@dataclass(frozen=True)
class QuotaCheck:
    """Holds callers to their quotas.

    Attributes:
        quotas: The quotas.
        open_rows: Opens the use of callers. It is not called where there are no quotas.
        clock: The time.
    """

    quotas: Quotas
    open_rows: Callable[[], UseRows]
    clock: Clock

    def charge(self, caller: Caller, use: Use) -> str:
        """Count a use, and return who pays for it, for `settle`; "" if nobody has to.

        Administrators have no quotas. Without quotas nothing is written.

        Args:
            caller: The caller.
            use: The use.

        Raises:
            QuotaReached: A quota is used up; nothing was counted.
        """
        if not self.quotas.are_set or caller.is_administrator:
            return ""
        payer, now = payer_of(caller), self.clock.now()
        limits = self.quotas.limits
        if not use.jobs:  # it runs nothing
            limits = {name: most for name, most in limits.items() if name == "bytes"}
        reached = _add(self.open_rows(), payer, now, use, limits)
        if reached is not None:
            raise _describe(reached, self.quotas, now)
        return payer


def settle(rows: UseRows, payer: str, at: int, use: Use) -> None:
    """Count a use when it is over, also beyond the quotas.

    Args:
        rows: The use of callers.
        payer: Who pays, as `charge` has told.
        at: When it was charged, in ms since 1970 UTC.
        use: The use that is added.
    """
    _add(rows, payer, at, use, {})


def payer_of(caller: Caller) -> str:
    """Return the name under which the use of a caller is counted; nobody can tell the caller from it.

    Args:
        caller: The caller.
    """
    import hashlib  # most sites have no quotas

    who = f"user {caller.name}" if caller.is_signed_in else f"network {_network_of(caller.address)}"
    return hashlib.sha256(who.encode()).hexdigest()[:_PAYER_DIGITS]


def _network_of(address: str) -> str:
    """Return the network of an address: one household has 2^64 addresses of IPv6."""
    import ipaddress

    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, _IPV6_NETWORK_BITS), strict=False))


def _add(rows: UseRows, payer: str, at: int, use: Use, limits: dict[QuotaName, int]) -> QuotaName | None:
    midnight = _next_midnight(at)
    key = f"{payer}#{(midnight - timedelta(days=1)).date().isoformat()}"
    return rows.add(key, use, limits, int((midnight + timedelta(days=2)).timestamp()))


def _next_midnight(at: int) -> datetime:
    day = datetime.fromtimestamp(at / 1000, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


def _describe(reached: QuotaName, quotas: Quotas, now: int) -> QuotaReached:
    if reached == "open_jobs":
        return QuotaReached(
            f"The quota of jobs that have not ended is {quotas.open_jobs:,} at a time. "
            "Submit the next one when one of yours has."
        )
    amounts = {
        "jobs": f"jobs and executes is {quotas.jobs:,}",
        "milliseconds": f"run time is {quotas.seconds:,} seconds",
        "bytes": f"inputs and outputs is {quotas.megabytes:,} megabytes",
    }
    end = _next_midnight(now).isoformat().replace("+00:00", "Z")
    return QuotaReached(
        f"The quota of {amounts[reached]} a day, and you have used it up.", f"It ends at {end}."
    )
