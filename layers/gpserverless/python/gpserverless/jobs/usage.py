"""Usage of a job: time, memory and money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gpserverless.jobs.rows import pick_fields

_NANODOLLAR = Decimal("0.000000001")


@dataclass(frozen=True)
class Usage:
    """Usage of a job so far, all attempts together; each write of a worker carries it on."""

    #: Milliseconds since its submit in which no worker had it.
    queue_ms: int = 0
    #: Milliseconds in which a worker had it.
    run_ms: int = 0
    #: Largest resident size of its tool's process in bytes; None where it was not measured.
    peak_bytes: int | None = None
    #: Its cost, see `pricing`.
    dollars: Decimal = Decimal(0)

    def to_row(self) -> dict[str, Any]:
        """Return the map `usage` of the row; dollars are rounded to a thousand-millionth."""
        return {**vars(self), "dollars": self.dollars.quantize(_NANODOLLAR)}

    @classmethod
    def from_row(cls, item: Mapping[str, Any] | None) -> Usage | None:
        """Read the map that `to_row` wrote; None of a row without one.

        Args:
            item: The row, with plain values.
        """
        if item is None:
            return None
        found = pick_fields(cls, item)
        return cls(**found | {"dollars": Decimal(found.get("dollars", 0))})


NO_USAGE = Usage()
