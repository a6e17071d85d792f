"""The keys that sign tokens: made when the first token is, changed by a rotation, at most two at a time."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from gpserverless.access.keys import SIGNING_KEYS
from gpserverless.access.lifetimes import DAY_MS, REFRESH_MS
from gpserverless.access.ports import AccessRows, Row
from gpserverless.clock import Clock
from gpserverless.errors import InvalidValue

CACHE_MS = 300_000
"""How long a process keeps the keys that it has read: five minutes."""

LONGEST_LIFE_MS = max(REFRESH_MS, DAY_MS)


@dataclass(frozen=True)
class SigningKey:
    """A key that signs and verifies.

    Attributes:
        id: Its id, `kid` in tokens.
        secret: Its 32 bytes. They are not shown when the object is printed.
        signs_from: Time in ms since 1970 UTC from which it signs; before, it verifies.
        ends: Time in ms since 1970 UTC at which the last token that it signed has ended; 0 while it signs.
    """

    id: str
    secret: bytes = field(repr=False)
    signs_from: int
    ends: int = 0


class SigningKeys:
    """The keys of a site, in one row.

    Args:
        rows: The table of access.
        clock: The time.
    """

    def __init__(self, rows: AccessRows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock
        self._keys: tuple[SigningKey, ...] = ()
        self._read_at = 0

    def find(self, key_id: str) -> SigningKey | None:
        """Return a key that verifies, or None. One that is not known yet is looked for in the table.

        Args:
            key_id: Id of the key, from a stranger.
        """
        if self._clock.now() - self._read_at < CACHE_MS and (found := self._find_known(key_id)):
            return found
        self._read()
        return self._find_known(key_id)

    def current(self) -> SigningKey:
        """Return the key that signs now. The first call of a site makes it."""
        row = self._read()
        if row is None:
            first = _make_key(self._clock.now())
            self._rows.insert({"pk": SIGNING_KEYS, "version": 1, "keys": _write_keys([first])})
            self._read()  # ours, or that of another process
        return max((key for key in self._keys if not self._is_ahead(key)), key=lambda key: key.signs_from)

    def rotate(self, *, revoke: bool = False) -> SigningKey:
        """Add a key, and return it. It signs when every process knows it; the old one then only verifies.

        Args:
            revoke: Whether the old keys end at once, and all tokens with them, within five minutes.

        Raises:
            InvalidValue: Tokens of the last rotation are still valid.
        """
        now = self._clock.now()
        row = self._read()
        if row is None:
            return self.current()
        if revoke:
            return self._replace(row, [_make_key(now)])
        old = self.current()
        if others := [key for key in self._keys if key is not old]:
            days = max(1, -(-(max(key.ends for key in (*others, old)) - now) // DAY_MS))
            raise InvalidValue(
                f"the last rotation is {days} days from its end: until then two keys verify",
                "a rotation that ends all tokens at once",
            )
        new = _make_key(now + CACHE_MS)
        ends = new.signs_from + CACHE_MS + LONGEST_LIFE_MS
        return self._replace(row, [SigningKey(old.id, old.secret, old.signs_from, ends), new])

    def _replace(self, row: Row, keys: Sequence[SigningKey]) -> SigningKey:
        changes = {"version": row["version"] + 1, "keys": _write_keys(keys)}
        if self._rows.change(SIGNING_KEYS, changes, {"version": row["version"]}) is None:
            raise InvalidValue("somebody else has rotated the keys just now", "another try")
        self._read()
        return keys[-1]

    def _read(self) -> Row | None:
        row = self._rows.read(SIGNING_KEYS)
        self._read_at = self._clock.now()
        self._keys = tuple(key for key in _read_keys(row) if not key.ends or key.ends > self._read_at)
        return row

    def _find_known(self, key_id: str) -> SigningKey | None:
        return next((key for key in self._keys if key.id == key_id), None)

    def _is_ahead(self, key: SigningKey) -> bool:
        return key.signs_from > self._clock.now()


def _make_key(signs_from: int) -> SigningKey:
    return SigningKey(secrets.token_hex(4), secrets.token_bytes(32), signs_from)


def _write_keys(keys: Sequence[SigningKey]) -> list[Row]:
    return [
        {
            "id": key.id,
            "secret": base64.b64encode(key.secret).decode(),
            "signs_from": key.signs_from,
            "ends": key.ends,
        }
        for key in keys
    ]


def _read_keys(row: Row | None) -> list[SigningKey]:
    return [
        SigningKey(key["id"], base64.b64decode(key["secret"]), key["signs_from"], key["ends"])
        for key in (row["keys"] if row else ())
    ]
