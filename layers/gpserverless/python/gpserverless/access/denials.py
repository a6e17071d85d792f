"""Sign-ins that were ended before their time."""

from __future__ import annotations

from gpserverless.access.keys import DENIED
from gpserverless.access.ports import AccessRows


class Denials:
    """The ids of sign-ins whose tokens count no more.

    Args:
        rows: The table of access.
    """

    def __init__(self, rows: AccessRows) -> None:
        self._rows = rows

    def add(self, sign_in_id: str, until: int) -> None:
        """End a sign-in.

        Args:
            sign_in_id: Id of the sign-in.
            until: Time in ms since 1970 UTC at which the last token of it ends by itself.
        """
        self._rows.insert({"pk": f"{DENIED}{sign_in_id}", "ttl_at": until // 1000 + 1})

    def has(self, sign_in_id: str) -> bool:
        """Return whether a sign-in was ended.

        Args:
            sign_in_id: Id of the sign-in.
        """
        return self._rows.read(f"{DENIED}{sign_in_id}") is not None
