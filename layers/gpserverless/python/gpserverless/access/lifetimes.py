"""How long tokens live."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gpserverless.errors import InvalidParameter

MINUTE_MS = 60_000
DAY_MS = 1440 * MINUTE_MS
REFRESH_MS = 14 * DAY_MS
"""Life of a refresh token: two weeks, which is ArcGIS's default."""

_DIGITS = re.compile(r"[0-9]+")
_MOST_DIGITS = 9


@dataclass(frozen=True)
class Lifetimes:
    """The life of tokens.

    Attributes:
        default_minutes: Life of a token for which none is asked.
        most_minutes: Longest life of a token, of at most a day.
    """

    default_minutes: int = 60
    most_minutes: int = 1440

    def read(self, expiration: str) -> int:
        """Return the milliseconds that a field `expiration` asks for, cut to the longest life.

        Clients ask for two weeks as a rule, so much is no error.

        Args:
            expiration: Minutes as they were sent, "" for the default.

        Raises:
            InvalidParameter: It is no number of minutes.
        """
        most = min(self.most_minutes * MINUTE_MS, DAY_MS)
        if not expiration:
            return min(self.default_minutes * MINUTE_MS, most)
        if not _DIGITS.fullmatch(expiration) or not expiration.strip("0"):
            raise InvalidParameter("expiration", "it is no number of minutes", "digits alone, at least 1")
        if len(expiration.lstrip("0")) > _MOST_DIGITS:
            return most
        return min(int(expiration.lstrip("0")) * MINUTE_MS, most)
