"""API keys: secrets of machines, which are sent like tokens."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from gpserverless.access.keys import API_KEY, hash_secret
from gpserverless.access.ports import AccessRows, Row

PREFIX = "gpk_"
"""The beginning of every key, by which programs that look for lost secrets find it."""

_FORM = re.compile(r"gpk_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class ApiKey:
    """A key. The secret itself is nowhere.

    Attributes:
        id: Id for lists and for its removal.
        owner: Name of its user in small letters.
        title: Its purpose.
        services: Qualified names of the services that it is limited to; empty for no limit.
        expires: End of its life in ms since 1970 UTC.
        created: Time in ms since 1970 UTC.
    """

    id: str
    owner: str
    title: str
    services: frozenset[str]
    expires: int
    created: int


class ApiKeys:
    """The keys of a site.

    Args:
        rows: The table of access.
    """

    def __init__(self, rows: AccessRows) -> None:
        self._rows = rows

    def find(self, text: str) -> ApiKey | None:
        """Return a key, or None.

        Args:
            text: The key as it is sent, however long.
        """
        if not _FORM.fullmatch(text):
            return None
        row = self._rows.read(f"{API_KEY}{hash_secret(text)}")
        return _read_key(row) if row else None

    def add(self, owner: str, title: str, services: frozenset[str], created: int, expires: int) -> str:
        """Make a key, and return it as it is to be sent: nobody can tell it again.

        Args:
            owner: Name of its user in small letters.
            title: Its purpose.
            services: Qualified names of the services that it is limited to; empty for no limit.
            created: Time in ms since 1970 UTC.
            expires: End of its life in ms since 1970 UTC.
        """
        text = f"{PREFIX}{secrets.token_urlsafe(32)}"
        row = {
            "pk": f"{API_KEY}{hash_secret(text)}",
            "id": secrets.token_hex(4),
            "owner": owner,
            "title": title,
            "services": sorted(services),
            "created": created,
            "expires": expires,
            "ttl_at": expires // 1000 + 1,
        }
        self._rows.insert(row)
        return text

    def list(self, owner: str = "") -> Iterator[ApiKey]:
        """Yield the keys of a user, or of all, the oldest first. It reads the whole table.

        Args:
            owner: Name of the user in small letters, "" for all.
        """
        keys = (_read_key(row) for row in self._rows.list(API_KEY))
        yield from sorted(
            (key for key in keys if owner in ("", key.owner)), key=lambda key: (key.created, key.id)
        )

    def remove(self, key_id: str) -> ApiKey | None:
        """Remove a key, which counts no more within a minute, and return it; None if there is none.

        Args:
            key_id: Id of the key.
        """
        for row in self._rows.list(API_KEY):
            if row["id"] == key_id:
                self._rows.remove(row["pk"])
                return _read_key(row)
        return None


def _read_key(row: Row) -> ApiKey:
    return ApiKey(
        row["id"], row["owner"], row["title"], frozenset(row["services"]), row["expires"], row["created"]
    )
