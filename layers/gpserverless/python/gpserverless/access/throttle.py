"""The limit of wrong passwords."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass

from gpserverless.access.keys import COUNT
from gpserverless.access.lifetimes import MINUTE_MS
from gpserverless.access.ports import AccessRows

WINDOW_MINUTES = 15
MOST_OF_USER = 20
"""Wrong passwords in 15 minutes for one user from one network. From elsewhere the user can still sign in."""

MOST_OF_ADDRESS = 100
"""Wrong passwords in 15 minutes from one network for all users: many people may share it."""


@dataclass(frozen=True)
class Attempt:
    """A try to sign in.

    Attributes:
        name: Name in small letters, "" for a name that nobody can have.
        address: Address of the network from which it came.
        fingerprint: A word that is the same for the same user and password.
        at: Time in ms since 1970 UTC.
    """

    name: str
    address: str
    fingerprint: str
    at: int

    @property
    def minute(self) -> int:
        """The minute since 1970 UTC."""
        return self.at // MINUTE_MS


class Throttle:
    """Counts wrong passwords by user and network, and by network.

    The same one counts once a minute: a mistake of one person is four tries of the ArcGIS API for Python.

    Every try is counted before anybody knows whether it is right, and taken back if it is. So of many tries
    at once no more than the limit are answered.

    Args:
        rows: The table of access.
    """

    def __init__(self, rows: AccessRows) -> None:
        self._rows = rows

    def count(self, attempt: Attempt) -> bool:
        """Count a try, and return whether there was room for it.

        Args:
            attempt: The try.
        """
        of_user, of_network = _counters_of(attempt)
        has_room = of_user.add(self._rows, attempt.minute)
        # A try too many for the user takes as long, and nothing from others in the network.
        return of_network.add(self._rows, attempt.minute, is_open=has_room) and has_room

    def take_back(self, attempt: Attempt) -> None:
        """Take back a try, which was right.

        Args:
            attempt: The try.
        """
        for counter in _counters_of(attempt):
            counter.remove(self._rows, attempt.minute)


@dataclass(frozen=True)
class _Counter:
    """A set of tries in rows of 15 minutes each.

    Attributes:
        subject: A user and a network, or a network, whose tries are counted.
        word: The try.
        most: Tries that it may have in the last 15 minutes.
    """

    subject: str
    word: str
    most: int

    def add(self, rows: AccessRows, minute: int, *, is_open: bool = True) -> bool:
        window = minute // WINDOW_MINUTES
        before = rows.members(self._key(window - 1))
        recent = sum(int(each.partition(":")[0]) > minute - WINDOW_MINUTES for each in before)
        ttl_at = (window + 2) * WINDOW_MINUTES * 60
        room = self.most - recent if is_open else 0
        return rows.add_member(self._key(window), self._member(minute), room, ttl_at)

    def remove(self, rows: AccessRows, minute: int) -> None:
        rows.remove_member(self._key(minute // WINDOW_MINUTES), self._member(minute))

    def _key(self, window: int) -> str:
        return f"{COUNT}{window}#{_digest(self.subject)}"

    def _member(self, minute: int) -> str:
        return f"{minute}:{self.word}"


def _counters_of(attempt: Attempt) -> tuple[_Counter, _Counter]:
    network = _network_of(attempt.address)
    return (
        _Counter(f"user {attempt.name} {network}", attempt.fingerprint, MOST_OF_USER),
        _Counter(f"network {network}", _digest(f"{attempt.name} {attempt.fingerprint}"), MOST_OF_ADDRESS),
    )


def _network_of(address: str) -> str:
    """Return an address of IPv4, or the part of one of IPv6 that one line of a provider has for itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
