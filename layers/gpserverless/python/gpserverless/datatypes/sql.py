"""Where clauses as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.scalars import quoted
from gpserverless.errors import InvalidValue
from gpserverless.features.sql.expression import SqlExpression


@dataclass(frozen=True)
class GPSQLExpression(DataType):
    """A condition on fields, in Python a `SqlExpression`."""

    @property
    def name(self) -> str:
        """GPSQLExpression."""
        return "GPSQLExpression"

    @property
    def accepted(self) -> str:
        """A condition in standard SQL."""
        return "a condition such as \"POP > 1000 AND NAME LIKE 'A%'\""

    @property
    def is_separable(self) -> bool:
        """Never: a comma belongs to the condition."""
        return False

    def load(self, raw: JSON, reading: LoadOptions) -> SqlExpression:
        """Read a condition; only what `SqlExpression` understands passes."""
        if not isinstance(raw, str):
            raise InvalidValue(f"{quoted(raw)} is not a text", self.accepted)
        return SqlExpression(raw)

    def check_against(self, value: Any, source: Any) -> Any:
        """Return the condition if it fits the fields of the features it is for."""
        value.check(source)
        return value

    def dump(self, value: Any, writing: DumpOptions) -> str | None:
        """Write the condition as it was read."""
        if value is None:
            return None
        if not isinstance(value, SqlExpression):
            raise InvalidValue(f"{quoted(value)} is not a SqlExpression")
        return value.text

    def echo(self, raw: JSON) -> JSON:
        """Return the condition as it was sent."""
        return raw
