"""The use of callers in memory."""

from __future__ import annotations

from typing import Any

from gpserverless.access.quotas import QuotaName, Use


class InMemoryUseRows:
    """Rows in a dictionary.

    Attributes:
        rows: The rows by key.
        writes: Number of additions so far, refused ones included.
    """

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.writes = 0

    def add(self, key: str, use: Use, limits: dict[QuotaName, int], ttl_at: int) -> QuotaName | None:
        """Add to a row, unless a limit is reached; return that limit."""
        self.writes += 1
        row = self.rows.get(key, {"jobs": 0, "milliseconds": 0, "bytes": 0, "open_jobs": frozenset()})
        for name, most in limits.items():
            count = len(row["open_jobs"]) if name == "open_jobs" else row[name]
            is_compared = name != "open_jobs" or (use.begun and use.begun not in row["open_jobs"])
            if is_compared and count >= most:
                return name
        self.rows[key] = {
            "jobs": row["jobs"] + use.jobs,
            "milliseconds": row["milliseconds"] + use.milliseconds,
            "bytes": row["bytes"] + use.bytes,
            "open_jobs": (row["open_jobs"] | {use.begun}) - {use.ended, ""},
            "ttl_at": ttl_at,
        }
        return None
